"""Whatever a shop does between any two pages, no order that stays in it is missed, and a sync never passes one by."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.pages import OrdersAsked
from schemas.problems import Unavailable
from tasks.orders.crawl import Walked, walk_list
from tests.fakes.memory_store import memory_store
from tests.fakes.woo_orders import a_line, a_shop, an_order
from tests.fakes.woo_wire import Wire
from tests.fetching.walks import Follower, walking


def a_wire(count: int, **fields: Any) -> Wire:
    return Wire(a_shop(count, **fields))


def walked(wire: Wire, run: str = "r") -> Walked:
    with walking(wire):
        return walk_list(run, OrdersAsked())


def place(wire: Wire) -> None:
    number = 1 + max(wire.shop.orders)
    wire.shop.put(an_order(number, a_line(number * 10, 1, "SKU-1"), at=wire.now))


# following


def test_an_order_placed_while_an_older_one_is_edited_after_the_start_is_not_passed_by():
    wire, follower = a_wire(250), Follower()

    def meanwhile() -> None:
        if (page := wire.asked and wire.asked[-1].params.get("page")) == "1":
            wire.pass_by(60)
            place(wire)
        elif page == "2":
            wire.pass_by(1800)
            wire.shop.touch(240, status="cancelled")

    wire.between = meanwhile
    with walking(wire):
        follower.sync()
        wire.between = lambda: None
        wire.pass_by(900)
        follower.sync()
    assert follower.arrived["251"]


EVENTS = st.lists(
    st.tuples(st.sampled_from(["place", "edit", "wait"]), st.integers(1, 130), st.integers(0, 1200)), max_size=4
)


@pytest.mark.thorough
@given(st.lists(EVENTS, max_size=14), st.booleans())
def test_whatever_is_placed_and_edited_between_requests_every_order_arrives_as_it_is_now(
    happening: list[list[tuple[str, int, int]]], legacy: bool
):
    wire, follower = a_wire(130, legacy=legacy), Follower()
    due = iter(happening)

    def happen() -> None:
        for what, order_id, seconds in next(due, []):
            wire.pass_by(seconds)
            if what == "place":
                place(wire)
            elif what == "edit":
                wire.shop.touch(order_id, status="processing")

    wire.between = happen
    with walking(wire):
        for _ in range(len(happening) + 2):
            follower.sync()
            wire.pass_by(1)
    there = {str(n): order["date_modified_gmt"] for n, order in wire.shop.orders.items()}
    assert follower.arrived == there


def test_a_walk_that_is_taken_up_again_keeps_its_own_moment():
    wire, follower, store = a_wire(250), Follower(), memory_store()

    def go_down() -> None:
        wire.pass_by(1)
        if len(wire.asked) == 4:
            raise Unavailable("gone")

    wire.between = go_down
    with walking(wire, store), pytest.raises(Unavailable):
        follower.sync("first")
    wire.between = lambda: None
    wire.pass_by(7200)
    place(wire)
    wire.shop.touch(240, status="cancelled")
    wire.pass_by(1)
    with walking(wire, store):
        follower.sync("first")
        assert follower.cursor
        assert follower.cursor.modified_at < "2024-05-01T13:00:00Z"
        follower.sync()
    assert follower.arrived["251"]
    assert len({asked.params["before"] for asked in wire.asked if "before" in asked.params}) == 2


def test_the_moment_is_by_the_clock_of_the_shop():
    wire = a_wire(3)
    wire.pass_by(-30 * 86400)
    with walking(wire):
        assert walk_list("r", OrdersAsked()).up_to == "2024-04-01T12:00:00Z"


# a list that moves


MOVES = st.lists(st.tuples(st.sampled_from(["leave", "enter"]), st.integers(0, 19)), max_size=6)


@pytest.mark.thorough
@given(st.lists(MOVES, max_size=14), st.sampled_from([100, 101, 130, 230]), st.booleans())
def test_whatever_leaves_and_enters_between_two_pages_every_order_that_stays_is_seen(
    moving: list[list[tuple[str, int]]], count: int, legacy: bool
):
    """Orders 1 to 20 come and go: all others stand still, but not in their places."""
    wire = a_wire(count, legacy=legacy)
    due = iter(moving)

    def move() -> None:
        for what, index in next(due, []):
            wire.shop.put(wire.shop.orders[1 + index] | {"status": "trash" if what == "leave" else "pending"})

    wire.between = move
    seen = {*walked(wire).seen["order_id"]}
    assert {str(n) for n in range(21, count + 1)} <= seen


def test_changes_that_balance_out_in_the_total_hide_no_order():
    wire = a_wire(250)
    wire.shop.put(wire.shop.orders[150] | {"status": "checkout-draft"})

    def meanwhile() -> None:
        if wire.asked and wire.asked[-1].params.get("page") == "1" and "_fields" not in wire.asked[-1].params:
            wire.shop.trash(50)
            wire.shop.touch(150, status="pending")

    wire.between = meanwhile
    found = walked(wire)
    assert "101" in {*found.seen["order_id"]}
    assert found.notes == ("1 of them were missed by the list, which moved, and fetched by id",)


def test_a_shop_that_is_busy_for_long_is_walked_to_the_end():
    """Ten times an order that is asked for by id has left by then, and another has entered the list."""
    wire = a_wire(120)
    drafts = [*range(20, 31)]
    wire.shop.put(*(wire.shop.orders[n] | {"status": "checkout-draft"} for n in drafts))
    rounds: list[int] = []

    def meanwhile() -> None:
        last = wire.asked[-1].params if wire.asked else {}
        if last.get("page") == "2" or "include" in last:
            rounds.append(drafts[len(rounds)]) if len(rounds) < len(drafts) else None
            wire.shop.touch(rounds[-1], status="pending")
        elif last.get("offset") and len(rounds) < len(drafts):
            wire.shop.trash(rounds[-1])

    wire.between = meanwhile
    seen = {*walked(wire).seen["order_id"]}
    assert (len(rounds), {str(n) for n in range(1, 121) if n not in drafts} <= seen) == (len(drafts), True)
    assert str(drafts[-1]) in seen


def test_orders_that_are_listed_and_never_given_end_the_walk_and_are_counted():
    wire = a_wire(5)
    give = wire.shop.list_orders
    wire.shop.list_orders = lambda params: give(params if "_fields" in params else params | {"offset": "2"})  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match=r"lists 2 orders that it does not give.*press Retry"):
        walked(wire)
