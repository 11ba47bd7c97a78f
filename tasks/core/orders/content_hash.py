"""What we wrote of a sale as one hash beside it, so that what was edited at the till since is seen.

It covers what counts: figures, and what its lines count. What the till calls things, where a sale is booked and who
bought are the till's own to change.
"""

import hashlib

import polars as pl

from tasks.core.orders.effects import lines_of
from tasks.core.orders.hashed_columns import what_counts

FIGURES = ("state", "currency", "total_cents", "tax_cents", "refunded_cents")
MINUTE = len("2024-03-09T15:02")
_OF_LINES = ("kind", "quantity_milli", "net_cents", "tax_cents")


def content_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Say what the *lines* of each sale count: ``order_key, told``."""
    return what_counts(lines, "order_key", _OF_LINES).rename({"counts": "told"})


def with_content(sales: pl.DataFrame) -> pl.DataFrame:
    """Put ``told`` beside *sales* (``order_key, lines`` and more), as their own lines say."""
    content = content_of(lines_of(sales.select("order_key", "lines")))
    joined = sales.join(content, on="order_key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("told").fill_null(""))


def hash_sales(sales: pl.DataFrame) -> pl.Series:
    """Return the hash of each sale (its figures, and ``told``)."""
    parts = [pl.col("sold_at").str.head(MINUTE), *[pl.col(column).cast(pl.String) for column in FIGURES]]
    whole = sales.select(pl.concat_str([*parts, pl.col("told").fill_null("")], separator="\x1f")).to_series()
    return pl.Series([hashlib.sha256(text.encode()).hexdigest() for text in whole], dtype=pl.String)


def edited_since(sales: pl.DataFrame) -> pl.Series:
    """Say of each sale of a till whether it is no longer what we wrote.

    A voided one is not judged: whether it counts again, a person is asked anyway. Nor is one without a seal, which
    was written before there were seals.
    """
    sealed = (sales["written_sha256"] != "") & (sales["state"] != "voided")
    suspects = sales.filter(sealed)
    broken = suspects.filter(hash_sales(with_content(suspects)) != suspects["written_sha256"])["order_key"]
    return sales["order_key"].is_in(broken.implode())
