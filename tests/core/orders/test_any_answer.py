"""Whatever a shop answers, every order ends accepted or rejected, and the rejects can be written: never a fault."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.core.orders.answers import read_answers
from tasks.core.orders.json_rejects import write_json_rejects
from tasks.core.orders.order_parser import read_orders
from tasks.core.orders.rules import OrderRules
from tests.shop_orders import fee, item, order, refund, returned, shipping

RULES = OrderRules()

NUMBERS = (0, -1, 2, 10**30, -(10**400), 1.5, 1e-7, 1e300, float("nan"), float("inf"), -0.0)
WORDS = ("", " ", "0", "-2", "1e5", "1.0E-12", "9" * 50, "NaN", "\ud83d", "a\udc00b", "\x00", "0001-01-01T00:00:00")
HOURS = ("9999-12-31T23:59:59", "2024-03-31T02:30:00", "2024-03-09 14:02:11", "0000-00-00T00:00:00", "[1]", "{}")
DEEP: Any = [[[[[[[[{"a": [{}]}]]]]]]]]
odd = st.one_of(
    st.sampled_from([None, True, [], {}, [None], {"a": 1}, {"3": {"key": "x", "value": None}}, DEEP, [[1]], ["x"]]),
    st.sampled_from(NUMBERS),
    st.sampled_from((*WORDS, *HOURS)),
    st.text(max_size=6),
)


def plain() -> dict[str, Any]:
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    kept = [{"id": 1, "key": "_restock_refunded_items", "value": "1"}]
    lines = [item(7, 2, "20.00", "4.00", meta_data=kept), shipping(8, "4.90", "0.98"), fee(9, "-1.50")]
    return order(1, lines, [back]) | {"refunds": [back], "gift_cards": [{"id": 3, "code": "A", "amount": "0.00"}]}


def places(json_value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List every place in an order, outer ones first."""
    inside = (
        json_value.items()
        if isinstance(json_value, dict)
        else enumerate(json_value)
        if isinstance(json_value, list)
        else ()
    )
    for key, value in inside:
        yield (*here, key)
        yield from places(value, (*here, key))


PLACES = [*places(plain())]


def damaged(json_value: Any, at: tuple[Any, ...], value: Any) -> None:
    """Put *value* at a place; where the place is gone by now, nothing changes. An ellipsis takes it out."""
    for key in at[:-1]:
        if not isinstance(json_value, dict | list) or (
            isinstance(json_value, list) and (not isinstance(key, int) or key >= len(json_value))
        ):
            return
        json_value = json_value.get(key) if isinstance(json_value, dict) else json_value[key]
    if isinstance(json_value, dict) and value is ...:
        json_value.pop(at[-1], None)
    elif isinstance(json_value, dict) or (
        isinstance(json_value, list) and isinstance(at[-1], int) and at[-1] < len(json_value)
    ):
        json_value[at[-1]] = None if value is ... else value


@given(st.lists(st.tuples(st.sampled_from(PLACES), odd | st.just(...)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_order_is_accepted_or_rejected_and_the_other_goes_on(damages):
    bad = plain()
    for at, value in damages:
        damaged(bad, at, value)
    content = json.dumps([bad, order(2, [item(8)])]).encode()
    parsed = read_answers([content], [], RULES)
    got = read_orders(parsed, RULES)
    assert got.rows.rows_in == got.rows.accepted + got.rows.rejected
    assert "2" in got.orders["order_id"].to_list() or bad.get("id") in (2, "2")
    rejects = json.loads(write_json_rejects([content], parsed.places, got.findings, run_id="run1"))
    assert len(rejects) == got.rows.rejected
    for key in set(got.orders["order_key"]):
        head = got.orders.filter(order_key=key).row(0, named=True)
        lines = got.lines.filter(order_key=key)
        sold, back = lines.filter(lines["kind"] != "refund"), lines.filter(kind="refund")
        assert sold["net_cents"].sum() + sold["tax_cents"].sum() == head["total_cents"] >= 0
        assert back["net_cents"].sum() + back["tax_cents"].sum() == -head["refunded_cents"]
        assert 0 <= head["refunded_cents"] <= head["total_cents"]
        assert -back["quantity_milli"].sum() <= sold.filter(kind="item")["quantity_milli"].sum()
