"""Sales as a till holds them, or as a file tells them, as lines that can be compared with failures."""

import polars as pl

from schemas.loyalty.witnesses import SALES
from tasks.core.loyalty.item_codes import item_codes

_LINES = pl.List(
    pl.Struct(
        {"kind": pl.String, "sku": pl.String, "name": pl.String, "quantity_milli": pl.Int64}
        | {"net_cents": pl.Int64, "tax_cents": pl.Int64}
    )
)


def lines_of_sales(sales: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """Take the lines out of sales (``order_key, sold_at, customer_id, lines``); the day is the shop's own."""
    at = pl.col("sold_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    lines = (
        sales.with_columns(
            sold_on=at.dt.convert_time_zone(zone).dt.date(), line=pl.col("lines").str.json_decode(_LINES)
        )
        .explode("line")
        .unnest("line")
        .filter(pl.col("kind").is_in(["item", "refund"]) & (pl.col("sku") != ""))
    )
    named = lines.select(
        "customer_id",
        "sold_on",
        "quantity_milli",
        sale_id=pl.col("order_key").str.replace(r"^[^:]*:", ""),
        upc=item_codes(pl.col("sku")),
        item=pl.col("name").fill_null(""),
        paid_cents=pl.col("net_cents") + pl.col("tax_cents"),
    )
    return named.select(*SALES).cast(SALES)
