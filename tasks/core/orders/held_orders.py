"""The file of lines that hold their orders, to be filled in and handed in again: which product each is about."""

import polars as pl

from schemas.orders.files import ORDER_CORRECTIONS
from tasks.core.orders.report_tables import held_lines


def held_rows(matched: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame, *, run_id: str) -> pl.DataFrame:
    """Return the rows of the file (ORDER_CORRECTIONS), in the order of the orders; the new SKUs are left to people."""
    _, rows = held_lines(matched, orders, changes)
    in_particular = pl.when(pl.col("detail") != "").then(pl.format(" ({})", "detail")).otherwise(pl.lit(""))
    placed = rows.join(orders.select("order_id", at="line"), on="order_id", how="left", maintain_order="left")
    named = {
        "order_id": pl.col("order_id"),
        "number": pl.col("number"),
        "item": pl.col("line"),
        "name": pl.col("name"),
        "sku": pl.col("sku"),
        "product_id": pl.col("source_product_id"),
        "variation_id": pl.col("source_variation_id"),
        "why": pl.concat_str("why", in_particular),
        "new_sku": pl.lit(""),
    }
    headings = {column.name: column.heading for column in ORDER_CORRECTIONS.columns}
    reference = pl.format("{}:{}", pl.lit(run_id), "at").alias(ORDER_CORRECTIONS.reference_heading)
    return placed.select(*(cell.alias(headings[name]) for name, cell in named.items()), reference)
