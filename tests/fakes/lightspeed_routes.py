"""Which call of a Lightspeed Retail (X-Series) does what, and which scope it needs."""

from collections.abc import Callable
from typing import Any, Protocol

from tests.fakes.lightspeed_cards import USER, Cards, Rule, end_of_day
from tests.fakes.lightspeed_customers import Customers

Query = dict[str, str]
Done = tuple[int, Any]


class Books(Protocol):
    cards: Cards
    customers: Customers


def list_cards(books: Books, query: Query, _: Any) -> Done:
    return 200, {"data": books.cards.page(query.get("before", ""), int(query.get("page_size", "1000")))}


def issue(books: Books, _: Query, body: Any) -> Done:
    expires = end_of_day(body["expires_at"], body["time_zone"]) if "expires_at" in body else None
    return 201, {"data": books.cards.issue(body["number"], body["amount"], body.get("user_id", USER), expires)}


def find_card(books: Books, _: Query, __: Any, number: str) -> Done:
    return 200, {"data": books.cards.find(number)}


def find_unwrapped(books: Books, _: Query, __: Any, number: str) -> Done:
    return 200, books.cards.find(number)


def void(books: Books, _: Query, __: Any, number: str) -> Done:
    return 200, {"data": books.cards.void(number)}


def void_unwrapped(books: Books, _: Query, __: Any, number: str) -> Done:
    return 200, books.cards.void(number)


def transact(books: Books, _: Query, body: Any, number: str) -> Done:
    if (body["type"] == "REDEEMING") != body["amount"].startswith("-"):
        raise Rule(422, "The amount has the wrong sign")
    user = body.get("user_id", USER)
    return 201, {"data": books.cards.transact(number, body["type"], body["amount"], body["client_id"], user)}


def list_customers(books: Books, query: Query, _: Any) -> Done:
    after, rows = int(query.get("after", "0")), int(query.get("page_size", "1000"))
    return 200, books.customers.page(after, rows, deleted=query.get("deleted") == "true")


def search(books: Books, query: Query, _: Any) -> Done:
    sought = {
        name: text for name, text in query.items() if name in ("customer_code", "email", "first_name", "last_name")
    }
    return 200, {
        "data": books.customers.search(sought, int(query.get("offset", "0")), int(query.get("page_size", "1000")))
    }


def create_customer(books: Books, _: Query, body: Any) -> Done:
    return 201, {"data": books.customers.shown(books.customers.create(body))}


def find_customer(books: Books, _: Query, __: Any, customer_id: str) -> Done:
    return 200, {"data": books.customers.look_at(customer_id)}


def update_customer(books: Books, _: Query, body: Any, customer_id: str) -> Done:
    return 200, {"data": books.customers.shown(books.customers.update(customer_id, body))}


def delete_customer(books: Books, _: Query, __: Any, customer_id: str) -> Done:
    books.customers.delete(customer_id)
    return 204, None


ROUTES: list[tuple[str, str, str, Callable[..., Done]]] = [
    ("GET", "gift_cards", "gift_cards:read", list_cards),
    ("POST", "gift_cards", "gift_cards:write:issue", issue),
    ("GET", "gift_cards/by_number/([^/]+)", "gift_cards:read", find_card),
    ("DELETE", "gift_cards/by_number/([^/]+)", "gift_cards:write:issue", void),
    ("GET", "gift_cards/([^/]+)", "gift_cards:read", find_unwrapped),
    ("DELETE", "gift_cards/([^/]+)", "gift_cards:write:issue", void_unwrapped),
    ("POST", "gift_cards/([^/]+)/transactions", "gift_cards:write:redeem", transact),
    ("GET", "customers", "customers:read", list_customers),
    ("GET", "search", "customers:read", search),
    ("POST", "customers", "customers:write", create_customer),
    ("GET", "customers/([^/]+)", "customers:read", find_customer),
    ("PUT", "customers/([^/]+)", "customers:write", update_customer),
    ("DELETE", "customers/([^/]+)", "customers:write", delete_customer),
]
"""Method, path, scope and what is done. Without *by_number* a card comes unwrapped."""
