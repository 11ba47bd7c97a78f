"""Following a shop: each run goes on shortly before where the last one ended, and says how far it came."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.cursor import Cursor
from schemas.problems import FileNeedsFixing
from tasks.core.orders.cursor import asked_from, reached_cursor, start_of, still_held
from tests.shop_orders import item, order, page

BEFORE = Cursor(source="shop", modified_at="2024-03-09T14:02:11Z", order_id="7")
LATER = "2024-06-01T00:00:00Z"


def changed(number: int, at: str) -> dict[str, object]:
    return order(number, [item(1)], date_modified_gmt=at)


def test_a_run_asks_again_for_what_was_changed_shortly_before():
    assert asked_from(BEFORE, timedelta(minutes=10)) == "2024-03-09T13:52:11Z"


def test_the_first_run_begins_with_a_day_of_the_shop():
    assert start_of("2024-03-31", ZoneInfo("Europe/Paris")) == "2024-03-30T22:59:59Z"
    with pytest.raises(FileNeedsFixing, match="2024-03-31"):
        start_of("yesterday", ZoneInfo("Europe/Paris"))


def test_a_run_came_to_the_last_change_and_of_one_second_to_the_highest_id():
    pages = [
        page(changed(9, "2024-03-10T08:00:00"), changed(12, "2024-03-10T08:00:00")),
        page(changed(50, "2024-03-09T23:59:59")),
    ]
    assert reached_cursor(pages, "shop", BEFORE, LATER) == Cursor(
        source="shop", modified_at="2024-03-10T08:00:00Z", order_id="12"
    )


def test_a_run_came_no_further_than_to_the_moment_up_to_which_it_asked():
    late = [page(changed(3, "2024-03-10T08:30:00"), changed(9, "2024-03-10T07:00:00"))]
    up_to = "2024-03-10T08:00:00Z"
    assert reached_cursor(late, "shop", BEFORE, up_to) == Cursor(source="shop", modified_at=up_to, order_id="3")
    assert reached_cursor(late, "shop", BEFORE, "2024-03-09T14:02:10Z") == BEFORE, "and never back"


@pytest.mark.parametrize("pages", [[], [page()], [page(changed(7, "2024-03-09T14:02:11"))], [page({"id": None}, 5)]])
def test_where_nothing_new_came_a_run_came_no_further(pages):
    assert reached_cursor(pages, "shop", BEFORE, LATER) == BEFORE


def test_a_shop_without_orders_is_not_followed_yet():
    assert reached_cursor([page()], "shop", None, LATER) is None


moments = st.integers(0, 9).map(lambda second: f"2024-03-09T14:02:1{second}")
changes = st.lists(st.tuples(st.integers(1, 20), moments), max_size=8)


@given(changes, changes)
def test_in_whatever_order_changes_come_the_cursor_ends_at_the_last(some, others):
    first = reached_cursor([page(*(changed(*each) for each in some))], "shop", None, LATER)
    both = reached_cursor([page(*(changed(*each) for each in others))], "shop", first, LATER)
    together = max(((f"{at}Z", number) for number, at in [*some, *others]), default=None)
    assert (both and (both.modified_at, int(both.order_id))) == together


def test_what_a_plan_holds_of_this_shop_is_asked_for_again():
    kinds = {"shop:12": "held", "shop:7": "create", "till-file:3": "held", "shop:9": "held"}
    changes = pl.DataFrame({"order_key": [*kinds], "kind": [*kinds.values()]})
    assert still_held(changes, "shop").to_list() == ["12", "9"]
