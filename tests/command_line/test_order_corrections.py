"""Orders that wait for a product: the file of a run, filled in, takes just these, with what people named."""

import csv
import io
from typing import Any

import pytest

from tests.desk import Desk
from tests.shop_orders import item, order, page
from tests.tills import open_till, rows_of, sales_in, stock_in

APPLY = ("--mode", "apply")


def mug(line: int = 1, quantity: int = 1) -> Any:
    return item(line, quantity, product_id=7, sku="MUG", name="Mug")


def gone(line: int, name: str = "Gone jug") -> Any:
    return item(line, 2, product_id=0, sku=None, name=name)


def filled_in(desk: Desk, run_id: str, said: dict[str, str]) -> str:
    """Fetch held.csv and name the SKUs that are *said* of products by their name."""
    rows = list(csv.DictReader(io.StringIO(desk.read(desk.fetch(run_id, "held.csv")).lstrip("\ufeff"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows([row | {"New SKU": said.get(row["Name"], "")} for row in rows])
    return desk.write("filled-in.csv", text.getvalue())


def test_held_orders_go_in_with_the_products_that_people_named_and_no_others_are_touched(desk):
    open_till(desk.target_url, {"MUG": 10, "JUG": 5})
    desk.write("orders.json", page(order(1, [mug(), gone(2)]), order(2, [mug()]), order(3, [gone(4, "Lost cap")])))
    first = desk.ask("run", "orders", "orders.json", *APPLY, code=4)
    assert sales_in(desk.target_url) == {"woocommerce:2": "closed"}

    file = filled_in(desk, first["run_id"], {"Gone jug": "jug"})
    second = desk.ask("run", "orders", file, *APPLY, code=4)
    assert (second["follows"], second["rows"]) == (first["run_id"], {"in": 2, "accepted": 2, "rejected": 0})
    assert (second["changes"]["created"], second["changes"]["held"]) == (1, 1)
    assert sales_in(desk.target_url) == {"woocommerce:1": "closed", "woocommerce:2": "closed"}
    assert stock_in(desk.target_url) == {"JUG": 3, "MUG": 8}

    third = desk.ask("run", "orders", filled_in(desk, second["run_id"], {"Lost cap": "JUG"}), *APPLY)
    assert third["changes"]["created"] == 1
    assert stock_in(desk.target_url) == {"JUG": 1, "MUG": 8}

    again = desk.ask("run", "orders", file, *APPLY)
    assert again["outcome"] == "nothing_to_do"
    assert rows_of(desk.target_url, "sales").height == 3


@pytest.mark.thorough
def test_a_corrected_order_that_the_shop_sends_again_asks_for_nothing(desk):
    open_till(desk.target_url, {"JUG": 5})
    desk.write("orders.json", page(order(1, [gone(2)])))
    first = desk.ask("run", "orders", "orders.json", *APPLY, code=4)
    desk.ask("run", "orders", filled_in(desk, first["run_id"], {"Gone jug": "JUG"}), *APPLY)
    assert desk.ask("run", "orders", "orders.json", *APPLY)["outcome"] == "nothing_to_do"
    assert stock_in(desk.target_url) == {"JUG": 3}


def test_a_file_of_corrections_that_does_not_say_of_which_run_it_is_is_turned_away(desk):
    open_till(desk.target_url, {"JUG": 5})
    desk.write("corrections.csv", "Order,Line,SKU,New SKU\n1,2,,JUG\n")
    said = desk.ask("run", "orders", "corrections.csv", *APPLY, code=2)["says"]
    assert "held.csv" in said and "Counterfoil row" in said
