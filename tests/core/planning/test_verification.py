"""Whether what was read back is what the receipt says was done."""

import polars as pl

from schemas.gift_cards import GIFT_CARDS
from schemas.records import Total
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.planning.changes import writable
from tasks.core.planning.verification import find_discrepancies
from tests.core.planning.test_inverse_changes import NOTHING, file_rows, records

CARDS = GIFT_CARDS.resource
EXPECTED = (Total(currency="EUR", count=2, sum_cents=900),)


def touched(**outcomes: str) -> pl.DataFrame:
    changes, _ = decide_changes(
        file_rows({"GC1": 500, "GC2": 400}),
        records({"GC1": (100, "ACTIVE")}),
        CARDS,
        existing_cards="set",
        reference="",
        added=NOTHING,
    )
    return writable(changes).with_columns(outcome=pl.col("number").replace_strict(outcomes))


def found(now: dict[str, tuple[int, str]], after: tuple[Total, ...] = EXPECTED, **outcomes: str) -> tuple[str, ...]:
    return find_discrepancies(touched(**outcomes), records(now), CARDS, expected=EXPECTED, after=after)


def test_a_read_back_as_the_receipt_says_is_silent():
    assert found({"GC1": (500, "ACTIVE"), "GC2": (400, "ACTIVE")}, GC1="written", GC2="done") == ()


def test_a_written_record_that_does_not_hold_what_was_written_is_told():
    (discrepancy,) = found({"GC1": (480, "ACTIVE"), "GC2": (400, "ACTIVE")}, GC1="written", GC2="written")
    assert discrepancy.startswith("1 written record does not hold what was written: changed by someone")


def test_a_conflict_is_no_discrepancy():
    assert found({"GC1": (480, "ACTIVE"), "GC2": (400, "ACTIVE")}, GC1="conflict", GC2="written") == ()


def test_totals_that_are_not_as_expected_are_told():
    other = (Total(currency="EUR", count=2, sum_cents=901),)
    (discrepancy,) = found({"GC1": (500, "ACTIVE"), "GC2": (400, "ACTIVE")}, after=other, GC1="written", GC2="written")
    assert discrepancy.startswith("The EUR control totals differ")


def test_a_currency_without_cards_is_as_good_as_none():
    none_left = (*EXPECTED, Total(currency="SEK", count=0, sum_cents=0))
    assert found({"GC1": (500, "ACTIVE"), "GC2": (400, "ACTIVE")}, after=none_left, GC1="written", GC2="written") == ()
