"""What the till would overwrite in the web shop."""

import polars as pl

from tasks.core.orders.catalogue_details import web_ids
from tasks.core.web_shop.overwrites import levels_after, overwritten
from tasks.core.web_shop.push import as_offered
from tests.order_lines import order_lines, till_products
from tests.tables import frame

SHOP = dict.fromkeys(
    ("web_id", "type", "sku", "name", "description", "regular_price", "counts_stock", "stock"), pl.String
)
LEVELS = {"product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64}


def test_a_product_of_the_shop_is_one_of_the_till_or_none():
    lines = order_lines(
        """
        source_product_id | source_variation_id
        7                 |
        7                 |
        20                | 201
        0                 |
        9                 |
        9                 |
        """
    ).with_columns(product_id=pl.Series(["mug", "mug", "cap", "jug", "tea", "tea-2"]))
    assert web_ids(lines).rows() == [("cap", "20/201"), ("mug", "7")]


def test_each_field_is_shown_as_it_is_and_as_it_would_be():
    till = till_products("product_id | sku | name | price_cents\nmug | MUG-1 | Mug, blue | 1250")
    shop = frame(
        """
        web_id | type   | sku  | name | description | regular_price | counts_stock | stock
        7      | simple | MUG1 | Mug  | Hand made   | 12.50         | yes          | 40
        """,
        SHOP,
    )
    levels = frame("product_id | outlet_id | quantity_milli\nmug | main | 9000\nmug | web | 1000", LEVELS)
    effect = pl.DataFrame({"product_id": ["mug"], "outlet_id": ["main"], "after_milli": [6_500]})
    offered = as_offered(till, levels_after(levels, effect, "main"), 2)
    _, rows = overwritten(pl.DataFrame({"product_id": ["mug"], "web_id": ["7"]}), offered, shop)
    assert rows.select("field", "in_shop", "at_till").rows() == [
        ("SKU", "MUG1", "MUG-1"),
        ("name", "Mug", "Mug, blue"),
        ("stock", "40", "6"),
    ]
