"""Which orders never arrived in the till, and what making them sync again means."""

import polars as pl

from schemas.web_shop import WEB_ORDERS
from tasks.core.planning.changes import arranged

RESOURCE = WEB_ORDERS.resource


def not_arrived(order_ids: pl.Series, source: str, sales: pl.Series) -> pl.DataFrame:
    """Return the orders, each once and by number, of which the till has no sale."""
    keys = pl.concat_str(pl.lit(f"{source}:"), pl.col("order_id"))
    wanted = order_ids.unique().alias("order_id").to_frame().filter(~keys.is_in(sales.implode()))
    return wanted.sort(pl.col("order_id").str.to_integer())


def decide_nudges(rows: pl.DataFrame, before: pl.DataFrame, reference: str) -> tuple[pl.DataFrame, int]:
    """List the orders to mark with *reference*, and count those that bear it already."""
    held = before.rename({column: f"{column}_before" for column in RESOURCE.columns})
    joined = rows.select("order_id").join(held, on="order_id", how="left", maintain_order="left")
    gone = pl.col("number_before").is_null()
    decided = joined.with_columns(
        pl.col("number_before").alias("number_after"),
        pl.col("status_before").alias("status_after"),
        pl.when(~gone).then(pl.lit(reference)).alias("mark_after"),
        kind=pl.when(gone).then(pl.lit("held")).otherwise(pl.lit("update")),
        code=pl.when(gone).then(pl.lit("WEB_ORDER_GONE")).otherwise(pl.lit("")),
        line=pl.lit(None, pl.UInt32),
        operation_id=pl.lit(None, pl.String),
        operation=pl.lit(None, pl.String),
    )
    changed = decided.filter(gone | (pl.col("mark_before") != reference))
    return arranged(changed, RESOURCE), decided.height - changed.height
