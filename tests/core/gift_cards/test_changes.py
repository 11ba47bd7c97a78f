"""What a file of gift cards means for the cards the till already has."""

import polars as pl
import pytest

from schemas.gift_cards import GIFT_CARDS
from schemas.records import ExistingCards
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.planning.changes import count_planned
from tests.tables import frame

ROWS = {"line": pl.UInt32, "number": pl.String, "currency": pl.String, "balance_cents": pl.Int64}
RECORDS = {"number": pl.String, "currency": pl.String, "balance_cents": pl.Int64, "status": pl.String}
SHOWN = ["number", "kind", "code", "balance_cents_before", "balance_cents_after"]

BEFORE = frame(
    """
    number | currency | balance_cents | status
    -------+----------+---------------+--------
    GC1    | EUR      |          5000 | ACTIVE
    GC2    | EUR      |          2500 | ACTIVE
    GC3    | EUR      |             0 | VOIDED
    GC4    | SEK      |          1000 | ACTIVE
    GC5    | EUR      |           700 | ACTIVE
    """,
    RECORDS,
)
FILE = frame(
    """
    line | number | currency | balance_cents
    -----+--------+----------+--------------
    2    | GC1    | EUR      |          5000
    3    | GC2    | EUR      |          4000
    4    | GC3    | EUR      |          1200
    5    | GC4    | EUR      |          1100
    6    | gc5    | EUR      |           700
    7    | GC9    | EUR      |          1500
    """,
    ROWS,
)


def decide(existing_cards: ExistingCards, added: list[str] | None = None) -> tuple[pl.DataFrame, int]:
    recorded = pl.Series(values=added or [], dtype=pl.String)
    return decide_changes(
        FILE, BEFORE, GIFT_CARDS.resource, existing_cards=existing_cards, reference="xmas", added=recorded
    )


def drawn(text: str) -> pl.DataFrame:
    return frame(text, dict(zip(SHOWN, [pl.String, pl.String, pl.String, pl.Int64, pl.Int64], strict=True)))


def with_blank_codes(shown: pl.DataFrame) -> pl.DataFrame:
    return shown.with_columns(pl.col("code").replace({"": "-"}))


def test_a_card_with_another_balance_is_held_by_default_because_it_may_have_been_spent():
    changes, unchanged = decide("hold")

    assert unchanged == 1
    assert with_blank_codes(changes.select(SHOWN)).equals(
        drawn("""
        number | kind   | code             | balance_cents_before | balance_cents_after
        GC2    | held   | GIFT_EXISTS_DIFF |                 2500 |                4000
        GC3    | held   | GIFT_VOIDED      |                    0 |                1200
        GC4    | held   | GIFT_CURRENCY    |                 1000 |                1100
        GC9    | create | -                |                 null |                1500
        gc5    | held   | GIFT_NUMBER_CASE |                  700 |                 700
        """)
    )


def test_set_makes_the_file_right_but_still_holds_what_is_doubtful():
    changes, unchanged = decide("set")

    assert unchanged == 1
    assert with_blank_codes(changes.select(SHOWN)).equals(
        drawn("""
        number | kind   | code             | balance_cents_before | balance_cents_after
        GC2    | update | -                |                 2500 |                4000
        GC3    | held   | GIFT_VOIDED      |                    0 |                1200
        GC4    | held   | GIFT_CURRENCY    |                 1000 |                1100
        GC9    | create | -                |                 null |                1500
        gc5    | held   | GIFT_NUMBER_CASE |                  700 |                 700
        """)
    )


def test_top_up_adds_to_what_is_there_and_an_equal_balance_is_no_reason_not_to():
    changes, unchanged = decide("top_up")

    assert unchanged == 0
    added = changes.filter(pl.col("operation") == "apply").select(
        "number", "kind", "balance_cents_after", "operation_id"
    )
    assert added.rows() == [
        ("GC1", "update", 10000, "xmas:gc1"),
        ("GC2", "update", 6500, "xmas:gc2"),
        ("GC9", "create", 1500, "xmas:gc9"),
    ]


def test_a_top_up_that_the_target_remembers_is_not_done_again():
    changes, unchanged = decide("top_up", added=["xmas:gc1", "xmas:gc9"])

    assert unchanged == 2
    assert changes.filter(pl.col("kind") != "held")["number"].to_list() == ["GC2"]


def test_operation_ids_do_not_depend_on_letter_case():
    assert operation_ids(FILE, "xmas").to_list()[4] == "xmas:gc5"


@pytest.mark.parametrize("existing_cards", ["hold", "set", "top_up"])
def test_every_accepted_row_is_counted_once(existing_cards):
    changes, unchanged = decide(existing_cards)
    counts = count_planned(changes, unchanged=unchanged)
    assert counts.created + counts.updated + counts.held + counts.unchanged == FILE.height
