"""Which changed orders only say more than before: who bought, when to the second, what was given back line by line.

So it is with orders that came from a file at first, which tells less of them than the shop does. They are written,
but nothing that counts has changed: neither stock nor value.
"""

import polars as pl

from schemas.report_tables import ReportTable
from tasks.core.orders.effects import lines_of, movements
from tasks.core.orders.hashed_columns import what_counts

_FIGURES = ("state", "currency", "total_cents", "tax_cents", "refunded_cents")
_OF_GOODS = ("kind", "product_id", "quantity_milli", "net_cents", "tax_cents", "moves")
_WORDS = {"number": "its number", "customer_id": "its buyer", "sold_at": "its time", "lines": "its lines"}
DETAILS = tuple(_WORDS.values())


def without_details(changes: pl.DataFrame) -> pl.DataFrame:
    """Leave out the updates that only add details."""
    return changes.filter(~pl.col("order_key").is_in(_only_details(changes).implode()))


def details_added(changes: pl.DataFrame) -> tuple[ReportTable, pl.DataFrame]:
    """Show the orders of which more is known now, and what."""
    some = changes.filter(pl.col("order_key").is_in(_only_details(changes).implode()))
    added = [
        pl.when(pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after"))).then(pl.lit(word))
        for name, word in _WORDS.items()
    ]
    report_table = ReportTable(
        name="details-added",
        title="Details added",
        says="Orders that say more than when they were imported, mostly from a file. Their stock and value stay.",
        private=False,
        headings={"order_key": "Order", "added": "What is said now"},
    )
    return report_table, some.select(
        "order_key", number="number_after", added=pl.concat_str(added, separator=", ", ignore_nulls=True)
    ).sort("order_key")


def _only_details(changes: pl.DataFrame) -> pl.Series:
    updates = changes.filter(kind="update")
    same = [pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in _FIGURES]
    alike = updates.filter(pl.all_horizontal(same))
    both = _goods(alike, "before").join(_goods(alike, "after"), on="order_key", how="full", coalesce=True, suffix="_is")
    moved = pl.concat([movements(alike)["order_key"], both.filter(~_equal())["order_key"]])
    return alike.filter(~pl.col("order_key").is_in(moved.implode()))["order_key"]


def _goods(updates: pl.DataFrame, side: str) -> pl.DataFrame:
    lines = lines_of(updates.select("order_key", lines=pl.col(f"lines_{side}").fill_null("[]")))
    return what_counts(lines.filter(pl.col("kind") != "refund"), "order_key", _OF_GOODS)


def _equal() -> pl.Expr:
    return pl.col("counts").eq_missing(pl.col("counts_is"))
