"""Properties of plan, settle and restore: there and back is where you started."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.gift_cards import GIFT_CARDS
from schemas.records import Total
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.planning.changes import all_equal, count_done, count_planned, writable
from tasks.core.planning.control_totals import expect_totals
from tasks.core.planning.inverse_changes import chain_changes, hold_final, invert, list_conflicts
from tasks.core.planning.settlement import is_remainder, settle, without_removed

CARDS = GIFT_CARDS.resource
NUMBERS = st.integers(1, 12).map(lambda n: f"GC{n}")
CENTS = st.integers(0, 500)
STATUSES = st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "VOIDED"])
NOTHING = pl.Series(dtype=pl.String)


def records(cards: dict[str, tuple[int, str]]) -> pl.DataFrame:
    rows = [(number, "EUR", cents, status) for number, (cents, status) in cards.items()]
    schema = {"number": pl.String, "currency": pl.String, "balance_cents": pl.Int64, "status": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("number")


def totals(live: pl.DataFrame) -> tuple[Total, ...]:
    """Add cards up as the till would."""
    cents = live["balance_cents"].to_list()
    return (Total(currency="EUR", count=len(cents), sum_cents=sum(cents)),) if cents else ()


def file_rows(cards: dict[str, int]) -> pl.DataFrame:
    rows = [(line, number, "EUR", cents) for line, (number, cents) in enumerate(cards.items(), start=2)]
    schema = {"line": pl.UInt32, "number": pl.String, "currency": pl.String, "balance_cents": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


registers = st.dictionaries(NUMBERS, st.tuples(CENTS, STATUSES), max_size=10).map(records)
files = st.dictionaries(NUMBERS, CENTS, max_size=10).map(file_rows)
policies = st.sampled_from(["hold", "set", "top_up"])


def plan(rows: pl.DataFrame, before: pl.DataFrame, policy: str) -> tuple[pl.DataFrame, int]:
    return decide_changes(rows, before, CARDS, existing_cards=policy, reference="r", added=NOTHING)


def applied(changes: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """The obvious way to apply changes: take the touched records out, put the wanted ones in."""
    written = writable(changes)
    kept = register.join(written, on="number", how="anti")
    wanted = written.filter(pl.col("kind") != "remove").select(
        "number", *[pl.col(f"{column}_after").alias(column) for column in CARDS.columns]
    )
    return pl.concat([kept, wanted]).sort("number")


@given(registers)
def test_nothing_differs_from_itself(register):
    itself = register.filter(pl.col("status") == "ACTIVE").select(
        pl.row_index("line").cast(pl.UInt32) + 1, "number", "currency", "balance_cents"
    )
    changes, unchanged = plan(itself, register, "set")
    assert (changes.height, unchanged) == (0, itself.height)


@given(files, registers)
def test_before_and_plan_make_after(rows, register):
    changes, _ = plan(rows, register, "set")
    after = applied(changes, register)

    held = changes.filter(pl.col("kind") == "held")["number"]
    wanted = rows.filter(~pl.col("number").is_in(held.implode())).select("number", "currency", "balance_cents")
    assert wanted.join(after, on=wanted.columns, how="anti").is_empty()
    others = register.join(rows, on="number", how="anti")
    assert others.join(after, on=others.columns, how="anti").is_empty()
    assert after.height == register.height + changes.filter(pl.col("kind") == "create").height


@given(files, registers, policies)
def test_there_and_back_is_where_you_started(rows, register, policy):
    changes, _ = plan(rows, register, policy)
    after = applied(changes, register)
    back, untouched = invert(writable(changes), after, CARDS)

    assert untouched == 0
    assert applied(back, after).equals(register)


@given(files, registers)
def test_a_record_that_another_run_made_again_is_left_alone(rows, register):
    changes = writable(plan(rows, register, "set")[0])
    after = applied(changes, register)
    made = pl.when(pl.col("kind") == "create").then(pl.lit("5")).otherwise(pl.lit("")).alias("written_since")

    back, _ = invert(changes.with_columns(made), after, CARDS)

    assert back.filter(kind="remove").is_empty()
    left = back.filter(kind="conflict").select("code", "detail").unique().rows()
    assert left in ([], [("RESTORE_WRITTEN_SINCE", "run 5")])


@given(files, registers, registers)
def test_only_a_record_that_stays_is_listed_as_another_runs(rows, register, meanwhile):
    changes = writable(plan(rows, register, "set")[0]).with_columns(written_since=pl.lit("5"))
    edited = pl.concat([applied(changes, register), meanwhile]).unique("number", keep="last").sort("number")

    back, _ = invert(changes, edited, CARDS)
    listed = list_conflicts(changes, edited, CARDS)

    stays = back.filter(kind="conflict")["number"].sort()
    assert listed.filter(column="")["number"].sort().equals(stays)


def test_a_cell_that_goes_back_is_no_conflict_where_a_later_run_wrote_another_cell():
    """Create, change the balance, change the status; undo the second."""
    card = {"currency_before": "EUR", "currency_after": "EUR", "status_before": "ACTIVE", "status_after": "ACTIVE"}
    second = pl.DataFrame(
        [{"line": 2, "kind": "update", "code": "", "number": "GC1", **card, "balance_cents_before": 10}],
        schema_overrides={"line": pl.UInt32},
    ).with_columns(
        balance_cents_after=pl.lit(20),
        operation_id=pl.lit(None, pl.String),
        operation=pl.lit(None, pl.String),
        written_since=pl.lit("third"),
    )
    now = records({"GC1": (20, "VOIDED")})

    back, _ = invert(second, now, CARDS)

    assert back.select("kind", "balance_cents_after", "status_after").rows() == [("update", 10, "VOIDED")]
    assert list_conflicts(second, now, CARDS).is_empty()


@given(files, registers, policies)
def test_a_restore_can_itself_be_restored(rows, register, policy):
    changes, _ = plan(rows, register, policy)
    after = applied(changes, register)
    back, _ = invert(writable(changes), after, CARDS)
    again, _ = invert(writable(back), register, CARDS)

    assert applied(again, register).equals(after)
    assert again.drop("line").equals(
        writable(changes).drop("line", "code").with_columns(code=pl.lit("")).select(again.columns[1:])
    )


@given(files, registers)
def test_settling_twice_is_settling_once(rows, register):
    changes = writable(plan(rows, register, "set")[0])
    assert set(settle(changes, register, CARDS)) <= {"write"}
    after = applied(changes, register)
    assert set(settle(changes, after, CARDS)) <= {"done"}


@given(files, registers, registers)
def test_a_restore_never_touches_what_someone_else_edited(rows, register, meanwhile):
    changes = writable(plan(rows, register, "set")[0])
    after = applied(changes, register)
    edited = pl.concat([after, meanwhile]).unique("number", keep="last").sort("number")
    back, unchanged = invert(changes, edited, CARDS)
    restored = applied(back, edited)

    beside = edited.join(changes, on="number").join(restored, on="number", how="left", suffix="_restored")
    for column in CARDS.columns:
        moved = beside.filter(pl.col(column).ne_missing(pl.col(f"{column}_after")))
        assert moved[column].to_list() == moved[f"{column}_restored"].to_list()
    assert back.height + unchanged == changes.height


@given(files, registers, registers)
def test_the_conflict_file_names_exactly_the_cells_that_are_neither_ours_nor_as_before(rows, register, meanwhile):
    changes = writable(plan(rows, register, "set")[0])
    edited = pl.concat([applied(changes, register), meanwhile]).unique("number", keep="last")
    conflicts = list_conflicts(changes, edited, CARDS)
    for number, column, before, ours, now in conflicts.iter_rows():
        assert now not in (before, ours), (number, column)


@given(files, registers, policies)
def test_expected_totals_are_the_totals_of_after(rows, register, policy):
    changes, _ = plan(rows, register, policy)
    live = register.filter(pl.col("status") == "ACTIVE")
    after = applied(changes, register).filter(pl.col("status") == "ACTIVE")
    expected = expect_totals(totals(live), writable(changes), CARDS)
    assert [t for t in expected if t.count] == list(totals(after))


@given(files, registers, policies, st.data())
def test_every_accepted_row_is_counted_once_whatever_became_of_it(rows, register, policy, data):
    changes, unchanged = plan(rows, register, policy)
    fates = st.sampled_from(["written", "done", "conflict", "refused", "unknown"])
    outcomes = [data.draw(fates) if kind != "held" else "" for kind in changes["kind"]]
    counts = count_done(changes.with_columns(outcome=pl.Series(outcomes, dtype=pl.String)), unchanged=unchanged)
    assert sum(vars(counts).values()) == rows.height
    assert sum(vars(count_planned(changes, unchanged=unchanged)).values()) == rows.height


@given(files, registers, st.integers(0, 10))
def test_what_is_left_of_an_approved_plan_is_its_remainder(rows, register, written):
    approved = writable(plan(rows, register, "set")[0])
    halfway = applied(approved.head(written), register)
    left = writable(plan(rows, halfway, "set")[0])
    assert is_remainder(left, approved)
    assert left.height == max(approved.height - written, 0)


def test_a_change_nobody_looked_at_is_no_remainder():
    approved = writable(plan(file_rows({"GC1": 500}), records({"GC1": (100, "ACTIVE")}), "set")[0])
    drifted = writable(plan(file_rows({"GC1": 500}), records({"GC1": (90, "ACTIVE")}), "set")[0])
    assert not is_remainder(drifted, approved)


def test_a_plan_that_says_more_of_each_record_is_no_remainder_of_one_that_did_not():
    approved = writable(plan(file_rows({"GC1": 500}), records({"GC1": (100, "ACTIVE")}), "set")[0])
    days = {f"expires_on_{side}": pl.lit("2030-12-31") for side in ("before", "after")}
    assert not is_remainder(approved.with_columns(**days), approved)


def test_attempts_of_which_one_says_more_are_undone_by_what_both_say():
    first = writable(plan(file_rows({"GC1": 500}), records({"GC1": (100, "ACTIVE")}), "set")[0])
    second = writable(plan(file_rows({"GC1": 700}), records({"GC1": (500, "ACTIVE")}), "set")[0])
    days = {f"expires_on_{side}": pl.lit("2030-12-31") for side in ("before", "after")}
    for attempts in ([first, second.with_columns(**days)], [first.with_columns(**days), second]):
        chained = chain_changes(attempts, CARDS)
        assert chained.select("balance_cents_before", "balance_cents_after").rows() == [(100, 700)]


def test_two_attempts_of_one_run_are_undone_as_one():
    first = writable(plan(file_rows({"GC1": 500, "GC2": 100}), records({"GC1": (100, "ACTIVE")}), "set")[0])
    second = writable(plan(file_rows({"GC1": 700}), records({"GC1": (500, "ACTIVE")}), "set")[0])
    chained = chain_changes([first, second], CARDS)
    assert chained.select("number", "kind", "balance_cents_before", "balance_cents_after").rows() == [
        ("GC1", "update", 100, 700),
        ("GC2", "create", None, 100),
    ]


def test_what_someone_did_between_two_attempts_is_not_undone_with_them():
    first = writable(plan(file_rows({"GC1": 500}), records({"GC1": (100, "ACTIVE")}), "set")[0])
    second = writable(plan(file_rows({"GC1": 500}), records({"GC1": (30, "ACTIVE")}), "set")[0])
    chained = chain_changes([first, second], CARDS)
    assert chained.select("balance_cents_before", "balance_cents_after").rows() == [(30, 500)]


def test_equality_of_sides_takes_null_for_null():
    pair = pl.DataFrame({f"{c}_{s}": [None] for c in CARDS.columns for s in ("before", "after")})
    assert pair.select(all_equal(CARDS, "_before", "_after")).item()


VOIDED_CARD = records({"GC1": (0, "VOIDED")})


def test_a_card_that_its_system_shows_as_voided_counts_as_gone():
    assert without_removed(VOIDED_CARD, CARDS, "VOIDED").is_empty()
    assert without_removed(VOIDED_CARD, CARDS, "").equals(VOIDED_CARD)


def test_nothing_brings_back_a_card_that_its_system_keeps_as_voided():
    removed = invert(
        writable(plan(file_rows({"GC1": 500}), VOIDED_CARD.clear(), "set")[0]), records({"GC1": (500, "ACTIVE")}), CARDS
    )[0]
    there = without_removed(VOIDED_CARD, CARDS, "VOIDED")

    back, _ = invert(removed, there, CARDS)

    assert back["kind"].to_list() == ["create"], "where records can be made anew"
    assert hold_final(back, VOIDED_CARD, CARDS).select("kind", "code").rows() == [("held", "RESTORE_ONE_WAY")]
    assert hold_final(back, there, CARDS).equals(back)
