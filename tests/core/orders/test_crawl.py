"""What the shop is asked, and which pages are due."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.pages import OrdersAsked
from schemas.problems import FileNeedsFixing
from tasks.core.orders.crawl import in_parts, list_query, named_queries, pages_due
from tasks.core.orders.first_seen import seen_on, with_refunds_due

NOON = datetime(2024, 3, 31, 12, 0, 0, 999_999, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def test_everything_is_asked_for_up_to_now_in_utc_without_a_z():
    query = list_query(OrdersAsked(), NOON, PARIS)
    assert query == {"status": "any", "dates_are_gmt": "true", "before": "2024-03-31T12:00:00"}


def test_a_day_begins_and_ends_by_the_clock_of_the_shop_on_the_day_it_changes_too():
    query = list_query(OrdersAsked(from_on="2024-03-31", to_on="2024-03-31"), NOON.replace(year=2025), PARIS)
    assert (query["after"], query["before"]) == ("2024-03-30T22:59:59", "2024-03-31T22:00:00")


def test_days_to_come_end_now():
    assert list_query(OrdersAsked(to_on="2030-01-01"), NOON, PARIS)["before"] == "2024-03-31T12:00:00"


def test_an_instant_of_any_zone_is_asked_for_in_utc():
    query = list_query(OrdersAsked(modified_after="2024-03-10T09:00:00+01:00"), NOON, PARIS)
    assert query["modified_after"] == "2024-03-10T08:00:00"


@pytest.mark.parametrize("day", ["31.03.2024", "2024-02-30", "yesterday", "2024-3-1"])
def test_a_day_that_is_none_is_named(day: str):
    with pytest.raises(FileNeedsFixing, match="Write it like 2024-03-31"):
        list_query(OrdersAsked(from_on=day), NOON, PARIS)


def test_ids_are_asked_for_a_hundred_at_a_time_each_once():
    queries = named_queries(OrdersAsked(order_ids=tuple(str(n) for n in (*range(150, 0, -1), 7))))
    assert [query["include"].split(",") for query in queries] == [
        [str(n) for n in range(1, 101)],
        [str(n) for n in range(101, 151)],
    ]


@given(st.sets(st.integers(1, 10**12).map(str)), st.integers(1, 150))
def test_parts_hold_every_id_once_and_none_too_many(ids: set[str], size: int):
    parts = in_parts(ids, size)
    assert sorted(one for part in parts for one in part) == sorted(ids)
    assert all(0 < len(part) <= size for part in parts)


@given(st.integers(0, 5000), st.sets(st.integers(1, 60)))
def test_the_pages_due_are_those_of_the_total_that_are_not_stored(total: int, stored: set[int]):
    due = pages_due(total, stored)
    assert {*due} | {n for n in stored if (n - 1) * 100 < total} == {n for n in range(1, 60) if (n - 1) * 100 < total}
    assert not {*due} & stored


def test_without_a_total_no_page_is_known_to_be_due():
    assert pages_due(None, {1}) == []


def test_refunds_are_due_of_orders_that_name_one_we_do_not_have():
    orders: list[dict[str, object]] = [
        {"id": 1, "refunds": []},
        {"id": 2, "refunds": [{"id": 20}]},
        {"id": 3, "refunds": [{"id": 30}, {"id": 31}]},
        {"id": 4},
    ]
    seen = seen_on(orders)
    assert with_refunds_due(seen, []) == ["2", "3"]
    assert with_refunds_due(seen, ["20", "30"]) == ["3"]
    assert with_refunds_due(seen, ["20", "30", "31"]) == []
