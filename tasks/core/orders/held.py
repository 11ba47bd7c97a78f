"""The file of lines that hold their orders, to be filled in and handed in again: which product each is about."""

import polars as pl

from tasks.core.orders.showing import held_lines

HEADINGS = ("Order", "Number", "Line", "Name", "SKU", "Why", "New SKU")
"""Order, line and new SKU are read when the file comes back; the rest is for people."""


def held_rows(matched: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the file, in the order of the orders."""
    _, rows = held_lines(matched, orders, changes)
    told = rows.with_columns(
        why=pl.concat_str(
            "why", pl.when(pl.col("detail") != "").then(pl.format(" ({})", "detail")).otherwise(pl.lit(""))
        )
    )
    return told.select(
        Order="order_id",
        Number="number",
        Line="line",
        Name="name",
        SKU="sku",
        Why="why",
        **{"New SKU": pl.lit("")},
    )
