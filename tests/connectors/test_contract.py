"""What every target must do that knows which change of a record was ours."""

import polars as pl
import pytest

from infra.connectors import Connector, ReadsInParts
from schemas.problems import Bug, Refused
from schemas.records import Total
from tests.connectors.drawn import CARDS, batch, changes, fill, held, write

THREE = """
    number | card
    -------+------------------
    GC1    | EUR 1000 ACTIVE
    gc2    | EUR 2000 ACTIVE
    00042  | EUR 9007199254740993 ACTIVE
"""


def test_an_empty_target_holds_nothing(target: Connector) -> None:
    assert held(target) == []
    assert held(target, "GC1") == []
    assert target.totals(CARDS) == ()


def test_all_records_are_read_with_exact_types(target: Connector) -> None:
    fill(target, THREE)

    read = target.read(CARDS, None)

    assert read.schema == {"number": pl.String, "currency": pl.String, "balance_cents": pl.Int64, "status": pl.String}
    assert held(target) == ["00042 EUR 9007199254740993 ACTIVE", "GC1 EUR 1000 ACTIVE", "gc2 EUR 2000 ACTIVE"]


def test_currencies_and_statuses_are_kept_apart_to_the_letter(own_target: Connector) -> None:
    fill(own_target, "number | card\n1 | SEK 9007199254740993 VOIDED\n2 | EUR 1 EXPIRED")

    assert held(own_target) == ["1 SEK 9007199254740993 VOIDED", "2 EUR 1 EXPIRED"]


def test_many_records_are_read_in_parts_where_the_target_can(
    target: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.databases.bulk.PAGE_ROWS", 50)
    monkeypatch.setattr("infra.databases.bulk.PAGE_BLOCKS", 1)
    monkeypatch.setattr("infra.connectors.own_database.reading.PART_ROWS", 50)
    expect_parts(target, cards=200)


@pytest.mark.slow
def test_more_records_than_fit_in_one_part_are_read_in_parts(target: Connector) -> None:
    expect_parts(target, cards=150_000)


def expect_parts(target: Connector, cards: int) -> None:
    if not isinstance(target, ReadsInParts):
        pytest.skip("It holds no more than fits in memory.")
    assert pl.concat(target.read_parts(CARDS)).equals(target.read(CARDS, None))
    fill(target, "number | card\n" + "\n".join(f"GC{n} | EUR {n} ACTIVE" for n in range(cards)))

    parts = [part for part in target.read_parts(CARDS) if part.height]

    assert len(parts) > 1
    assert pl.concat(parts).sort("number").equals(target.read(CARDS, None).sort("number"))


def test_keys_are_found_in_any_letter_case_and_once(target: Connector) -> None:
    fill(target, THREE)

    assert held(target, "gc1", "GC1", "GC2", "nobody") == ["GC1 EUR 1000 ACTIVE", "gc2 EUR 2000 ACTIVE"]


def test_few_keys_of_many_records_are_looked_up(target: Connector) -> None:
    fill(target, "number | card\n" + "\n".join(f"GC{n} | EUR {n} ACTIVE" for n in range(120)))

    assert held(target, "nobody", "no one") == []
    assert held(target, "gc7", "gc119") == ["GC119 EUR 119 ACTIVE", "GC7 EUR 7 ACTIVE"]


@pytest.mark.parametrize("key", ['a"b', "a,b", "a\\b", "\\N", "x'y", "é", "a\tb", " ", "null", "a\nb"])
def test_a_key_of_any_characters_survives(own_target: Connector, key: str) -> None:
    drawn = changes("kind | number | before | after\ncreate | x | null | EUR 1 ACTIVE")

    own_target.write(CARDS, drawn.with_columns(pl.lit(key).alias("number")), batch())

    assert own_target.read(CARDS, pl.Series([key])).rows() == [(key, "EUR", 1, "ACTIVE")]
    assert own_target.read(CARDS, None).rows() == [(key, "EUR", 1, "ACTIVE")]


def test_creates_updates_and_removes_are_written(target: Connector) -> None:
    fill(target, THREE)

    outcomes = write(
        target,
        """
        kind   | number | before          | after
        create | GC9    | null            | EUR 500 ACTIVE
        update | GC1    | EUR 1000 ACTIVE | EUR 700 ACTIVE
        remove | gc2    | EUR 2000 ACTIVE | null
        """,
    )

    assert outcomes == ["written", "written", "written"]
    assert held(target) == ["00042 EUR 9007199254740993 ACTIVE", "GC1 EUR 700 ACTIVE", "GC9 EUR 500 ACTIVE"]


def test_what_someone_else_moved_is_a_conflict_and_stays(target: Connector) -> None:
    fill(target, THREE)
    before = held(target)

    outcomes = write(
        target,
        """
        kind   | number | before           | after
        create | gc1    | null             | EUR 500 ACTIVE
        update | GC2    | EUR 1999 ACTIVE  | EUR 1 ACTIVE
        update | nobody | EUR 1 ACTIVE     | EUR 2 ACTIVE
        remove | 00042  | EUR 1 ACTIVE     | null
        """,
    )

    assert outcomes == ["conflict"] * 4
    assert held(target) == before


@pytest.mark.parametrize("now", ["SEK 1000 ACTIVE", "EUR 1001 ACTIVE", "EUR 1000 VOIDED"])
@pytest.mark.parametrize("kind", ["update", "remove"])
def test_one_moved_column_is_enough_for_a_conflict(own_target: Connector, kind: str, now: str) -> None:
    fill(own_target, f"number | card\nGC1 | {now}")
    after = "null" if kind == "remove" else "EUR 5 ACTIVE"

    assert write(own_target, f"kind | number | before | after\n{kind} | GC1 | EUR 1000 ACTIVE | {after}") == [
        "conflict"
    ]
    assert held(own_target) == [f"GC1 {now}"]


def test_what_is_already_as_wanted_is_unchanged(target: Connector) -> None:
    fill(target, THREE)
    before = held(target)

    outcomes = write(
        target,
        """
        kind   | number | before       | after
        create | gc1    | null         | EUR 1000 ACTIVE
        update | gc2    | EUR 1 ACTIVE | EUR 2000 ACTIVE
        remove | nobody | EUR 1 ACTIVE | null
        """,
    )

    assert outcomes == ["unchanged"] * 3
    assert held(target) == before


def test_good_changes_beside_a_conflict_are_written(target: Connector) -> None:
    fill(target, THREE)

    outcomes = write(
        target,
        """
        kind   | number | before          | after
        create | GC9    | null            | EUR 500 ACTIVE
        update | GC1    | EUR 1 ACTIVE    | EUR 700 ACTIVE
        update | gc2    | EUR 2000 ACTIVE | EUR 700 ACTIVE
        create | 00042  | null            | EUR 1000 ACTIVE
        """,
    )

    assert outcomes == ["written", "conflict", "written", "conflict"]
    assert held(target, "GC9", "GC1", "GC2") == ["GC1 EUR 1000 ACTIVE", "GC9 EUR 500 ACTIVE", "gc2 EUR 700 ACTIVE"]


def test_an_update_leaves_the_spelling_of_the_key(target: Connector) -> None:
    fill(target, THREE)

    assert write(target, "kind | number | before | after\nupdate | gC1 | EUR 1000 ACTIVE | EUR 1 ACTIVE") == ["written"]

    assert held(target, "gc1") == ["GC1 EUR 1 ACTIVE"]


BOTH = """
    kind   | number | before          | after
    create | GC9    | null            | EUR 500 ACTIVE
    update | GC1    | EUR 9999 ACTIVE | EUR 700 ACTIVE
"""


def test_the_same_batch_twice_is_written_once_and_answers_the_same(target: Connector) -> None:
    fill(target, THREE)
    name = batch()
    first = target.write(CARDS, changes(BOTH), name).to_list()
    write(target, "kind | number | before | after\nremove | GC9 | EUR 500 ACTIVE | null")

    again = target.write(CARDS, changes(BOTH), name).to_list()

    assert (first, again) == (["written", "conflict"], ["done", "conflict"])
    assert held(target, "GC9") == []


def test_the_same_plan_in_a_later_run_is_written_again(own_target: Connector) -> None:
    one = changes("kind | number | before | after\ncreate | GC9 | null | EUR 500 ACTIVE")
    own_target.write(CARDS, one, batch("first", 1))
    write(own_target, "kind | number | before | after\nremove | GC9 | EUR 500 ACTIVE | null")

    assert own_target.write(CARDS, one, batch("second", 1)).to_list() == ["written"]
    assert held(own_target) == ["GC9 EUR 500 ACTIVE"]


def test_a_batch_that_grew_since_is_refused(target: Connector) -> None:
    name = batch()
    target.write(CARDS, changes(BOTH).head(1), name)

    with pytest.raises(Refused, match=r"was written before"):
        target.write(CARDS, changes(BOTH), name)


def test_two_changes_to_one_record_are_never_written(target: Connector) -> None:
    fill(target, THREE)
    before = held(target)

    with pytest.raises(Bug, match="1 records have more than one change"):
        write(
            target,
            """
            kind   | number | before          | after
            update | GC1    | EUR 1000 ACTIVE | EUR 1 ACTIVE
            update | gc1    | EUR 1000 ACTIVE | EUR 2 ACTIVE
            """,
        )
    assert held(target) == before


def test_a_batch_of_nothing_is_nothing(target: Connector) -> None:
    outcomes = target.write(CARDS, changes(BOTH).clear(), batch())

    assert (outcomes.to_list(), outcomes.dtype) == ([], pl.String)


ADD = """
    kind   | number | before          | after           | operation_id | operation
    update | GC1    | EUR 1000 ACTIVE | EUR 1500 ACTIVE | file:gc1     | apply
    create | GC9    | null            | EUR 500 ACTIVE  | file:gc9     | apply
"""
TAKE_BACK = """
    kind   | number | before          | after           | operation_id | operation
    update | GC1    | EUR 1500 ACTIVE | EUR 1000 ACTIVE | file:gc1     | reverse
    remove | GC9    | EUR 500 ACTIVE  | null            | file:gc9     | reverse
"""


@pytest.fixture
def adding(target: Connector) -> Connector:
    """A target that remembers additions; the others refuse to top up before anything is written."""
    if not target.can.operation_ids:
        pytest.skip("It remembers no additions.")
    return target


@pytest.fixture
def own_adding(own_target: Connector) -> Connector:
    """One of our own shape."""
    if not own_target.can.operation_ids:
        pytest.skip("It remembers no additions.")
    return own_target


def recorded(target: Connector) -> list[tuple[str, str]]:
    return sorted(target.operations(pl.Series(["file:gc1", "file:gc9", "other"])).rows())


def test_an_addition_is_recorded_with_its_write(adding: Connector) -> None:
    fill(adding, THREE)
    assert recorded(adding) == []

    assert write(adding, ADD) == ["written", "written"]

    assert recorded(adding) == [("file:gc1", "applied"), ("file:gc9", "applied")]
    assert held(adding, "gc1", "gc9") == ["GC1 EUR 1500 ACTIVE", "GC9 EUR 500 ACTIVE"]


def test_an_addition_happens_once_even_where_it_would_fit_again(adding: Connector) -> None:
    fill(adding, THREE)
    write(adding, ADD)
    write(adding, "kind | number | before | after\nupdate | GC1 | EUR 1500 ACTIVE | EUR 1000 ACTIVE")

    assert write(adding, ADD) == ["unchanged", "unchanged"]
    assert held(adding, "gc1") == ["GC1 EUR 1000 ACTIVE"]


def test_an_addition_is_not_done_because_someone_else_paid_in_as_much(adding: Connector) -> None:
    fill(adding, THREE)
    write(adding, "kind | number | before | after\nupdate | GC1 | EUR 1000 ACTIVE | EUR 1500 ACTIVE")

    assert write(adding, ADD) == ["conflict", "written"]
    assert recorded(adding) == [("file:gc9", "applied")]


def test_an_addition_in_conflict_is_not_recorded(adding: Connector) -> None:
    fill(adding, THREE.replace("1000", "1001"))

    assert write(adding, ADD) == ["conflict", "written"]
    assert recorded(adding) == [("file:gc9", "applied")]


def test_a_reversed_addition_is_reversed_once_and_may_be_added_again(own_adding: Connector) -> None:
    fill(own_adding, THREE)
    write(own_adding, ADD)

    assert write(own_adding, TAKE_BACK) == ["written", "written"]
    assert recorded(own_adding) == [("file:gc1", "reversed"), ("file:gc9", "reversed")]
    assert write(own_adding, TAKE_BACK) == ["unchanged", "unchanged"]
    assert held(own_adding, "gc1", "gc9") == ["GC1 EUR 1000 ACTIVE"]
    assert write(own_adding, ADD) == ["written", "written"]
    assert recorded(own_adding) == [("file:gc1", "applied"), ("file:gc9", "applied")]


def test_totals_count_live_records_by_currency(own_target: Connector) -> None:
    fill(
        own_target,
        """
        number | card
        A      | SEK 300 ACTIVE
        B      | EUR 1 ACTIVE
        C      | EUR 9007199254740993 ACTIVE
        D      | EUR 5000 VOIDED
        E      | NOK 1 EXPIRED
        """,
    )

    assert own_target.totals(CARDS) == (
        Total(currency="EUR", count=2, sum_cents=9007199254740994),
        Total(currency="SEK", count=1, sum_cents=300),
    )


def test_no_operations_are_asked_for(target: Connector) -> None:
    found = target.operations(pl.Series([], dtype=pl.String))

    assert (found.rows(), found.columns) == ([], ["operation_id", "state"])


def test_the_target_itself_remembers_what_a_batch_did(target: Connector) -> None:
    fill(target, THREE)
    drawn = changes(
        """
        kind   | number | before          | after
        update | GC1    | EUR 1000 ACTIVE | EUR 900 ACTIVE
        update | gc2    | EUR 1999 ACTIVE | EUR 900 ACTIVE
        create | GC3    | null            | EUR 500 ACTIVE
        update | 00042  | EUR 1 ACTIVE    | EUR 9007199254740993 ACTIVE
        """
    )
    landed, other = batch(), batch()
    first = target.write(CARDS, drawn, landed).to_list()

    remembered = target.outcomes(landed)
    assert remembered is not None
    assert first == ["written", "conflict", "written", "unchanged"]
    assert remembered.to_list() == target.write(CARDS, drawn, landed).to_list()
    assert remembered.to_list() == ["done", "conflict", "done", "unchanged"]
    assert target.outcomes(other) is None
