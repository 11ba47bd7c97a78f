"""How a till begins: a list of products and how many there are of each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.connectors.sql.target import SqlTarget
from infra.ledger import Ledger
from schemas.leases import Lease
from tests.connectors.till_sales import sell
from tests.databases import open_database
from tests.desk import Desk
from tests.tills import rows_of, stock_in

LIST = "SKU,Name,Price,Stock\nMUG,Mug,12.50,10\nCAP,Cap,8.00,0.5\n00017,,,0\n"
APPLY = ("--mode", "apply")
MINUTES = timedelta(minutes=1)


def opened(desk: Desk, content: str = LIST, *options: str, code: int = 0) -> dict[str, Any]:
    desk.write("stock.csv", content)
    return desk.ask("run", "stock", "stock.csv", *APPLY, *options, code=code)


def test_a_till_begins_with_outlet_register_products_and_stock(desk):
    desk.write("stock.csv", LIST)
    shown = desk.ask("run", "stock", "stock.csv")
    assert (shown["outcome"], shown["changes"]["created"]) == ("previewed", 3)
    (places,) = (report_table for report_table in shown["exhibits"] if report_table["name"] == "places")
    assert "it stays when the run is undone" in places["says"]
    tables = ("outlets", "registers", "products", "stock_levels", "stock_movements", "counterfoil_batches")
    assert all(rows_of(desk.target_url, table).is_empty() for table in tables), "a preview makes nothing at all"

    run = opened(desk)

    assert (run["outcome"], run["changes"]["created"]) == ("applied", 3)
    assert rows_of(desk.target_url, "registers").select("register_id", "name", "outlet_id").rows() == [
        ("counter", "Counter", "main")
    ]
    assert stock_in(desk.target_url) == {"00017": 0, "CAP": 0.5, "MUG": 10}
    products = rows_of(desk.target_url, "products").sort("sku").select("sku", "name", "price_cents")
    assert products.rows() == [("00017", "00017", 0), ("CAP", "Cap", 800), ("MUG", "Mug", 1250)]
    assert SqlTarget(open_database(desk.target_url)).uneven_levels().is_empty()
    assert opened(desk)["outcome"] == "nothing_to_do"


def test_a_quantity_that_is_blank_among_others_is_asked_about(desk):
    run = opened(desk, "SKU,Name,Stock\nMUG,Mug,10\nCAP,Cap,\n", code=3)

    assert (run["outcome"], [concern["code"] for concern in run["concerns"]]) == ("needs_approval", ["STOCK_BLANK"])
    assert rows_of(desk.target_url, "stock_levels").is_empty()


@pytest.mark.thorough
def test_some_lines_go_in_first_and_the_rest_with_the_next_run(desk):
    first = opened(desk, LIST, "--lines", "2", code=4)
    assert (first["changes"]["created"], first["changes"]["held"]) == (1, 2)
    assert stock_in(desk.target_url) == {"MUG": 10}
    assert rows_of(desk.target_url, "products")["sku"].to_list() == ["MUG"]

    rest = opened(desk)
    assert (rest["changes"]["created"], rest["changes"]["unchanged"]) == (2, 1)
    assert stock_in(desk.target_url) == {"00017": 0, "CAP": 0.5, "MUG": 10}
    desk.ask("restore", first["run_id"], *APPLY)
    assert stock_in(desk.target_url) == {"00017": 0, "CAP": 0.5}


@pytest.mark.thorough
def test_a_till_is_not_opened_while_another_run_changes_it(desk):
    moment = datetime.now(UTC)
    ledger = Ledger(open_database(desk.environment["COUNTERFOIL_LEDGER_URL"]))
    about = {"flow": "orders", "mode": "apply", "target": "sql", "source": "night.json", "submitted_by": "Anna"}
    ledger.start_run(run_id="0123456789ab", domain="orders", options={}, now=moment, **about)
    lease = Lease(place="the till@sql", run_id="0123456789ab", process="elsewhere/1", expires_at=moment + 3 * MINUTES)
    ledger.leases.take(lease, moment)

    refused = opened(desk, code=5)

    assert "Run 0123456789ab is changing the till" in refused["says"]
    assert rows_of(desk.target_url, "outlets").is_empty()
    desk.write("stock.csv", LIST)
    assert desk.ask("run", "stock", "stock.csv")["outcome"] == "previewed", "who changes nothing is in nobody's way"


@pytest.mark.thorough
def test_what_was_sold_or_counted_since_is_never_overwritten(desk):
    opened(desk)
    product = rows_of(desk.target_url, "products").filter(sku="MUG")["product_id"].item()
    sell(open_database(desk.target_url), product)

    run = opened(desk, LIST + "TEA,Tea,3,7\n", code=4)

    assert (run["changes"]["created"], run["changes"]["held"], run["changes"]["unchanged"]) == (1, 1, 2)
    assert stock_in(desk.target_url)["MUG"] == 9


@pytest.mark.thorough
def test_another_outlet_has_stock_of_its_own(desk):
    opened(desk)
    opened(desk, "SKU,Stock\nmug,3\n", "--outlet", "Harbour Street", "--register", "Harbour")

    levels = rows_of(desk.target_url, "stock_levels").sort("outlet_id")
    assert levels.filter(outlet_id="harbour-street")["quantity_milli"].to_list() == [3000]
    assert stock_in(desk.target_url)["MUG"] == 13
    assert len(rows_of(desk.target_url, "products")) == 3
    assert (
        "another outlet"
        in opened(desk, "SKU,Stock\nmug,3\n", "--outlet", "Pier", "--register", "harbour", code=2)["says"]
    )


@pytest.mark.thorough
def test_rows_that_cannot_be_right_come_back(desk):
    run = opened(desk, "SKU;Name;Price;Stock\nA;;1,50;2\n;No SKU;1;1\nB;;x;1\nC;;1;-1\nD;;1;1\nd;;1;2\n", code=4)

    assert (run["rows"]["accepted"], run["rows"]["rejected"]) == (1, 5)
    assert stock_in(desk.target_url) == {"A": 2}
    rejects = desk.read(desk.fetch(run["run_id"], "rejects"))
    for said in ("no SKU", "below zero", "write zero or more", "also on line 7"):
        assert said in rejects


@pytest.mark.thorough
def test_an_opening_that_nothing_moved_since_can_be_undone_with_its_products(desk):
    run = opened(desk)
    product = rows_of(desk.target_url, "products").filter(sku="MUG")["product_id"].item()
    sell(open_database(desk.target_url), product)

    back = desk.ask("restore", run["run_id"], *APPLY, code=4)

    assert (back["changes"]["removed"], back["changes"]["conflict"]) == (2, 1)
    assert stock_in(desk.target_url) == {"MUG": 9}
    kept = rows_of(desk.target_url, "products").select("sku", "active").rows()
    assert kept == [("MUG", "no")]
