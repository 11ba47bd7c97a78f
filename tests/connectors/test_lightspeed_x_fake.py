"""That the Lightspeed of our tests does what its specification says, where our own client does not show it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.connectors.lightspeed_x.lists import VersionPage, by_offset, by_version
from tests.connectors.lightspeed_shop import PERSONAL, Shop
from tests.fakes.lightspeed_customers import REDACTED
from tests.fakes.lightspeed_routes import find_unwrapped

ADA = {"first_name": "Ada", "last_name": "Demo", "email": "family@example.com"}


@pytest.fixture
def asked(shop: Shop) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {PERSONAL}", "User-Agent": "tests"}
    with httpx.Client(base_url=f"{shop.fake.url}/api/2026-07", headers=headers, trust_env=False) as client:
        yield client


def create(asked: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = asked.post("/customers", json=ADA | fields)
    assert answer.status_code == 201
    return dict(answer.json()["data"])


def listed(asked: httpx.Client, **query: str) -> list[str]:
    """Walk the list as our client does."""

    def ask(after: int) -> VersionPage:
        page = asked.get("/customers", params={"after": str(after), "page_size": "2"} | query).json()
        return VersionPage(rows=tuple(page["data"]), newest=page["version"]["max"])

    return [row["customer_code"] for row in by_version(ask)]


def test_customers_are_listed_in_the_order_of_their_changes(asked: httpx.Client) -> None:
    made = [create(asked, customer_code=f"C{number}") for number in range(5)]
    asked.put(f"/customers/{made[1]['id']}", json=ADA)
    assert asked.delete(f"/customers/{made[3]['id']}").status_code == 204

    assert listed(asked) == ["C0", "C2", "C4", "C1"]
    assert listed(asked, deleted="true") == ["C0", "C2", "C4", "C1", "C3"]
    assert asked.get(f"/customers/{made[3]['id']}").status_code == 404


def test_a_page_past_the_end_has_no_versions(asked: httpx.Client) -> None:
    assert asked.get("/customers").json() == {"data": [], "version": {"min": None, "max": None}}


def test_an_address_may_be_that_of_many_and_a_code_is_found_in_any_case(asked: httpx.Client, shop: Shop) -> None:
    for number in range(3):
        create(asked, customer_code=f"C{number}")
    shop.fake.customers.page_rows = 2

    def ask(**sought: str) -> list[str]:
        def page(offset: int) -> list[dict[str, Any]]:
            query = {"type": "customers", "offset": str(offset), "page_size": "5000", **sought}
            return list(asked.get("/search", params=query).json()["data"])

        return [row["customer_code"] for row in by_offset(page)]

    assert ask(email="Family@Example.com") == ["C0", "C1", "C2"]
    assert ask(customer_code="c1") == ["C1"]


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("note", "paid with 4111 1111 1111 1111 today", f"paid with {REDACTED} today"),
        ("company_name", "4111-1111-1111-1111", REDACTED),
        ("physical_address_1", "4111111111111111", REDACTED),
        ("note", "4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("phone", "4111111111111111", "4111111111111111"),
    ],
)
def test_what_looks_like_a_payment_card_is_taken_out_without_a_word(
    asked: httpx.Client, name: str, given: str, kept: str
) -> None:
    customer = create(asked)

    answer = asked.put(f"/customers/{customer['id']}", json=ADA | {name: given})

    assert (answer.status_code, answer.json()["data"][name]) == (200, kept)


def test_postcodes_are_checked(asked: httpx.Client) -> None:
    wrong = ADA | {"physical_postcode": "7500", "physical_country_id": "FR"}

    assert asked.post("/customers", json=wrong).status_code == 400


@pytest.mark.parametrize("call", [("GET", "/customers"), ("DELETE", "/customers/x"), ("GET", "/search?type=customers")])
def test_each_call_needs_its_scope(asked: httpx.Client, shop: Shop, call: tuple[str, str]) -> None:
    shop.fake.login.tokens[PERSONAL] = ("gift_cards:read", float("inf"))

    assert asked.request(*call).status_code == 403


def test_a_card_comes_unwrapped_where_it_is_asked_for_by_its_bare_number(asked: httpx.Client, shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")

    assert find_unwrapped(shop.fake, {}, {}, "GC1") == (200, shop.fake.cards.find("GC1"))
    assert asked.get("/gift_cards/by_number/GC1").json()["data"]["number"] == "GC1"


def test_more_calls_than_allowed_are_turned_away_until_an_instant_of_http(asked: httpx.Client, shop: Shop) -> None:
    shop.fake.registers = 0
    answers = [asked.get("/gift_cards") for _ in range(51)]

    assert [answer.status_code for answer in answers] == [200] * 50 + [429]
    assert answers[0].headers["X-RateLimit-Remaining"] == "49"
    assert answers[-1].headers["Retry-After"] == "Fri, 20 Nov 2026 12:05:01 GMT"
    assert answers[-1].json() == {"error": "Too Many Requests", "message": "Rate limiting enforced"}
