"""The way back of an order import: exactly its sales are voided, their stock comes back, its products go or rest."""

import json
from typing import Any

import pytest
from openpyxl import load_workbook

from infra.connectors.sql.target import SqlTarget
from infra.databases.database import writing
from tests.connectors.till_sales import sell
from tests.databases import open_database
from tests.desk import Desk
from tests.shop_orders import item, order, page
from tests.tills import open_till, rows_of, sales_in, stock_in

APPLY = ("--mode", "apply", "--on-missing-product", "create", "--max-changed-rows", "1000")


def mug(quantity: int = 1) -> Any:
    return item(1, quantity, product_id=7, sku="mug", name="Mug")


def new(name: str, quantity: int = 1, line: int = 2) -> Any:
    """Sell a product that the till does not have."""
    return item(line, quantity, product_id=int.from_bytes(name.encode()), sku=name, name=name)


def imported(desk: Desk, *orders: Any, stock: str = "neutral") -> str:
    """Import orders and return the run; neutral, so that no new product is sold below zero, unless told otherwise."""
    desk.write("orders.json", page(*orders))
    run = desk.ask("run", "orders", "orders.json", *APPLY, "--stock", stock)
    assert run["outcome"] == "applied"
    return str(run["run_id"])


def undone(desk: Desk, run_id: str, *options: str, code: int = 0) -> dict[str, Any]:
    return desk.ask("restore", run_id, "--mode", "apply", *options, code=code)


def report_of(desk: Desk, run_id: str, report_table: str) -> Any:
    """Return the rows of a report table, as the report says them to programs."""
    parsed = json.loads(desk.read(desk.fetch(run_id, "report.json")))
    return next(each["rows"] for each in parsed["exhibits"] if each["name"] == report_table)


def active(desk: Desk) -> dict[str, str]:
    return dict(rows_of(desk.target_url, "products").sort("sku").select("sku", "active").iter_rows())


def assert_even(desk: Desk) -> None:
    assert SqlTarget(open_database(desk.target_url)).uneven_levels().is_empty()


def test_exactly_the_sales_of_the_run_are_voided_and_their_stock_comes_back(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [mug(2)]), order(2, [mug(3)]), stock="deduct")
    imported(desk, order(3, [mug(4)]), stock="deduct")
    sell(open_database(desk.target_url), "mug")

    run = undone(desk, first)

    assert (run["outcome"], run["changes"]["updated"]) == ("applied", 2)
    assert sales_in(desk.target_url) == {
        "woocommerce:1": "voided",
        "woocommerce:2": "voided",
        "woocommerce:3": "closed",
    }
    assert stock_in(desk.target_url) == {"MUG": 15}
    (proof,) = (report_table for report_table in run["exhibits"] if report_table["name"] == "stock-returned")
    assert proof["title"] == "Stock returned, read back"
    shown = report_of(desk, run["run_id"], "stock-returned")
    assert shown == [
        {
            "sku": "MUG",
            "name": "Mug",
            "outlet_id": "main",
            "before_milli": 10_000,
            "returned_milli": 5_000,
            "after_milli": 15_000,
            "elsewhere_milli": 0,
            "now_milli": 15_000,
            "others_milli": -5_000,
            "agrees": True,
        }
    ]
    assert undone(desk, first)["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_the_proof_of_a_restore_is_on_the_page_and_in_the_workbook_beside_a_backup(desk):
    open_till(desk.target_url, {"MUG": 20})
    run = undone(desk, imported(desk, order(1, [mug(2)]), stock="deduct"))

    page_of_it = desk.read(desk.fetch(run["run_id"], "report.html"))
    assert "Stock returned, read back" in page_of_it and "Moved since, left alone" in page_of_it
    workbook = load_workbook(desk.folder / desk.fetch(run["run_id"], "report.xlsx"))
    headings, row = workbook["Stock returned"].iter_rows(max_row=2, values_only=True)
    assert headings[3:5] == ("Before", "Returned")
    assert row[:9] == ("MUG", "Mug", "main", 18, 2, 20, 0, 20, 0)
    assert ",MUG,Mug,yes,yes,main,18.0" in desk.read(desk.fetch(run["run_id"], "stock-before.csv"))


@pytest.mark.thorough
def test_a_restore_whose_stock_does_not_add_up_says_so(desk):
    """The till loses what one sale gives back: its level moves, but nothing tells why."""
    open_till(desk.target_url, {"MUG": 20, "CAP": 20})
    cap = item(1, 1, product_id=8, sku="cap", name="Cap")
    first = imported(desk, order(1, [mug(2)]), order(2, [cap]), stock="deduct")
    with writing(open_database(desk.target_url)) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER lose BEFORE INSERT ON stock_movements WHEN NEW.product_id = 'cap' "
            "BEGIN SELECT RAISE(IGNORE); END"
        )

    run = undone(desk, first, code=4)

    assert run["discrepancies"] == [
        "The stock of 1 product did not move as the sales say: see the stock, read back.",
        "1 level of the till is not the sum of what moved. See uneven-levels.csv.",
    ]
    shown = {row["sku"]: row["agrees"] for row in report_of(desk, run["run_id"], "stock-returned")}
    assert shown == {"CAP": False, "MUG": True}


@pytest.mark.thorough
def test_a_restore_of_the_restore_brings_sales_products_and_stock_back(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [mug(2), new("cap")]))
    before = rows_of(desk.target_url, "sales").drop("updated_at")
    back = undone(desk, first)
    assert active(desk) == {"MUG": "yes"}

    undone(desk, back["run_id"])

    assert rows_of(desk.target_url, "sales").drop("updated_at").equals(before)
    assert (active(desk), stock_in(desk.target_url)) == ({"MUG": "yes", "cap": "yes"}, {"MUG": 20, "cap": 0})
    assert rows_of(desk.target_url, "sale_lines")["product_id"].null_count() == 0


@pytest.mark.thorough
def test_products_go_unless_another_sale_refers_to_them(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [new("cap"), new("jug", line=3)]))
    imported(desk, order(2, [new("cap")]))

    run = undone(desk, first)

    assert active(desk) == {"MUG": "yes", "cap": "no"}
    (shown,) = (report_table for report_table in run["exhibits"] if report_table["name"] == "products-beside")
    assert "1 updated, 1 removed" in shown["says"]
    assert_even(desk)
    again = undone(desk, run["run_id"])
    assert (again["outcome"], active(desk)) == ("applied", {"MUG": "yes", "cap": "yes", "jug": "yes"})
    desk.ask("verify-run", run["run_id"])


def imported_again(desk: Desk, *orders: Any) -> str:
    """Import orders whose sales are voided at the till: a person approves that they count again."""
    desk.write("orders.json", page(*orders))
    options = (*APPLY, "--stock", "deduct")
    asked = desk.ask("run", "orders", "orders.json", *options, code=3)
    run = desk.ask("run", "orders", "orders.json", *options, "--approved", asked["plan_id"])
    assert run["outcome"] == "applied"
    return str(run["run_id"])


@pytest.mark.thorough
def test_a_sale_that_a_later_run_wrote_again_is_that_runs(desk):
    """Each step, what it did to the sale, and how many mugs are left of twenty.

    import R   created  18
    restore R  voided   20
    import S   again    18
    restore R  nothing  18  the sale is S's
    restore S  voided   20
    restore R  nothing  20  all is back
    """
    open_till(desk.target_url, {"MUG": 20})
    closed, voided = ({"woocommerce:1": state} for state in ("closed", "voided"))

    def left() -> tuple[dict[str, str], dict[str, float]]:
        return sales_in(desk.target_url), stock_in(desk.target_url)

    first = imported(desk, order(1, [mug(2)]), stock="deduct")
    undone(desk, first)
    assert left() == (voided, {"MUG": 20})
    again = imported_again(desk, order(1, [mug(2)]))
    assert left() == (closed, {"MUG": 18})

    held = undone(desk, first, code=4)

    assert (held["changes"]["updated"], held["changes"]["conflict"]) == (0, 1)
    conflicts = desk.read(desk.fetch(held["run_id"], "conflicts"))
    assert f"written again by run {again}" in conflicts
    assert f"run wrote it again since, so it is that run's and was left alone (run {again})" in held_text(desk, held)
    assert left() == (closed, {"MUG": 18})
    undone(desk, again)
    assert left() == (voided, {"MUG": 20})
    assert undone(desk, first)["outcome"] == "nothing_to_do"


def held_text(desk: Desk, run: dict[str, Any]) -> str:
    """Return what the workbook of a run says of its changes."""
    workbook = load_workbook(desk.folder / desk.fetch(run["run_id"], "report.xlsx"))
    return "\n".join(str(cell) for row in workbook["Changes"].iter_rows(values_only=True) for cell in row)


@pytest.mark.thorough
def test_runs_are_undone_one_after_another_the_last_one_first(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [mug(2)]), stock="deduct")
    changed = imported(desk, order(1, [mug(5)]), stock="deduct")
    assert undone(desk, first, code=4)["changes"]["conflict"] == 1
    assert stock_in(desk.target_url) == {"MUG": 15}

    undone(desk, changed)
    assert stock_in(desk.target_url) == {"MUG": 18}
    undone(desk, first)
    assert (sales_in(desk.target_url), stock_in(desk.target_url)) == ({"woocommerce:1": "voided"}, {"MUG": 20})


@pytest.mark.thorough
def test_a_product_that_a_later_run_made_again_is_that_runs(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [new("cap")]))
    undone(desk, first)
    assert active(desk) == {"MUG": "yes"}
    desk.write("orders.json", page(order(1, [new("cap")])))
    asked = desk.ask("run", "orders", "orders.json", *APPLY, "--stock", "neutral", code=3)
    desk.ask("run", "orders", "orders.json", *APPLY, "--stock", "neutral", "--approved", asked["plan_id"])
    assert active(desk) == {"MUG": "yes", "cap": "yes"}

    undone(desk, first, code=4)

    assert (active(desk), sales_in(desk.target_url)) == ({"MUG": "yes", "cap": "yes"}, {"woocommerce:1": "closed"})


@pytest.mark.thorough
def test_a_preview_shows_what_becomes_of_the_products_and_does_nothing(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [new("cap")]))

    run = desk.ask("restore", first)

    assert (run["outcome"], run["changes"]["updated"]) == ("previewed", 1)
    assert [report_table["name"] for report_table in run["exhibits"]] == ["products-beside"]
    assert (active(desk), sales_in(desk.target_url)) == ({"MUG": "yes", "cap": "yes"}, {"woocommerce:1": "closed"})


@pytest.mark.thorough
def test_a_sale_that_someone_edited_since_stays_and_keeps_its_product(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [new("cap")]), order(2, [new("jug"), mug(2)]), stock="neutral")
    imported(desk, order(2, [new("jug"), mug(3)]))

    run = undone(desk, first, code=4)

    assert (run["changes"]["updated"], run["changes"]["conflict"]) == (1, 1)
    assert sales_in(desk.target_url) == {"woocommerce:1": "voided", "woocommerce:2": "closed"}
    assert active(desk) == {"MUG": "yes", "jug": "no"}


@pytest.mark.thorough
def test_only_some_sales_can_be_undone_and_the_products_stay(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [new("cap")]), order(2, [new("cap")]))
    desk.write("only.csv", "woocommerce:2\n")

    undone(desk, first, "--only", "only.csv")

    assert sales_in(desk.target_url) == {"woocommerce:1": "closed", "woocommerce:2": "voided"}
    assert active(desk) == {"MUG": "yes", "cap": "yes"}


@pytest.mark.thorough
def test_an_order_imported_again_after_a_restore_comes_back_once(desk):
    open_till(desk.target_url, {"MUG": 20})
    first = imported(desk, order(1, [mug(2)]), stock="deduct")
    undone(desk, first)

    desk.write("orders.json", page(order(1, [mug(2)])))
    asked = desk.ask("run", "orders", "orders.json", *APPLY, code=3)
    assert [concern["code"] for concern in asked["concerns"]] == ["ORDER_VOIDED_AT_TILL"]
    desk.ask("approve", asked["plan_id"], "--by", "Ann", "--why", "it was right")
    again = desk.ask("run", "orders", "orders.json", *APPLY)

    assert (again["outcome"], again["changes"]["updated"]) == ("applied", 1)
    assert (sales_in(desk.target_url), stock_in(desk.target_url)) == ({"woocommerce:1": "closed"}, {"MUG": 18})
