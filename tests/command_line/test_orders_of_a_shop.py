"""Orders from a web shop that answers, the way back of such a run, and what it leaves behind of its buyers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk, command_with_engine
from tests.fakes.woo_orders import a_line, a_product, a_refund, an_order, give_back
from tests.fakes.woo_shop import Shop
from tests.fakes.woocommerce import Fake, Trouble, woocommerce
from tests.prefect_tells import prefect_tells
from tests.tills import open_till, rows_of, sales_in, stock_in, stop_counting

APPLY = ("--mode", "apply")
CREATE = ("--on-missing-product", "create")
PERSONAL = re.compile(r"guest\d|Zo(ë|Ã«|\\u00eb)|Bj.{1,6}rk|example\.test", re.IGNORECASE)
"""Zoë in whatever way she is written; less of her name stands by chance in any file of numbers."""


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A shop of three orders: the second is partly refunded, of the third a product was deleted."""
    orders = [
        an_order(1, a_line(11, 7, "MUG", 2)),
        an_order(2, a_line(21, 7, "mug "), a_line(22, 8, "NEW")),
        an_order(3, a_line(31, 0, "")),
    ]
    with woocommerce(Fake(shop=Shop(orders={order["id"]: order for order in orders}))) as fake:
        give_back(fake.shop, 2, a_refund(90, "12.00", a_line(91, 8, "NEW", -1, "-10.00", "-2.00")))
        yield fake


def ask(desk: Desk, fake: Fake, *arguments: str, code: int = 0) -> Any:
    keys = {"woo_url": fake.url, "woo_key": fake.keys.key, "woo_secret": fake.keys.secret}
    return desk.ask(*arguments, code=code, **keys)


def test_a_shop_is_fetched_imported_and_undone_and_its_stock_is_as_before(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    fake.trouble = [Trouble(kind="error", path=".*orders$")]

    asked = ask(desk, fake, "run", "orders", *APPLY, *CREATE, code=3)
    desk.ask("approve", asked["plan_id"], "--by", "Ann", "--why", "they are on their way")
    run = ask(desk, fake, "run", "orders", *APPLY, *CREATE, code=4)
    assert (run["outcome"], run["changes"]["created"], run["changes"]["held"]) == ("applied_with_rejects", 2, 1)
    assert stock_in(desk.target_url)["MUG"] == 7
    assert sales_in(desk.target_url) == {"woocommerce:1": "closed", "woocommerce:2": "closed"}

    back = desk.ask("restore", run["run_id"], *APPLY)
    assert (back["outcome"], back["changes"]["updated"]) == ("applied", 2)
    assert sales_in(desk.target_url) == {"woocommerce:1": "voided", "woocommerce:2": "voided"}
    assert stock_in(desk.target_url)["MUG"] == 10
    assert rows_of(desk.target_url, "products").filter(sku="NEW").is_empty()

    # what was voided comes back only when a person says so
    again = ask(desk, fake, "run", "orders", *APPLY, *CREATE, code=3)
    assert "ORDER_VOIDED_AT_TILL" in {concern["code"] for concern in again["concerns"]}


@pytest.mark.thorough
def test_just_some_orders_can_be_asked_for(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    fake.shop.products[7] = a_product(7, "mug 1")
    shown = ask(desk, fake, "run", "orders", "--order", "1")
    assert "overwritten-in-shop" in {report_table["name"] for report_table in shown["exhibits"]}
    assert (shown["outcome"], shown["changes"]["created"], shown["source"]) == ("previewed", 1, "the web shop")


@pytest.mark.thorough
def test_new_products_are_made_as_the_shops_catalogue_has_them(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    fake.shop.products = {8: a_product(8, "NEW", name="Tea & cup", description="Hand made", regular_price="15")}
    shown = ask(desk, fake, "run", "orders", "--order", "2", *APPLY, *CREATE)
    made = rows_of(desk.target_url, "products").filter(sku="NEW")
    assert made.select("name", "description", "price_cents", "tracks_stock").rows() == [
        ("Tea & cup", "Hand made", 1500, "no")
    ]
    page = desk.read(desk.fetch(shown["run_id"], "report.html"))
    assert "As in the web shop" in page and "SKU, name, description, price, whether stock is kept" in page
    assert "NEW" not in stock_in(desk.target_url), "whose stock the shop does not count has no level here either"


@pytest.mark.thorough
def test_new_products_of_a_file_are_as_the_line_has_them_where_no_shop_is_set(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    fake.shop.products = {8: a_product(8, "NEW", regular_price="15")}
    orders = desk.folder / "orders.json"
    orders.write_text(json.dumps([an_order(4, a_line(41, 8, "NEW"))]))
    desk.ask("run", "orders", str(orders), *APPLY, *CREATE, "--stock", "neutral")
    assert rows_of(desk.target_url, "products").filter(sku="NEW")["price_cents"].to_list() == [1200]


def test_a_shop_that_does_not_show_its_products_is_a_concern_in_words(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    fake.trouble = [Trouble(kind="forbidden", path="products", times=99)]
    shown = ask(desk, fake, "run", "orders", "--order", "1", *APPLY, code=3)
    assert [(concern["code"], concern["says"]) for concern in shown["concerns"]] == [
        (
            "WEB_PRODUCTS_NOT_SHOWN",
            "1 products were asked for in the web shop, and it said no (403 woocommerce_rest_cannot_view): what the "
            "till would overwrite there is not shown, and new products are as the last line sold has them",
        )
    ]
    assert sales_in(desk.target_url) == {}


@pytest.mark.thorough
def test_orders_that_came_from_a_file_are_the_same_orders_when_the_shop_tells_them(desk, fake):
    """The file names no buyer and gives no ids of lines; the second order it has in full."""
    open_till(desk.target_url, {"MUG": 10, "CAP": 10})
    fake.shop.orders.clear()
    fake.shop.put(an_order(4, a_line(41, 7, "MUG", 2)), an_order(5, a_line(51, 8, "CAP")))
    rows = ["order_id,status,order_date,order_total,billing_email,item_id,item_sku,item_name,item_quantity,item_total"]
    rows += [
        "4,completed,2024-03-01 09:04:00,12.00,,,MUG,Product 7,2,10.00",
        "5,completed,2024-03-01 09:05:00,12.00,guest5@example.test,51,CAP,Product 8,1,10.00",
    ]
    taxed = [f"{row},{tax}" for row, tax in zip(rows, ["item_total_tax", "2.00", "2.00"], strict=True)]
    file = desk.write("history.csv", "\n".join(taxed) + "\n")
    desk.ask("run", "orders", file, *APPLY)
    assert stock_in(desk.target_url) == {"CAP": 9, "MUG": 8}

    run = ask(desk, fake, "run", "orders", *APPLY)
    assert {name: count for name, count in run["changes"].items() if count} == {"updated": 1, "unchanged": 1}
    names = {report_table["name"] for report_table in run["exhibits"]}
    assert ("details-added" in names, "changed-lines" in names) == (True, False)
    assert stock_in(desk.target_url) == {"CAP": 9, "MUG": 8}
    assert sales_in(desk.target_url) == {"woocommerce:4": "closed", "woocommerce:5": "closed"}


@pytest.mark.thorough
def test_stock_that_nobody_counts_and_lines_that_move_none_leave_every_level_as_it_is(desk, fake):
    """A card whose stock is not kept, and a bundle whose content stands among the lines."""
    open_till(desk.target_url, {"MUG": 10, "CARD": 3, "BOX": 5})
    stop_counting(desk.target_url, "CARD")
    bundle = a_line(42, 9, "BOX") | {"bundled_items": ["43"]}
    inside = a_line(43, 8, "CARD") | {"bundled_by": "42"}
    fake.shop.orders.clear()
    fake.shop.put(an_order(4, a_line(41, 8, "CARD", 2), bundle, inside))
    before = [rows_of(desk.target_url, table) for table in ("stock_levels", "stock_movements")]
    run = ask(desk, fake, "run", "orders", *APPLY)
    assert (run["outcome"], run["changes"]["created"]) == ("applied", 1)
    after = [rows_of(desk.target_url, table) for table in ("stock_levels", "stock_movements")]
    assert [table.rows() for table in after] == [table.rows() for table in before]


@pytest.mark.thorough
def test_nothing_of_a_buyer_leaves_the_stored_files_and_the_till(desk, fake):
    open_till(desk.target_url, {"MUG": 10})
    keys = {"woo_url": fake.url, "woo_key": fake.keys.key, "woo_secret": fake.keys.secret}

    typed = desk.type("run", "orders", *APPLY, be=command_with_engine, **keys)

    assert typed.code == 4, typed
    run_id = re.findall(r"Run: +(\w+)", typed.out)[0]
    seen_by_prefect = prefect_tells(desk, run_id)
    assert (
        "Applied with rejects" in seen_by_prefect and "Stock by product" in seen_by_prefect
    )  # the search finds something
    ledger = Path(desk.environment["COUNTERFOIL_LEDGER_URL"].removeprefix("sqlite:///"))
    left = {"terminal": typed.out + typed.err, "Prefect": seen_by_prefect}
    left |= {file.name: file.read_bytes().decode("latin-1") for file in ledger.parent.glob("ledger.sqlite*")}
    secret = fake.keys.secret
    assert {place for place, text in left.items() if PERSONAL.search(text) or secret in text} == set()
