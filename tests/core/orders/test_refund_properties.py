"""Refunds and money of orders: what the till would hold is what was sold less what came back, or a person is told."""

import json
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.orders.answers import read_answers
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tests.examples import costly
from tests.shop_orders import item, order, page, refund, returned, shipping

RULES = OrderRules()


def read(*orders: dict[str, Any]) -> OrdersRead:
    return read_orders(read_answers([page(*orders)], [], RULES), RULES)


def money(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


sold = st.lists(st.tuples(st.integers(1, 5), st.integers(100, 5_000), st.integers(0, 1_000)), min_size=1, max_size=3)


@st.composite
def shops(draw: st.DrawFn) -> dict[str, Any]:
    """An order, and refunds of whole pieces of it at what they cost, put back on the shelf or not, shipping with it."""
    goods = draw(sold)
    lines, backs = [], []
    for at, (pieces, net, tax) in enumerate(goods):
        back = draw(st.integers(0, pieces))
        restocks = back and draw(st.booleans())
        kept = [{"key": "_restock_refunded_items", "value": str(back)}] if restocks else []
        lines.append(item(at + 1, pieces, money(net * pieces), money(tax * pieces), meta_data=kept))
        if back:
            line = returned(at + 101, at + 1, -back, money(-net * back), money(-tax * back))
            backs.append(refund(at + 201, money((net + tax) * back), [line]))
    lines.append(shipping(50, "4.90"))
    if draw(st.booleans()):
        backs.append(refund(250, "4.90", shipping_lines=[shipping(150, "-4.90")]))
    return order(1, lines, backs) | {"refunds": backs}


@costly
@given(shops())
def test_a_sale_is_its_order_less_its_refunds_and_stock_what_stayed_away(shop):
    parsed = read(shop)
    assert (parsed.findings["code"].to_list(), parsed.concerns) == ([], ())
    head, lines = parsed.orders.row(0, named=True), parsed.lines
    given_back = sum(round(Decimal(each["amount"]) * 100) for each in shop["refunds"])
    worth = lines.select((pl.col("net_cents") + pl.col("tax_cents")).sum()).item()
    assert worth == round(Decimal(shop["total"]) * 100) - given_back == head["total_cents"] - head["refunded_cents"]
    pieces = sum(line["quantity"] for line in shop["line_items"])
    restocked = sum(int(line["meta_data"][0]["value"]) for line in shop["line_items"] if line["meta_data"])
    assert lines.filter("moves")["quantity_milli"].sum() == 1000 * (pieces - restocked)


@costly
@given(shops())
def test_refunds_without_their_minus_are_the_same_refunds(shop):
    turned = json.loads(page(shop))
    for line in (line for each in turned[0]["refunds"] for line in (*each["line_items"], *each["shipping_lines"])):
        line.update({name: str(line[name]).lstrip("-") for name in ("total", "total_tax")})
        line.update({"quantity": abs(line["quantity"])} if "quantity" in line else {})
    plain, other = read(shop), read(*turned)
    assert plain.lines.rows() == other.lines.rows()
    assert plain.orders.rows() == other.orders.rows()
    assert bool(other.notes) == bool(shop["refunds"])


def amount_up(shop: dict[str, Any], by: Decimal) -> None:
    shop["refunds"][0]["amount"] = str(Decimal(shop["refunds"][0]["amount"]) + by)


def amount_down(shop: dict[str, Any], by: Decimal) -> None:
    shop["refunds"][0]["amount"] = str(max(Decimal(), Decimal(shop["refunds"][0]["amount"]) - by))


def line_up(shop: dict[str, Any], by: Decimal) -> None:
    for line in (*shop["refunds"][0]["line_items"], *shop["refunds"][0]["shipping_lines"])[:1]:
        line["total"] = str(Decimal(line["total"]) - by)


def line_turned(shop: dict[str, Any], _: Decimal) -> None:
    """One line of a refund says that it takes, another that it gives."""
    first = shop["refunds"][0]
    first["line_items"] += [returned(999, 1, 0, "7.00")]


def pieces_up(shop: dict[str, Any], by: Decimal) -> None:
    for line in shop["refunds"][0]["line_items"]:
        line["quantity"] -= int(by) + 5


def twice(shop: dict[str, Any], _: Decimal) -> None:
    shop["refunds"] += [shop["refunds"][0]]


def gone(shop: dict[str, Any], _: Decimal) -> None:
    shop["status"] = "refunded"
    shop["refunds"] = shop["refunds"][1:]


DAMAGES = (amount_up, amount_down, line_up, line_turned, pieces_up, twice, gone)


@costly
@given(shops().filter(lambda shop: shop["refunds"]), st.sampled_from(DAMAGES), st.integers(10, 50_000))
def test_a_refund_that_was_damaged_is_told_or_changes_nothing(shop, damage, cents):
    before = read(json.loads(page(shop))[0])
    damage(shop, Decimal(cents) / 100)
    after = read(shop)
    codes = [*after.findings["code"], *[concern.code for concern in after.concerns]]
    same = after.lines.rows() == before.lines.rows() and after.orders.rows() == before.orders.rows()
    assert codes or same
    assert after.orders.filter(pl.col("refunded_cents") > pl.col("total_cents")).is_empty()
