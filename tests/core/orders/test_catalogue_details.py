"""What new products are like: as the web shop's catalogue has them, else as the last line that sold them."""

from typing import Any

import polars as pl
import pytest

from tasks.core.orders.catalogue_details import CatalogueTax, described
from tests.order_lines import order_lines, till_products
from tests.tables import frame

CATALOGUE = dict.fromkeys(
    ("web_id", "type", "sku", "name", "description", "regular_price", "counts_stock", "stock"), pl.String
)
WANTED = """
product_id | sku | name     | price_cents | source_id | source_variation_id
mug        | mug | Sold mug | 999         | 7         |
shirt      | S   | Shirt, S | 888         | 8         | 80
gone       | G   | Gone     | 777         | 9         |
"""
SHOP = """
web_id | type      | sku   | name | description | regular_price | counts_stock | stock
7      | simple    | MUG-1 | Mug  | Hand made   | 12.50         | yes          | 3
8/80   | variation | S-1   | S    | ""          | ""            | no           | ""
"""


NO_PRODUCTS = till_products("product_id\nx").clear()
NO_LINES = order_lines("sku\nx").clear().with_columns(product_id=pl.lit(""))


def describe(
    shop: str = SHOP, lines: pl.DataFrame = NO_LINES, till: pl.DataFrame = NO_PRODUCTS, tax: CatalogueTax = "with"
) -> tuple[list[Any], list[Any]]:
    made, origins = described(till_products(WANTED), frame(shop, CATALOGUE), lines, till, tax, 2)
    fields = ("product_id", "sku", "name", "description", "price_cents", "tracks_stock")
    return made.select(fields).rows(), origins.rows()


def test_what_the_catalogue_says_counts_and_what_it_does_not_is_as_the_line_has_it():
    made, origins = describe()
    assert made == [
        ("mug", "MUG-1", "Mug", "Hand made", 1250, "yes"),
        ("shirt", "S-1", "Shirt, S", "", 888, "no"),
        ("gone", "G", "Gone", "", 777, "yes"),
    ]
    assert origins == [
        ("mug", "SKU, name, description, price, whether stock is kept", ""),
        ("shirt", "SKU, whether stock is kept", "name, price"),
        ("gone", "", "SKU, name, price"),
    ]


def test_a_sku_that_the_till_has_already_stays_that_of_the_line():
    made, _ = describe(till=till_products("product_id | sku\nother | mug-1"))
    assert made[0][1] == "mug"


@pytest.mark.parametrize(("net", "tax", "price"), [(1000, 250, 1563), (1000, 0, 1250), (0, 0, 999)])
def test_a_price_without_tax_gets_the_tax_that_the_product_was_sold_with(net: int, tax: int, price: int):
    lines = order_lines(f"net_cents | tax_cents\n{net} | {tax}").with_columns(product_id=pl.lit("mug"))
    made, origins = describe(lines=lines, tax="without")
    assert made[0][4] == price
    assert ("price" in origins[0][2]) == (net == 0)


def test_stock_that_variations_share_is_kept():
    made, _ = describe(SHOP.replace("| no           |", "| parent       |"))
    assert made[1][-1] == "yes"
