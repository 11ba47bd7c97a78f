"""Products, levels and places on the till of Lightspeed: found by what is there, made once, opened where none is."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from infra.connectors import HoldsSome, ReadsStock
from schemas.orders.records import SALES
from schemas.problems import Refused
from schemas.stock import LEVELS, PRODUCT_RECORDS, PRODUCTS, REGISTERS
from tasks.core.stock.products import product_id
from tests.connectors.lightspeed_till import FULL, TillShop, open_till_shop
from tests.connectors.shop import put
from tests.fakes.lightspeed_sales import uid
from tests.fakes.lightspeed_x import Trouble

HAT = product_id("woocommerce/900/")
NEW = {
    "product_id": HAT,
    "sku": "HAT",
    "name": "Hat",
    "description": "",
    "currency": "EUR",
    "price_cents": 1250,
    "active": "yes",
    "tracks_stock": "yes",
    "source": "woocommerce",
    "source_id": "900",
    "source_variation_id": "",
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        yield shop


def level(sku: str, milli: int) -> dict[str, object]:
    place = {"product_id": uid(sku), "outlet_id": uid("Main street")}
    return {"level_key": "@".join(place.values()), **place, "quantity_milli": milli}


def test_it_keeps_stock_and_holds_what_it_cannot_take(shop: TillShop) -> None:
    till = shop.connect()
    assert isinstance(till, ReadsStock)
    assert isinstance(till, HoldsSome)


def test_registers_are_those_of_lightspeed(shop: TillShop) -> None:
    assert shop.connect().read(REGISTERS, None).rows() == [(uid("Counter"), "Counter", uid("Main street"))]


def test_all_products_and_levels_are_read_however_short_the_pages_are(shop: TillShop) -> None:
    shop.till.page_rows = 2

    products = PRODUCTS.records.validate(shop.connect().read(PRODUCT_RECORDS, None))

    assert sorted(products["sku"]) == ["CAP", "MUG", "TEA", "discount"]
    levels = shop.connect().levels(pl.Series([uid("Main street")])).join(products, on="product_id")
    assert sorted(levels.select("sku", "quantity_milli").rows()) == [("CAP", 10_000), ("MUG", 10_000), ("TEA", 10_000)]


def test_all_sales_at_once_are_not_offered(shop: TillShop) -> None:
    with pytest.raises(Refused, match="asked for order by order"):
        shop.connect().read(SALES, None)


def test_a_product_is_made_once_and_known_by_our_id_and_linked(shop: TillShop) -> None:
    assert put(shop.connect(), PRODUCT_RECORDS, (None, NEW)) == ["written"]
    assert put(shop.connect(), PRODUCT_RECORDS, (None, NEW)) in (["done"], ["unchanged"])

    (made,) = shop.connect().read(PRODUCT_RECORDS, pl.Series([HAT])).to_dicts()
    assert made == NEW
    (live,) = [row for row in shop.till.products.values() if row["sku"] == "HAT"]
    assert (live["source"], live["source_id"], live["price_including_tax"]) == ("woocommerce", "900", 12.5)


def test_a_product_of_a_stock_list_is_known_by_our_id_whatever_it_is_called_later(shop: TillShop) -> None:
    listed = {**NEW, "product_id": product_id("till/sku/pot"), "sku": "POT", "source": "", "source_id": ""}
    put(shop.connect(), PRODUCT_RECORDS, (None, listed))
    assert shop.connect().read(PRODUCT_RECORDS, pl.Series([listed["product_id"]])).to_dicts() == [listed]

    next(row for row in shop.till.products.values() if row["sku"] == "POT")["sku"] = "POT-7"

    opened = level("POT", 4_000) | {"product_id": listed["product_id"], "level_key": f"x@{uid('Main street')}"}
    assert put(shop.connect(), LEVELS, (None, opened)) == ["written"]
    assert shop.till.stock() == FULL | {"POT-7": 4.0}


def test_a_product_whose_answer_was_lost_is_found_by_the_next_attempt(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop after", method="POST", path="products$")]

    assert put(shop.connect(), PRODUCT_RECORDS, (None, NEW)) == ["unknown"]
    assert put(shop.connect(), PRODUCT_RECORDS, (None, NEW)) == ["unchanged"]
    assert shop.fake.count("POST", ".*/products") == 1


def test_a_product_that_a_run_made_is_taken_out_of_use_and_never_deleted(shop: TillShop) -> None:
    put(shop.connect(), PRODUCT_RECORDS, (None, NEW))
    till = shop.connect()

    assert till.referred(pl.Series([HAT]), {}).to_list() == [HAT]
    assert put(till, PRODUCT_RECORDS, (NEW, {**NEW, "active": "no"})) == ["written"]
    assert shop.connect().read(PRODUCT_RECORDS, pl.Series([HAT]))["active"].to_list() == ["no"]


def test_what_else_a_product_is_stays_lightspeeds(shop: TillShop) -> None:
    put(shop.connect(), PRODUCT_RECORDS, (None, NEW))

    assert put(shop.connect(), PRODUCT_RECORDS, (NEW, {**NEW, "name": "Cap"})) == ["refused"]
    assert put(shop.connect(), PRODUCT_RECORDS, ({**NEW, "name": "Cap"}, NEW)) == ["unchanged"]


def test_a_level_is_opened_only_where_there_is_none(shop: TillShop) -> None:
    shop.till.add_product("POT")

    assert put(shop.connect(), LEVELS, (None, level("POT", 4_000))) == ["written"]
    assert put(shop.connect(), LEVELS, (None, level("POT", 4_000))) in (["done"], ["unchanged"])
    assert put(shop.connect(), LEVELS, (None, level("MUG", 4_000))) == ["conflict"]

    assert shop.till.stock() == FULL | {"POT": 4.0}


def test_an_opening_is_taken_back_where_nothing_moved_since(shop: TillShop) -> None:
    shop.till.add_product("POT")
    put(shop.connect(), LEVELS, (None, level("POT", 4_000)))

    assert put(shop.connect(), LEVELS, (level("POT", 4_000), None)) == ["written"]
    assert shop.till.stock() == FULL | {"POT": 0.0}
    assert put(shop.connect(), LEVELS, (level("MUG", 9_000), None)) == ["conflict"]


def test_an_opening_that_is_refused_says_why(shop: TillShop) -> None:
    till, nobody = shop.connect(), level("NOBODY", 4_000)

    assert put(till, LEVELS, (None, nobody)) == ["refused"]
    (says,) = [reason for kept in till.reasons._kept.values() for reason in kept]
    assert says.startswith("Lightspeed refused an adjustment of stock (422)")


def test_a_level_is_counted_in_lightspeed(shop: TillShop) -> None:
    assert put(shop.connect(), LEVELS, (level("MUG", 10_000), level("MUG", 7_000))) == ["refused"]
    assert shop.till.adjustments == []


@pytest.mark.thorough
def test_an_opening_whose_answer_was_lost_is_looked_up_and_else_parked(shop: TillShop) -> None:
    shop.till.add_product("POT")
    shop.fake.trouble = [Trouble("drop after", method="POST", path="stock_adjustments$")]
    assert put(shop.connect(), LEVELS, (None, level("POT", 4_000))) == ["written"]

    shop.till.add_product("PAN")
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    assert put(shop.connect(), LEVELS, (None, level("PAN", 2_000))) == ["unknown"]
    assert put(shop.connect(), LEVELS, (None, level("PAN", 2_000))) == ["unknown"]
    assert shop.till.stock() == FULL | {"POT": 4.0}
