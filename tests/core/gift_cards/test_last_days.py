"""Until when a gift card counts goes into a target that is told, and no plan without it is another for that."""

from datetime import date

import polars as pl
import pytest

from schemas.gift_cards import EXPIRING_CARDS, GIFT_CARDS, LIGHTSPEED_X
from schemas.records import ExistingCards
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.gift_cards.last_days import Expiry
from tasks.core.planning.plan_ids import plan_content, plan_id
from tasks.core.reading.table import read_table
from tests.core.planning.test_plan_ids import PLAN
from tests.registers import SIZES
from tests.tables import frame

NONE_ADDED = pl.Series(dtype=pl.String)
TODAY = date(2026, 11, 28)
THERE = frame(
    """
    number | currency | balance_cents | status | expires_on
    -------+----------+---------------+--------+-----------
    GC1    | EUR      |          1000 | ACTIVE | 2027-12-31
    GC2    | EUR      |          1000 | ACTIVE | null
    """,
    dict.fromkeys(("number", "currency", "status", "expires_on"), pl.String) | {"balance_cents": pl.Int64},
)


def check(content: str, expiry: Expiry = "written") -> Checked:
    table = read_table(content.encode(), name="cards.csv", dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=SIZES)
    return check_gift_cards(
        table,
        currency="EUR",
        exponent=2,
        format_choice=None,
        zero_balances="keep",
        today=TODAY,
        expiry=expiry,
    )


def decided(content: str, existing_cards: ExistingCards = "set") -> list[str]:
    """Say what a file asks of the cards that are there: ``GC1 update`` and, where held, why."""
    rows, resource = check(content).accepted, EXPIRING_CARDS.resource
    changes, unchanged = decide_changes(
        rows, THERE, resource, existing_cards=existing_cards, reference="xmas", added=NONE_ADDED
    )
    said = [" ".join(filter(None, row)) for row in changes.select("number", "kind", "code").iter_rows()]
    return [*said, *["unchanged"] * unchanged]


@pytest.mark.parametrize(
    ("cell", "expires_on"),
    [
        ("2027-12-31", "2027-12-31"),
        ("31/12/2027", "2027-12-31"),
        ("2027-12-31 23:59:59", "2027-12-31"),
        ("12/2027", "2027-12-31"),
        ("2026-11-28", "2026-11-28"),
    ],
)
def test_the_day_of_a_cell_is_what_the_target_is_told_and_nobody_is_asked(cell: str, expires_on: str) -> None:
    checked = check(f"Number,Balance,Expires\nGC1,1.00,{cell}\n")
    assert (checked.accepted["expires_on"].to_list(), checked.concerns) == ([expires_on], ())


@pytest.mark.parametrize("cell", ["01/02/2027", "soon", "44197"])
def test_a_day_that_may_be_another_is_turned_away(cell: str) -> None:
    checked = check(f"Number,Balance,Expires\nGC1,1.00,{cell}\n")
    assert checked.findings.select("line", "code").rows() == [(2, "GIFT_EXPIRY")]


def test_two_columns_that_say_different_days_turn_the_row_away() -> None:
    checked = check(
        "Number,Balance,Expires,Valid until\nGC1,1.00,2027-12-31,2028-12-31\nGC2,1.00,2027-12-31,2027-12-31\n"
    )
    assert (checked.rows.rejected, checked.accepted["number"].to_list()) == (1, ["GC2"])


def test_a_card_that_has_expired_is_turned_away_as_ever() -> None:
    assert check("Number,Balance,Expires\nGC1,1.00,2026-11-27\n").findings["code"].to_list() == ["GIFT_EXPIRED"]


@pytest.mark.parametrize(
    "content",
    ["Number,Balance\nGC1,1.00\n", "Number,Balance,Expires\nGC1,1.00,\n", "Number,Balance,Expires\nGC1,1.00,never\n"],
)
def test_a_file_that_says_of_no_card_until_when_it_counts_is_read_as_ever(content: str) -> None:
    assert check(content).accepted.equals(check(content, "looked at").accepted)
    assert "expires_on" not in check(content).accepted.columns


def test_a_target_that_is_not_told_leaves_the_day_to_a_person() -> None:
    checked = check("Number,Balance,Expires\nGC1,1.00,2027-12-31\n", "looked at")
    assert ("expires_on" in checked.accepted.columns, [each.code for each in checked.concerns]) == (
        False,
        ["GIFT_EXPIRES"],
    )


@pytest.mark.parametrize(
    ("row", "set_all", "top_up"),
    [
        ("GC9,5.00,2027-12-31", "GC9 create", "GC9 create"),
        ("GC1,10.00,2027-12-31", "unchanged", "GC1 update"),
        ("GC1,12.00,2027-12-31", "GC1 update", "GC1 update"),
        ("GC1,10.00,2028-12-31", "GC1 held GIFT_EXPIRES_OTHERWISE", "GC1 held GIFT_EXPIRES_OTHERWISE"),
        ("GC2,12.00,2028-12-31", "GC2 held GIFT_EXPIRES_OTHERWISE", "GC2 held GIFT_EXPIRES_OTHERWISE"),
    ],
)
def test_a_new_card_gets_its_day_and_one_that_is_there_keeps_its_own(row: str, set_all: str, top_up: str) -> None:
    content = f"Number,Balance,Expires\n{row}\n"
    assert (decided(content), decided(content, "top_up")) == ([set_all], [top_up])


def test_a_new_card_without_a_day_among_others_with_one_waits_for_a_person() -> None:
    content = "Number,Balance,Expires\nGC1,10.00,\nGC2,12.00,\nGC8,5.00,2027-12-31\nGC9,5.00,\n"
    assert decided(content) == ["GC2 update", "GC8 create", "GC9 held GIFT_EXPIRY_UNSAID", "unchanged"]


def test_a_file_without_days_is_the_plan_that_it_was_before_any_target_could_be_told() -> None:
    """The id is that which the release before gave: approvals of it hold."""

    def named(content: str, expiry: Expiry) -> str:
        rows = check(content, expiry).accepted
        changes, _ = decide_changes(
            rows, THERE.drop("expires_on"), GIFT_CARDS.resource, existing_cards="set", reference="", added=NONE_ADDED
        )
        return plan_id(plan_content(PLAN), changes)

    plain, blank = "Number,Balance\nGC1,5.00\nGC9,4.00\n", "Number,Balance,Expires\nGC1,5.00,\nGC9,4.00,never\n"
    ids = {named(content, expiry) for content in (plain, blank) for expiry in ("written", "looked at")}
    assert ids == {"1d38240457d94afd"}
