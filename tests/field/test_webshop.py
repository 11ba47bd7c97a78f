"""Cases from the field that the web shop's side decides, each with its right value."""

from pathlib import Path

import polars as pl

from tasks.core.orders.answers import read_answers
from tasks.core.orders.matching import NO_CORRECTIONS, match_lines
from tasks.core.orders.order_parser import read_orders
from tasks.core.orders.rules import OrderRules
from tests.order_lines import BOOKED, till_products

FOLDER = Path(__file__).parent


def test_h08_two_skus_that_differ_in_zeros_never_end_on_one_product():
    till = pl.read_csv(FOLDER / "H08-till.csv", infer_schema=False)
    products = till_products(
        "product_id | sku\n" + "\n".join(f"{n} | {s}" for n, s in till.select("Name", "SKU").rows())
    )
    rules = OrderRules()
    page = (FOLDER / "H08-two-skus-that-differ-in-zeros.json").read_bytes()
    lines = read_orders(read_answers([page], [], rules), rules).lines
    found = match_lines(lines, products, pl.DataFrame(schema=BOOKED), NO_CORRECTIONS, source="woocommerce")
    assert found.select("sku", "product_id", "code").rows() == [
        ("0123", "", "ORDER_LINE_SKU_AMBIGUOUS"),
        ("123", "Cable", ""),
    ]
