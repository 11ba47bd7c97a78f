"""The file of lines that hold their orders, to be filled in and handed in again: which product each is about."""

import polars as pl

from schemas.orders.files import REFERENCE
from tasks.core.orders.report_tables import held_lines


def held_rows(matched: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame, *, run_id: str) -> pl.DataFrame:
    """Return the rows of the file (ORDER_CORRECTIONS), in the order of the orders; the new SKUs are left to people."""
    _, rows = held_lines(matched, orders, changes)
    in_particular = pl.when(pl.col("detail") != "").then(pl.format(" ({})", "detail")).otherwise(pl.lit(""))
    placed = rows.join(orders.select("order_id", at="line"), on="order_id", how="left", maintain_order="left")
    named = {
        "Order": pl.col("order_id"),
        "Number": pl.col("number"),
        "Line": pl.col("line"),
        "Name": pl.col("name"),
        "SKU": pl.col("sku"),
        "Product ID": pl.col("source_product_id"),
        "Variation ID": pl.col("source_variation_id"),
        "Why": pl.concat_str("why", in_particular),
        "New SKU": pl.lit(""),
        REFERENCE: pl.format("{}:{}", pl.lit(run_id), "at"),
    }
    return placed.select(**named)
