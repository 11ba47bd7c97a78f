"""Orders as a WooCommerce 11 answers them, drawn small: only what a test speaks of is given, the rest is usual."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

OrderJson = dict[str, Any]


def item(line: int, quantity: Any = 1, net: str = "10.00", tax: str = "2.00", **fields: Any) -> OrderJson:
    """Make a line of goods. Its ``price`` is a float, as the shop writes it, and wrong: nobody may use it."""
    usual = {"name": f"Mug {line}", "product_id": 500 + line, "variation_id": 0, "sku": f"MUG-{line}"}
    money = {"subtotal": "99.00", "subtotal_tax": "9.00", "total": net, "total_tax": tax, "price": 7.992}
    return {
        "id": line,
        **usual,
        "quantity": quantity,
        "tax_class": "",
        **money,
        "meta_data": [],
        "image": None,
    } | fields


def shipping(line: int, net: str, tax: str = "0.00") -> OrderJson:
    return {"id": line, "method_title": "Parcel", "method_id": "flat_rate", "total": net, "total_tax": tax, "taxes": []}


def fee(line: int, net: str, tax: str = "0.00", name: str = "Gift wrap") -> OrderJson:
    return {"id": line, "name": name, "tax_class": "", "amount": net, "total": net, "total_tax": tax, "taxes": []}


def refund(
    number: int, amount: str, lines: Sequence[OrderJson] = (), at: str = "2024-04-01T09:00:00", **fields: Any
) -> OrderJson:
    """Make the refund's own answer. Lines are goods with amounts below zero."""
    lists = {"line_items": list(lines), "shipping_lines": [], "fee_lines": [], "tax_lines": []}
    return {"id": number, "date_created": at, "date_created_gmt": at, "amount": amount, "reason": "", **lists} | fields


def returned(line: int, of: int, quantity: int, net: str, tax: str = "0.00", **fields: Any) -> OrderJson:
    return item(line, quantity, net, tax, meta_data=[{"id": 1, "key": "_refunded_item_id", "value": str(of)}]) | fields


def order(
    number: int = 1042, lines: Sequence[OrderJson] = (), refunds: Sequence[OrderJson] = (), **fields: Any
) -> OrderJson:
    """Make an order of *lines* (goods, shipping and fees mixed), with its total; refunds are named in it."""
    lists = {
        "line_items": [line for line in lines if "quantity" in line],
        "shipping_lines": [line for line in lines if "method_title" in line],
        "fee_lines": [line for line in lines if "amount" in line],
        "coupon_lines": [{"id": 9, "code": "spring", "discount": "5.00", "discount_tax": "1.00"}],
    }
    named = [{"id": each["id"], "reason": "", "total": f"-{each['amount']}"} for each in refunds]
    return _usual(number) | _sums(lines) | lists | {"refunds": named} | fields


def page(*orders: Any) -> bytes:
    return json.dumps(orders).encode()


def _usual(number: int) -> OrderJson:
    return {
        "id": number,
        "number": str(number),
        "status": "completed",
        "currency": "EUR",
        "date_created": "2024-03-09T15:02:11",
        "date_created_gmt": "2024-03-09T14:02:11",
        "date_modified_gmt": "2024-03-10T08:00:00",
        "date_paid_gmt": "2024-03-09T14:05:00",
        "customer_id": 0,
        "billing": {"first_name": "Ada", "email": "Ada@Example.test"},
        "meta_data": [],
    }


def _sums(lines: Sequence[Mapping[str, Any]]) -> OrderJson:
    tax = sum((Decimal(line["total_tax"]) for line in lines), Decimal())
    net = sum((Decimal(line["total"]) for line in lines), Decimal())
    return {"total": f"{net + tax:.2f}", "total_tax": f"{tax:.2f}"}
