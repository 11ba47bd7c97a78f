"""The history of a web shop by the command line: what goes in, what waits, what it does to stock, and the way back."""

import csv
import io
from typing import Any

import polars as pl
import pytest

from tests.desk import Desk
from tests.shop_orders import item, order, page, refund, returned, shipping
from tests.tills import edit_line, edit_sale, open_till, rows_of, sales_in, stock_in

APPLY = ("--mode", "apply")
CREATE = ("--on-missing-product", "create")


def imported(desk: Desk, *orders: Any, options: tuple[str, ...] = APPLY, code: int = 0, **settings: str) -> Any:
    desk.write("orders.json", page(*orders))
    return desk.ask("run", "orders", "orders.json", *options, code=code, **settings)


def mug(line: int = 1, quantity: int = 1, **fields: Any) -> Any:
    return item(line, quantity, product_id=7, sku="mug", name="Mug", **fields)


def gone(line: int = 2) -> Any:
    return item(line, 1, product_id=0, sku=None, name="Gone jug")


def test_orders_go_in_once_and_stock_follows(desk):
    open_till(desk.target_url, {"MUG": 10, "CAP": 3})
    orders = [order(1, [mug(quantity=2), shipping(5, "4.00")]), order(2, [mug(), item(3, 1, sku=" C AP")])]

    shown = imported(desk, *orders, options=())
    assert (shown["outcome"], shown["changes"]["created"]) == ("previewed", 2)
    assert stock_in(desk.target_url) == {"CAP": 3, "MUG": 10}

    first = imported(desk, *orders)
    assert (first["outcome"], first["changes"]["created"]) == ("applied", 2)
    assert stock_in(desk.target_url) == {"CAP": 2, "MUG": 7}

    again = imported(desk, *orders)
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 2)
    assert stock_in(desk.target_url) == {"CAP": 2, "MUG": 7}
    desk.ask("verify-run", first["run_id"])


@pytest.mark.thorough
def test_an_order_that_changed_is_not_written_over_a_sale_that_was_edited_at_the_till(desk):
    open_till(desk.target_url, {"MUG": 10})
    imported(desk, order(1, [mug(quantity=3)]), order(2, [mug()]))
    edit_line(desk.target_url, "woocommerce:1", "1", quantity_milli=2000)
    edit_sale(desk.target_url, "woocommerce:2", total_cents=1000)
    before = rows_of(desk.target_url, "sales")

    run = imported(desk, order(1, [mug(quantity=4)]), order(2, [mug(quantity=2)]), order(3, [mug()]), code=4)

    assert (run["outcome"], run["changes"]["created"], run["changes"]["conflict"]) == ("partly_applied", 1, 2)
    assert rows_of(desk.target_url, "sales").filter(pl.col("order_key") != "woocommerce:3").equals(before)
    assert stock_in(desk.target_url) == {"MUG": 5}
    page_of_it = desk.read(desk.fetch(run["run_id"], "report.html"))
    assert "Changed on both sides" in page_of_it and "Quantity at the till" in page_of_it
    # what is made at the till what the order is now, is settled
    edit_line(desk.target_url, "woocommerce:1", "1", quantity_milli=3000)
    settled = imported(desk, order(1, [mug(quantity=4)]))
    assert (settled["changes"]["updated"], stock_in(desk.target_url)) == (1, {"MUG": 4})


@pytest.mark.thorough
def test_an_order_that_changed_since_moves_stock_by_the_difference(desk):
    open_till(desk.target_url, {"MUG": 10})
    imported(desk, order(1, [mug(quantity=3)]))
    taken_back = refund(90, "12.00", [returned(91, 1, -1, "-10.00", "-2.00", product_id=7, sku="mug", name="Mug")])
    sold = mug(quantity=3, meta_data=[{"id": 1, "key": "_restock_refunded_items", "value": "1"}])
    changed = imported(desk, order(1, [sold], [taken_back]) | {"refunds": [taken_back]}, code=0)
    assert (changed["outcome"], changed["changes"]["updated"]) == ("applied", 1)
    assert rows_of(desk.target_url, "sales")["refunded_cents"].item() == 1200

    voided = imported(desk, order(1, [mug(quantity=3)], status="cancelled"))
    assert voided["changes"]["updated"] == 1
    assert (sales_in(desk.target_url), stock_in(desk.target_url)) == ({"woocommerce:1": "voided"}, {"MUG": 10})


@pytest.mark.thorough
def test_an_order_with_a_deleted_product_waits_whole_and_the_others_go_on(desk):
    open_till(desk.target_url, {"MUG": 10})
    run = imported(desk, order(1, [mug(), gone()]), order(2, [mug()]), code=4)
    assert (run["outcome"], run["changes"]["created"], run["changes"]["held"]) == ("applied_with_rejects", 1, 1)
    assert sales_in(desk.target_url) == {"woocommerce:2": "closed"}
    (row,) = csv.DictReader(io.StringIO(desk.read(desk.fetch(run["run_id"], "held.csv")).lstrip("\ufeff")))
    assert (row["Order"], row["Line"], row["Name"], row["New SKU"]) == ("1", "2", "Gone jug", "")
    assert row["Why"] == "the product of a line was deleted in the shop"


def filled_in(desk: Desk, run_id: str, sku: str) -> str:
    """Fetch the file of what holds orders, and name *sku* on each of its rows."""
    rows = list(csv.DictReader(io.StringIO(desk.read(desk.fetch(run_id, "held.csv")).lstrip("\ufeff"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(row | {"New SKU": sku} for row in rows)
    return text.getvalue()


@pytest.mark.thorough
def test_a_corrections_file_takes_just_the_orders_that_wait(desk):
    open_till(desk.target_url, {"MUG": 10, "JUG": 5})
    first = imported(desk, order(1, [mug(), gone()]), order(2, [mug()]), order(3, [gone(9)]), code=4)
    desk.write("corrected.csv", filled_in(desk, first["run_id"], "jug"))

    run = desk.ask("run", "orders", "corrected.csv", *APPLY)

    assert (run["outcome"], run["changes"]["created"], run["rows"]["in"]) == ("applied", 2, 2)
    assert run["follows"] == first["run_id"]
    assert stock_in(desk.target_url) == {"JUG": 3, "MUG": 8}
    # what a person said of a line is remembered by the sale itself
    again = imported(desk, order(1, [mug(quantity=2), gone()]), order(3, [gone(9)]))
    assert (again["changes"]["updated"], again["changes"]["unchanged"]) == (1, 1)
    assert stock_in(desk.target_url) == {"JUG": 3, "MUG": 7}


@pytest.mark.thorough
def test_a_mapping_of_the_shop_names_products_for_every_run(desk):
    open_till(desk.target_url, {"MUG": 10})
    orders = [order(1, [item(1, 1, sku="OLD-MUG")])]
    map_it = (*APPLY, "--on-missing-product", "map")
    assert "is not there" in imported(desk, *orders, options=map_it, code=2)["says"]
    desk.storage.put("inbox/mappings/orders.csv", b"Order,Line,SKU,New SKU\n,,old-mug,MUG\n")
    assert imported(desk, *orders, options=map_it)["changes"]["created"] == 1
    assert stock_in(desk.target_url) == {"MUG": 9}


@pytest.mark.thorough
def test_products_are_made_only_if_asked_and_before_the_sales(desk):
    open_till(desk.target_url, {"MUG": 10})
    orders = [order(1, [item(1, 2, sku="NEW", name="New cap", product_id=44)])]
    assert imported(desk, *orders, code=4)["changes"]["held"] == 1

    asked = imported(desk, *orders, options=(*APPLY, *CREATE), code=3)
    assert [concern["code"] for concern in asked["concerns"]] == ["ORDER_STOCK_NEGATIVE"]
    desk.ask("approve", asked["plan_id"], "--by", "Ann", "--why", "delivered tomorrow")
    run = imported(desk, *orders, options=(*APPLY, *CREATE))
    assert (run["outcome"], run["changes"]["created"]) == ("applied", 1)
    (made,) = rows_of(desk.target_url, "products").filter(sku="NEW").iter_rows(named=True)
    assert (made["name"], made["price_cents"], made["source"], made["source_id"]) == (
        "New cap",
        600,
        "woocommerce",
        "44",
    )
    assert stock_in(desk.target_url) == {"MUG": 10, "NEW": -2}
    assert imported(desk, *orders, options=(*APPLY, *CREATE))["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_a_neutral_history_comes_in_and_todays_stock_stays(desk):
    open_till(desk.target_url, {"MUG": 1})
    run = imported(desk, order(1, [mug(quantity=5)]), options=(*APPLY, "--stock", "neutral"))
    assert (run["outcome"], run["concerns"]) == ("applied", [])
    assert stock_in(desk.target_url) == {"MUG": 1}
    moved = rows_of(desk.target_url, "stock_movements").filter(order_key="woocommerce:1")
    assert sorted(moved.select("reason", "quantity_milli").rows()) == [("neutral", 5000), ("sale", -5000)]


def test_a_till_without_a_register_is_to_be_opened_first(desk):
    says = imported(desk, order(1, [mug()]), code=2)["says"]
    assert says.startswith("The till has no register to book sales on. Open it first")


@pytest.mark.thorough
def test_the_register_is_named_where_there_are_several(desk):
    open_till(desk.target_url, {"MUG": 10}, registers=["Counter", "Web"])
    assert "'Counter', 'Web'" in imported(desk, order(1, [mug()]), code=2)["says"]
    imported(desk, order(1, [mug()]), options=(*APPLY, "--at-register", "web"))
    assert rows_of(desk.target_url, "sales")["register_id"].item() == "r2"


@pytest.mark.thorough
def test_the_backup_for_people_and_the_proof_are_among_the_files(desk):
    open_till(desk.target_url, {"MUG": 10})
    run = imported(desk, order(1, [mug(quantity=2)]))
    backup = desk.read(desk.fetch(run["run_id"], "stock-before.csv"))
    assert "mug,MUG,Mug,yes,yes,main,10.0" in backup
    assert {report_table["name"] for report_table in run["exhibits"]} >= {
        "stock-proof",
        "totals-by-day",
        "orders-by-day",
        "stock",
    }


@pytest.mark.thorough
def test_of_chosen_lines_only_their_stock_moves_and_only_their_products_are_made(desk):
    open_till(desk.target_url, {"MUG": 10, "CAP": 3})
    orders = [
        order(1, [mug(quantity=2)]),
        order(2, [mug(), item(3, 1, sku="cap")]),
        order(3, [mug(), item(4, 0, product_id=9, sku="pan", name="Pan")]),
    ]
    first = imported(desk, *orders, options=(*APPLY, *CREATE, "--lines", "1-2"), code=4)
    assert (first["changes"]["created"], first["changes"]["held"]) == (2, 1)
    assert (stock_in(desk.target_url), "Pan" in products_of(desk)) == ({"CAP": 2, "MUG": 7}, False)

    rest = imported(desk, *orders, options=(*APPLY, *CREATE))
    assert (rest["changes"]["created"], rest["changes"]["unchanged"]) == (1, 2)
    assert (stock_in(desk.target_url)["MUG"], "Pan" in products_of(desk)) == (6, True)


@pytest.mark.thorough
def test_a_product_that_a_chosen_line_needs_is_made(desk):
    open_till(desk.target_url, {"MUG": 10})
    orders = [order(1, [mug()]), order(2, [item(4, 0, product_id=9, sku="pan", name="Pan")])]
    run = imported(desk, *orders, options=(*APPLY, *CREATE, "--lines", "2"), code=4)
    assert (run["changes"]["created"], run["changes"]["held"]) == (1, 1)
    assert "Pan" in products_of(desk)


def products_of(desk: Desk) -> list[str]:
    return rows_of(desk.target_url, "products")["name"].to_list()
