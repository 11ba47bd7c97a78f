"""The content of an order as one hash: whether what we import of it has changed, whenever it was saved.

Left out are words that a shop looks up anew each time it is asked (SKU, and the product's id, which becomes
nothing when a product is deleted), its own words for the state and for how it was paid, and the time of saving, which
viewing an order has been seen to move; and what an export of the same order need not tell (``counting``; seconds), so
that an order that came from a file is the same when the shop tells it. Whoever changes what goes in, or how, makes
every imported order look changed.
"""

import hashlib

import polars as pl

from tasks.core.orders.hashed_columns import what_counts

_CELL, _LINE = "\x1f", "\x1e"
_MINUTE = len("2024-03-09T15:02")
_OF_ORDER = (
    "order_id",
    "number",
    "state",
    "minute",
    "currency",
    "total_cents",
    "tax_cents",
    "refunded_cents",
    "customer_email",
)
_OF_LINE = ("kind", "name", "quantity_milli", "net_cents", "tax_cents", "moves", "at")


def content_sha256(orders: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Return the hash of each order, with its *lines* (by ``line``)."""
    heads = orders.with_columns(minute=pl.col("sold_at").str.head(_MINUTE)).select("line", head=_text(_OF_ORDER))
    by_order = heads.join(what_counts(lines, "line", _OF_LINE), on="line", how="left", maintain_order="left")
    whole = by_order.select(pl.concat_str("head", pl.lit(_LINE), pl.col("counts").fill_null(""))).to_series()
    return pl.Series([hashlib.sha256(text.encode()).hexdigest() for text in whole], dtype=pl.String)


def _text(columns: tuple[str, ...]) -> pl.Expr:
    return pl.concat_str([pl.col(column).cast(pl.String) for column in columns], separator=_CELL)
