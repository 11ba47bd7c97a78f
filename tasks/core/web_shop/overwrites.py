"""What a till that is linked with a web shop would overwrite there: told before the link is made, field by field.

Source: the help article on order history (products that are linked by their SKU are overwritten in WooCommerce
with the till's details and levels).
"""

import polars as pl

from schemas.report_tables import ReportTable, ShownTable
from schemas.web_shop import PushField
from tasks.core.web_shop.push import decide_push

_FIELDS: tuple[PushField, ...] = ("sku", "name", "description", "price", "stock")
_COLUMNS = {"sku": "SKU", "name": "name", "description": "description", "regular_price": "price", "stock": "stock"}
FIELDS = tuple(_COLUMNS.values())
_UNKNOWN = ("", "0")


def levels_after(levels: pl.DataFrame, effect: pl.DataFrame, outlet_id: str) -> pl.DataFrame:
    """Return the levels of an outlet as the plan leaves them."""
    place = ["product_id", "outlet_id"]
    after = effect.select(*place, "after_milli")
    joined = levels.join(after, on=place, how="full", coalesce=True).filter(pl.col("outlet_id") == outlet_id)
    return joined.select(*place, quantity_milli=pl.coalesce("after_milli", "quantity_milli"))


def overwritten(pairs: pl.DataFrame, offered: pl.DataFrame, shop: pl.DataFrame) -> ShownTable:
    """List what *offered* products (``pushing.as_offered``) would overwrite in those of the *shop* (WebProducts)."""
    rows = offered.join(pairs, on="product_id", how="inner").with_columns(code=pl.lit(""))
    known = rows.filter(pl.col("web_id").is_in(shop["web_id"].implode()))
    changes, _ = decide_push(known, shop, _FIELDS)
    cells = [
        changes.filter(pl.col(f"{column}_before") != pl.col(f"{column}_after")).select(
            "web_id",
            pl.col("name_before").alias("name"),
            pl.lit(called).alias("field"),
            pl.col(f"{column}_before").alias("in_shop"),
            pl.col(f"{column}_after").alias("at_till"),
        )
        for column, called in _COLUMNS.items()
    ]
    report_table = ReportTable(
        name="overwritten-in-shop",
        title="What the till would overwrite in the web shop",
        says="Not by this run: where till and shop are linked, the till's details and levels replace the shop's.",
        private=False,
        headings={"web_id": "Id in the shop", "name": "Product", "at_till": "at the till"},
    )
    return report_table, pl.concat(cells).sort("name", "web_id", "field")
