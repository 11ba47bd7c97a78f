"""Which call of a Lightspeed Retail (X-Series) does what at its till, and which scope it needs."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from tests.fakes.lightspeed_sales import Till

Query = dict[str, str]
Done = tuple[int, Any]


class TillBooks(Protocol):
    till: Till


def list_by_version(name: str, books: TillBooks, query: Query, _: Any) -> Done:
    return 200, books.till.page(name, int(query.get("after", "0")), int(query.get("page_size", "1000")))


def list_taxes(books: TillBooks, _: Query, __: Any) -> Done:
    return 200, {"data": books.till.lists["taxes"]}


def list_inventory(books: TillBooks, _: Query, body: Any) -> Done:
    assert body["sort_direction"] == "asc"
    return 200, books.till.inventory(body.get("after", 0), body.get("size", 1000))


def levels_of(books: TillBooks, query: Query, _: Any, product: str) -> Done:
    return 200, books.till.inventory(0, int(query.get("page_size", "1000")), product)


def retailer(books: TillBooks, _: Query, __: Any) -> Done:
    return 200, {"data": books.till.retailer}


def own_user(books: TillBooks, _: Query, __: Any) -> Done:
    return 200, {"data": books.till.lists["users"][0]}


def find_sale(books: TillBooks, _: Query, __: Any, sale_id: str) -> Done:
    return 200, {"data": books.till.find_sale(sale_id)}


def create_sale(books: TillBooks, _: Query, body: Any) -> Done:
    return 200, {"data": books.till.create_sale(body)}


def update_sale(books: TillBooks, _: Query, body: Any, sale_id: str) -> Done:
    return 200, {"data": books.till.update_sale(sale_id, body)}


def create_product(books: TillBooks, _: Query, body: Any) -> Done:
    return 200, {"data": [books.till.create_product(body)]}


def update_product(books: TillBooks, _: Query, body: Any, product_id: str) -> Done:
    return 200, {"data": books.till.update_product(product_id, body)}


def adjust(books: TillBooks, _: Query, body: Any) -> Done:
    return 201, {"data": books.till.adjust(body["stock_adjustments"])}


def create_reason(books: TillBooks, _: Query, body: Any) -> Done:
    return 200, {"data": books.till.create_reason(body)}


_LISTS = {
    "outlets": "outlets:read",
    "registers": "registers:read",
    "payment_types": "payment_types:read",
    "users": "users:read",
    "products": "products:read",
    "stock_adjustments": "inventory:write",
    "custom_inventory_adjustment_reasons": "inventory:write",
}
TILL_ROUTES: list[tuple[str, str, str, Callable[..., Done]]] = [
    *(("GET", name, scope, partial(list_by_version, name)) for name, scope in _LISTS.items()),
    ("GET", "taxes", "taxes:read", list_taxes),
    ("GET", "retailer", "retailer:read", retailer),
    ("GET", "user", "users:read", own_user),
    ("POST", "inventory", "inventory:read", list_inventory),
    ("GET", "inventory/([^/]+)", "inventory:read", levels_of),
    ("GET", "sales/([^/]+)", "sales:read", find_sale),
    ("POST", "sales", "sales:write", create_sale),
    ("PUT", "sales/([^/]+)", "sales:write", update_sale),
    ("POST", "products", "products:write", create_product),
    ("PUT", "products/([^/]+)", "products:write", update_product),
    ("POST", "stock_adjustments", "inventory:write", adjust),
    ("POST", "custom_inventory_adjustment_reasons", "inventory:write", create_reason),
]
"""Method, path, scope and what is done."""
