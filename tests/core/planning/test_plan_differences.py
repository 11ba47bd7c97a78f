"""What moved since people looked at a plan is told by name, and never by value."""

import polars as pl
import pytest

from schemas.customers import CUSTOMERS
from schemas.gift_cards import GIFT_CARDS
from tasks.core.planning.plan_differences import same_records, what_moved
from tests.core.planning.test_plan_ids import changes

CARDS = GIFT_CARDS.resource
BEFORE = {"GC7700411": (2000, "ACTIVE"), "GC7700412": (3000, "ACTIVE")}
ASKED = {"GC7700411": 500, "GC7700412": 400}


def planned(asked=ASKED, **moved):
    return changes(asked, before=BEFORE | moved)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (planned(GC7700411=(1500, "ACTIVE")), ("…411 (Balance) moved in the target meanwhile",)),
        (planned(GC7700411=(2000, "LOCKED")), ("…411 would be held now, for it moved in the target meanwhile",)),
        (planned({**ASKED, "GC7700412": 401}), ("…412 (Balance) would become something else than was shown",)),
        (planned({**ASKED, "GC7700413": 9}), ("…413 would be written too, which was not shown",)),
        (planned({"GC7700411": 500}), ("…412 would not be written any more",)),
        (planned(GC7700412=(400, "ACTIVE")), ("…412 would not be written any more",)),
        (planned(), ()),
    ],
)
def test_each_way_in_which_a_plan_can_differ_is_told_by_name(now, says):
    assert what_moved(now, planned(), CARDS) == says


def until(day: str) -> pl.DataFrame:
    return planned().with_columns(expires_on_before=pl.lit(None, pl.String), expires_on_after=pl.lit(day))


def test_a_column_that_only_one_of_them_has_is_told_and_one_that_both_have_is_compared():
    assert what_moved(until("2030-12-31"), planned(), CARDS) == ("only one of the two says Expires on",)
    assert what_moved(until("2030-12-31"), until("2031-12-31"), CARDS) == (
        "…411 (Expires on), …412 (Expires on) would become something else than was shown",
    )


def test_no_value_is_told_and_no_card_in_full():
    differences = " ".join(what_moved(planned(GC7700411=(1500, "ACTIVE")), planned(), CARDS))
    assert not {"GC7700411", "1500", "15.00", "2000", "20.00"} & set(differences.split())


def test_of_many_records_the_first_are_named_and_the_others_counted():
    asked = {f"GC77004{number:02}": 100 for number in range(9)}
    differences = what_moved(planned(asked), planned({}), CARDS)
    assert differences == ("…400, …401, …402, …403, …404 and 4 more would be written too, which was not shown",)


def test_of_people_lines_and_columns_are_told():
    sides = {f"{column}_{side}": ["-"] for column in CUSTOMERS.resource.columns for side in ("before", "after")}
    frame = pl.DataFrame({"line": [12], "kind": ["update"], "code": [""], "customer_id": ["1042"], **sides})
    moved = frame.with_columns(email_before=pl.lit("ada@example.com"))
    assert what_moved(moved, frame, CUSTOMERS.resource) == ("line 12 (Email) moved in the target meanwhile",)


@pytest.mark.parametrize(("other", "same"), [({"GC7700411": 9}, True), ({"GC9": 9}, False), ({}, False)])
def test_two_plans_are_about_the_same_records_if_both_write_to_one(other, same):
    assert same_records(planned(), planned(other), CARDS) is same
