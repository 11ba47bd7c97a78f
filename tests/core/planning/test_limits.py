"""When a plan is too big to go through without a person."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import Limits
from schemas.gift_cards import GIFT_CARDS
from schemas.orders.records import ORDERS
from schemas.records import Total, Totals
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.planning.changes import writable
from tasks.core.planning.chosen_lines import hold_other_lines
from tasks.core.planning.limits import needs_second_person, raise_concerns
from tests.core.planning.test_inverse_changes import NOTHING, file_rows, records

LIMITS = Limits(
    changed_share=0.20,
    changed_rows_floor=3,
    changed_rows=5,
    added=1_000,
    amount=500,
    noun="card",
    amount_code="LIMIT_CARD",
)


def totals(*, held: int = 100, held_sum: int = 100_000, file: int = 0, file_sum: int = 0) -> Totals:
    return Totals(
        before=(Total(currency="EUR", count=held, sum_cents=held_sum),),
        file=(Total(currency="EUR", count=file, sum_cents=file_sum),) if file else (),
    )


def changes(file: dict[str, int], held: dict[str, int] | None = None) -> pl.DataFrame:
    register = records({number: (cents, "ACTIVE") for number, cents in (held or {}).items()})
    decided, _ = decide_changes(
        file_rows(file), register, GIFT_CARDS.resource, existing_cards="set", reference="", added=NOTHING
    )
    return writable(decided)


def concerns(changed: pl.DataFrame, limits: Limits = LIMITS, **kwargs: int) -> dict[str, str]:
    raised = raise_concerns(changed, GIFT_CARDS.resource, limits, totals(**kwargs), exponent=2)
    return {concern.code: concern.override for concern in raised}


def new_cards(count: int, cents: int = 100) -> pl.DataFrame:
    return changes({f"GC{n}": cents for n in range(count)})


def test_a_small_plan_raises_nothing():
    assert concerns(new_cards(5)) == {}


def test_too_many_changed_rows_name_the_smallest_number_that_lets_them_pass():
    assert concerns(new_cards(6)) == {"LIMIT_CHANGED_ROWS": "max_changed_rows=6"}
    assert concerns(new_cards(6), LIMITS.raised(rows=6)) == {}


def test_the_share_is_of_existing_cards_and_a_small_register_is_not_blocked():
    held = {f"GC{n}": 100 for n in range(4)}
    three = changes({f"GC{n}": 200 for n in range(3)}, held)
    two = changes({f"GC{n}": 200 for n in range(2)}, held)
    assert concerns(three, held=4) == {"LIMIT_CHANGED_SHARE": "max_changed_percent=75"}
    assert concerns(three, LIMITS.raised(percent=75), held=4) == {}
    assert concerns(two, held=4) == {}


def test_new_cards_are_no_share_of_existing_ones():
    assert concerns(new_cards(5), held=5) == {}


def test_the_money_added_in_all_is_limited_and_the_override_is_rounded_up():
    assert concerns(new_cards(3, 400_01)) == {"LIMIT_ADDED": "max_added=1201"}
    assert concerns(new_cards(3, 400_01), LIMITS.raised(added=1201)) == {}


def test_one_card_worth_too_much_is_a_concern_unless_its_balance_shrinks():
    assert concerns(changes({"GC1": 500_01})) == {"LIMIT_CARD": "max_amount=501"}
    assert concerns(changes({"GC1": 500_01}), LIMITS.raised(amount=501)) == {}
    assert concerns(changes({"GC1": 500_01}, {"GC1": 600_00})) == {}


@pytest.mark.parametrize(
    ("file_sum", "smells"),
    [(100_00, False), (4_900_00, False), (10_000_00, True), (1_00, True), (20_000_00, True), (21_000_00, False)],
)
def test_cents_taken_for_units_smell_by_the_ratio_of_the_means(file_sum, smells):
    found = concerns(new_cards(1), held=10, held_sum=100_00, file=10, file_sum=file_sum)
    assert ("SCALE_SUSPECT" in found) == smells


def test_a_handful_of_cards_is_too_few_to_compare():
    assert concerns(new_cards(1), held=4, held_sum=100_00, file=4, file_sum=10_000_00) == {}


def test_no_concern_names_a_card_number():
    raised = raise_concerns(new_cards(9, 900_00), GIFT_CARDS.resource, LIMITS, totals(), exponent=2)
    assert raised and not any("GC" in concern.says for concern in raised)


def test_of_records_that_the_target_does_not_count_as_many_exist_as_change():
    """180 sales are closed; a restore of these and of 11 that are parked is one of 191, not of 180."""
    states = ["closed"] * 180 + ["parked"] * 11
    changed = pl.DataFrame({"kind": ["update"] * 191, "state_before": states})
    amounts = {f"total_cents_{side}": pl.lit(0) for side in ("before", "after")}
    changed = changed.with_columns(currency_before=pl.lit("EUR"), currency_after=pl.lit("EUR"), **amounts)
    (concern,) = raise_concerns(changed, ORDERS.resource, ORDERS.limits, totals(held=180), exponent=2)
    assert concern.says == "191 of 191 existing records would change (100 %), more than the usual 20%"


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=12),
    st.integers(0, 3_000),
    st.data(),
)
def test_however_a_file_is_cut_each_part_needs_somebody_else_where_the_whole_does(cards, above, data):
    drawn = [(f"GC{n}", before, after) for n, (before, after) in enumerate(cards)]
    whole = changes({number: after for number, _, after in drawn}, {number: before for number, before, _ in drawn})
    moved = sum(abs(after - before) for _, before, after in drawn)
    written = pl.DataFrame(schema=whole.schema)
    lines = data.draw(st.permutations(whole["line"].to_list()))
    while lines:
        part = [lines.pop() for _ in range(data.draw(st.integers(1, len(lines))))]
        left = whole.join(written, on="line", how="anti")
        cut = hold_other_lines(left, ", ".join(map(str, part)))
        asked = needs_second_person(cut, GIFT_CARDS.resource, above, exponent=0, other_parts=[written])
        assert [each.about for each in asked] == ([("EUR",)] if moved > above else [])
        written = pl.concat([written, writable(cut)])
