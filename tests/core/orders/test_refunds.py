"""Refunds: lines of their own, dated by the refund, moving stock only where goods went back on the shelf."""

import json
from typing import Any

import pytest

from tasks.core.orders.answers import read_answers
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tests.shop_orders import item, order, page, refund, returned, shipping

RULES = OrderRules()


def read(sold: dict[str, Any], *refunds: dict[str, Any], rules: OrderRules = RULES) -> OrdersRead:
    return read_orders(read_answers([page(sold)], [page(*refunds)], rules), rules)


def refunded(parsed: OrdersRead) -> list[tuple[Any, ...]]:
    lines = parsed.lines.filter(kind="refund")
    return lines.select("line", "source_product_id", "quantity_milli", "net_cents", "tax_cents", "moves", "at").rows()


def put_back(quantity: Any) -> dict[str, Any]:
    return {"meta_data": [{"id": 1, "key": "_restock_refunded_items", "value": quantity}]}


APRIL = "2024-04-01T09:00:00Z"


@pytest.mark.parametrize("tally", [1, "1"])
def test_goods_that_went_back_on_the_shelf_move_stock(tally):
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read(order(1, [item(7, 2, "20.00", "4.00", **put_back(tally))], [back]), back)
    assert refunded(parsed) == [("r90-91", "507", -1000, -1000, -200, True, APRIL)]
    assert parsed.orders.select("total_cents", "tax_cents", "refunded_cents").row(0) == (2400, 400, 1200)


def test_goods_that_did_not_go_back_move_nothing():
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read(order(1, [item(7, 2, "20.00", "4.00")], [back]), back)
    assert refunded(parsed) == [("r90-91", "507", -1000, -1000, -200, False, APRIL)]


def test_an_amount_given_back_for_nothing_in_particular_is_a_line_of_its_own():
    back = refund(90, "15.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read(order(1, [item(7, 2, "20.00", "4.00")], [back]), back)
    assert refunded(parsed)[1:] == [("r90", "", 0, -300, 0, False, APRIL)]
    whole = refund(90, "24.00")
    assert refunded(read(order(1, [item(7, 2, "20.00", "4.00")], [whole]), whole)) == [
        ("r90", "", 0, -2400, 0, False, APRIL)
    ]


def test_shipping_that_is_given_back_is_no_goods():
    back = refund(90, "4.90", shipping_lines=[shipping(92, "-4.90")])
    parsed = read(order(1, [item(7), shipping(8, "4.90")], [back]), back)
    assert refunded(parsed) == [("r90-92", "", 0, -490, 0, False, APRIL)]


def test_what_is_given_back_is_the_product_that_was_sold_also_when_the_refund_no_longer_says_so():
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00", product_id=0, sku=None)])
    parsed = read(order(1, [item(7, 2, "20.00", "4.00", **put_back(1))], [back]), back)
    assert parsed.lines.filter(kind="refund").select("source_product_id", "sku").row(0) == ("507", "MUG-7")


@pytest.mark.parametrize(
    ("tally", "moves"),
    [
        (0, [False, False, False]),
        (1, [True, False, False]),
        (2, [False, True, False]),
        (3, [True, True, False]),
        (7, [True, True, True]),
        (8, [True, True, True]),
    ],
)
def test_of_several_refunds_those_moved_stock_that_make_up_what_was_put_back(tally, moves):
    taken = [(90, -1), (91, -2), (92, -4)]
    backs = [
        refund(n, f"{-q}.00", [returned(n + 100, 7, q, f"{q}.00")], f"2024-04-0{n - 89}T00:00:00") for n, q in taken
    ]
    parsed = read(order(1, [item(7, 9, "90.00", "0.00", **put_back(tally))], backs), *backs)
    assert [line[5] for line in refunded(parsed)] == moves
    assert parsed.concerns == ()


def test_that_it_cannot_be_told_which_refund_moved_stock_is_said():
    backs = [refund(n, "2.00", [returned(n + 100, 7, -2, "-2.00")]) for n in (90, 91)]
    parsed = read(order(1, [item(7, 9, "90.00", "0.00", **put_back(3))], backs), *backs)
    assert [concern.code for concern in parsed.concerns] == ["ORDER_REFUND_STOCK"]
    assert [line[5] for line in refunded(parsed)] == [False, False]


def test_cents_of_rounding_go_to_the_largest_line_of_a_refund():
    back = refund(90, "12.01", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read(order(1, [item(7, 2, "20.00", "4.00")], [back]), back)
    assert [line[3:5] for line in refunded(parsed)] == [(-1001, -200)]


def test_a_refund_of_which_only_the_amount_is_known_counts_from_the_sale_if_one_may_take_it():
    sold = order(1, [item(7, 2, "20.00", "4.00")], [refund(90, "5.00")])
    assert read(sold).findings["code"].to_list() == ["ORDER_REFUND_MISSING"]
    taken = read(sold, rules=OrderRules(bare_refunds="amount"))
    assert refunded(taken) == [("r90", "", 0, -500, 0, False, "2024-03-09T14:02:11Z")]
    assert taken.orders["refunded_cents"].to_list() == [500]


def test_an_export_may_hold_the_refunds_whole():
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    sold = order(1, [item(7, 2, "20.00", "4.00", **put_back(1))]) | {"refunds": [back]}
    assert refunded(read(sold)) == [("r90-91", "507", -1000, -1000, -200, True, APRIL)]


def test_refunds_may_come_by_order():
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    sold = order(1, [item(7, 2, "20.00", "4.00")], [back])
    kept = json.dumps({"1": [back], "2": []}).encode()
    assert refunded(read_orders(read_answers([page(sold)], [kept], RULES), RULES)) == refunded(read(sold, back))


def test_a_refund_that_the_order_does_not_name_yet_is_of_a_later_order():
    assert refunded(read(order(1, [item(7)]), refund(90, "12.00"))) == []


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"amount": "some"}, "AMOUNT_NOT_A_NUMBER"),
        ({"date_created_gmt": "soon"}, "ORDER_DATE"),
        ({"line_items": [returned(91, 7, -1, "ten")]}, "AMOUNT_NOT_A_NUMBER"),
        ({"line_items": [returned(91, 7, -1, "-10.00") | {"quantity": "one"}]}, "ORDER_QUANTITY"),
    ],
)
def test_a_refund_that_cannot_be_read_turns_its_order_away(broken, code):
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read(order(1, [item(7)], [back]), back | broken)
    assert (parsed.findings["code"].to_list(), parsed.rows.rejected, parsed.lines.height) == ([code], 1, 0)
