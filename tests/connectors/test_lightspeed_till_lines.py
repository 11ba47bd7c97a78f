"""What a line of an order becomes on the till of Lightspeed: its product, tax and price, and what came back of it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.connectors.lightspeed_x.sale_documents import Clerk, Document, body_of
from infra.connectors.lightspeed_x.sale_facts import facts_answered, sale_id, unit_price
from infra.connectors.lightspeed_x.sale_terms import LiveLists, SaleSettings, choose_terms
from schemas.orders.records import SALES
from tests import sales
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_till import FULL, TillShop, open_till_shop
from tests.fakes.lightspeed_sales import Till, uid

SHIPPING = {"lightspeed_x_shipping_product": "POST", "lightspeed_x_fee_product": "WRAP"}
REFUNDED_AT = "2024-03-20T09:00:00Z"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        for sku in ("POST", "WRAP", "REFUND"):
            shop.till.add_product(sku, tracked=False)
        yield shop


def line(kind: str, net: int, tax: int, quantity: float = 1, product: str = "", **more: Any) -> Mapping[str, Any]:
    place = f"{kind} {product} {net} {more.get('at', '')}"
    said = {"line": place, "kind": kind, "product_id": uid(product) if product else "", "sku": product, "name": product}
    money = {"net_cents": net, "tax_cents": tax, "quantity_milli": round(quantity * 1000)}
    return said | money | {"moves": kind in ("item", "refund")} | more


def record(*lines: Mapping[str, Any], state: str = "closed") -> Mapping[str, Any]:
    sold = [each for each in lines if each["kind"] != "refund"]
    return {
        **sales.sale(state),
        "register_id": uid("Counter"),
        "outlet_id": uid("Main street"),
        "total_cents": sum(each["net_cents"] + each["tax_cents"] for each in sold),
        "tax_cents": sum(each["tax_cents"] for each in sold),
        "lines": json.dumps(lines),
    }


def change(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> pl.DataFrame:
    sides = {
        f"{c}_{side}": (r or {}).get(c) for c in SALES.columns for side, r in (("before", before), ("after", after))
    }
    schema = {name: pl.Int64 if "_cents" in name else pl.String for name in sides}
    row = pl.DataFrame([sides], schema=schema)
    none = pl.lit(None, dtype=pl.String)
    kind = "update" if before else "create"
    return row.with_columns(kind=pl.lit(kind), order_key=pl.lit("w:1"), operation_id=none, operation=none)


def book(shop: TillShop, before: Mapping[str, Any] | None, after: Mapping[str, Any], **settings: str) -> str:
    return shop.connect(**settings).write(SALES, change(before, after), batch()).item()


def holds(shop: TillShop, after: Mapping[str, Any], **settings: str) -> list[tuple[str, str]]:
    return shop.connect(**settings).holds(SALES, change(None, after)).select("code", "detail").rows()


def booked(shop: TillShop) -> list[tuple[str, float, float, float, str]]:
    """Draw the lines: SKU, quantity, unit price, unit tax, and the tax's name."""
    taxes = {tax["id"]: tax["name"] for tax in shop.till.lists["taxes"]}
    return [
        (
            shop.till.products[item["product"]["id"]]["sku"],
            item["quantity"],
            item["pricing"]["price"],
            item["tax"]["amount"],
            taxes[item["tax"]["id"]],
        )
        for sale in shop.till.sales.values()
        for item in sale["line_items"]
    ]


def test_each_line_goes_to_its_product_with_its_own_tax(shop: TillShop) -> None:
    order = record(
        line("item", 2000, 400, 2, "MUG"),
        line("item", 1000, 55, 1, "TEA"),
        line("shipping", 490, 98),
        line("fee", 200, 0),
        line("discount", -500, -100),
    )

    assert book(shop, None, order, **SHIPPING) == "written"

    assert booked(shop) == [
        ("MUG", 2, 10, 2, "VAT 20"),
        ("TEA", 1, 10, 0.55, "VAT 5.5"),
        ("POST", 1, 4.9, 0.98, "VAT 20"),
        ("WRAP", 1, 2, 0, "No Tax"),
        ("discount", -1, 5, 1, "VAT 20"),
    ]
    assert shop.till.shown() == ["WEB-1042 closed 36.43"]
    assert shop.till.stock() == FULL | {"MUG": 8.0, "TEA": 9.0}
    (sale,) = shop.till.sales.values()
    assert [(paid["amount"], paid["type"]["config_id"]) for paid in sale["payments"]] == [(36.43, uid("Web shop"))]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (line("shipping", 490, 98), ("ORDER_TILL_PRODUCT", "line shipping  490 , shipping")),
        (line("item", 1000, 170, 1, "MUG"), ("ORDER_TILL_TAX", "line item MUG 1000 , MUG")),
        (line("item", 1000, 200), ("ORDER_TILL_PRODUCT", "line item  1000")),
    ],
)
def test_an_order_with_a_line_that_has_no_place_is_held_with_the_line(shop: TillShop, one: Any, reason: Any) -> None:
    assert holds(shop, record(line("item", 1000, 200, 1, "MUG"), one)) == [reason]


def test_an_order_of_a_product_that_the_till_counts_by_its_parts_is_held(shop: TillShop) -> None:
    shop.till.products[uid("MUG")]["is_composite"] = True
    assert holds(shop, record(line("item", 1000, 200, 1, "MUG"))) == [
        ("ORDER_TILL_COMPOSITE", "line item MUG 1000 , MUG")
    ]
    assert holds(shop, record(line("item", 1000, 55, 1, "TEA"))) == []


def test_lines_are_taxed_only_by_the_taxes_that_are_chosen(shop: TillShop) -> None:
    order = record(line("item", 1000, 55, 1, "TEA"))

    assert [code for code, _ in holds(shop, order, lightspeed_x_taxes="VAT 20")] == ["ORDER_TILL_TAX"]
    assert holds(shop, order, lightspeed_x_taxes="vat 20, VAT 5.5") == []


SOLD = line("item", 2000, 400, 2, "MUG")
BACK = line("refund", -1000, -200, -1, "MUG", at=REFUNDED_AT)
KEPT = {**BACK, "moves": False}
AMOUNT = line("refund", -300, 0, 0, at=REFUNDED_AT)
RETURNS = {"lightspeed_x_returns": "book", "lightspeed_x_refund_product": "REFUND"}


@pytest.mark.thorough
@pytest.mark.parametrize(("back", "mugs", "total"), [(BACK, 9.0, -12.0), (KEPT, 8.0, -12.0), (AMOUNT, 8.0, -3.0)])
def test_what_came_back_is_a_sale_below_zero_of_its_own_day(
    shop: TillShop, back: Any, mugs: float, total: float
) -> None:
    sold, returned = record(SOLD), record(SOLD, back)
    book(shop, None, sold)

    assert book(shop, sold, returned, **RETURNS) == "written"

    (sale, back_sale) = shop.till.sales.values()
    assert (sale["totals"]["price_incl_tax"], back_sale["totals"]["price_incl_tax"]) == (24.0, total)
    assert (sale["date"], back_sale["date"]) == ("2024-03-09T14:02:11Z", REFUNDED_AT)
    assert shop.till.stock() == FULL | {"MUG": mugs}
    assert book(shop, sold, returned, **RETURNS) == "unchanged"


def test_a_sale_is_voided_with_what_came_back_of_it(shop: TillShop) -> None:
    order = record(SOLD, KEPT)
    book(shop, None, order, **RETURNS)

    assert book(shop, order, {**order, "state": "voided"}) == "written"

    assert {sale["state"] for sale in shop.till.sales.values()} == {"voided"}
    assert shop.till.stock() == FULL


def test_returns_are_held_unless_the_shop_says_that_they_may_be_booked(shop: TillShop) -> None:
    assert holds(shop, record(SOLD, BACK)) == [("ORDER_TILL_RETURN", "1 came back")]
    assert holds(shop, record(SOLD, BACK), **RETURNS) == []


def _clerk() -> Clerk:
    till = Till()
    till.add_product("MUG")
    lists = LiveLists(
        own_user=till.lists["users"][0],
        products=list(till.products.values()),
        retailer=till.retailer,
        **{name: till.lists[name] for name in ("users", "payment_types", "taxes")},
    )
    chosen = SaleSettings(
        user="",
        payment_type="Cash",
        payment_types="",
        taxes="",
        products={},
        invoice_prefix="",
        order_type="WooCommerce",
    )
    return Clerk(terms=choose_terms(chosen, lists), live_id=lambda own: own, is_composite=lambda _: False, returns=True)


def _as_answered(document: Document, body: Mapping[str, Any]) -> Mapping[str, Any]:
    till = Till()
    till.add_product("MUG")
    return till.create_sale(json.loads(json.dumps(body)))


@pytest.mark.thorough
@given(net=st.integers(1, 10_000_000), quantity=st.integers(1, 500_000), rate=st.sampled_from([0, 20, 5.5]))
def test_whatever_a_line_is_worth_lightspeed_shows_what_was_asked_for(net: int, quantity: int, rate: float) -> None:
    order = record(line("item", net, round(net * rate / 100), quantity / 1000, "MUG"))
    clerk = _clerk()

    (document,) = clerk.documents(sale_id("acme", "w:1"), "w:1", order)

    answer = _as_answered(document, body_of(document, order, clerk.terms, 2))
    assert facts_answered(answer, 2).lines == document.facts.lines


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_a_unit_price_gives_the_line_to_the_cent_again(cents: int, quantity: int) -> None:
    assert round(unit_price(cents, quantity, 2) * quantity / 1000, 2) == round(cents / 100, 2)


def test_an_order_is_one_sale_in_a_shop_and_another_in_another() -> None:
    assert sale_id("acme", "woocommerce:7") == sale_id("acme", "WOOCOMMERCE:7")
    assert len({sale_id(shop, key) for shop in ("a", "b") for key in ("w:1", "w:2")}) == 4
