"""The orders of a shop beside the sales of the till: by id, by what they are worth, and by content."""

from collections.abc import Mapping

import polars as pl

from schemas.exhibits import Exhibit
from schemas.syncing import Difference

Shown = tuple[Exhibit, pl.DataFrame]

_WHY: Mapping[Difference, str] = {
    "missing": "in the shop, not at the till",
    "different": "not the same on both sides",
    "gone": "at the till, no longer in the shop",
}


def missing_at_till(orders: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Return the orders (Orders) that the till does not have. Those that came to nothing in the shop it need not."""
    alive = orders.filter(pl.col("state") != "voided")
    return alive.join(sales.select("order_key"), on="order_key", how="anti", maintain_order="left")


def different(orders: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Return ``order_key`` and both sides of what differs, and *what*: its state, its worth, or some of its content."""
    sides = ("state", "currency", "total_cents", "refunded_cents", "content_sha256")
    theirs = sales.select("order_key", *[pl.col(column).alias(f"{column}_till") for column in sides])
    both = orders.join(theirs, on="order_key", maintain_order="left")
    worth = pl.any_horizontal([pl.col(c) != pl.col(f"{c}_till") for c in ("currency", "total_cents", "refunded_cents")])
    what = (
        pl.when(pl.col("state") != pl.col("state_till"))
        .then(pl.lit("state"))
        .when(worth)
        .then(pl.lit("worth"))
        .when(pl.col("content_sha256") != pl.col("content_sha256_till"))
        .then(pl.lit("content"))
    )
    return both.with_columns(what=what).filter(pl.col("what").is_not_null())


def unseen_sales(seen: pl.Series, sales: pl.DataFrame, *, source: str, after: str, before: str) -> pl.DataFrame:
    """Return the sales of this shop between two instants whose orders (*seen*, by key) did not come.

    Whether they are gone, the shop must be asked: its list has no trash, and a sale may be dated otherwise.
    """
    ours = pl.col("order_key").str.starts_with(f"{source}:") & (pl.col("state") != "voided")
    here = pl.col("sold_at").is_between(pl.lit(after), pl.lit(before))
    return sales.filter(ours & here & ~pl.col("order_key").is_in(seen.implode()))


def compared(orders: pl.DataFrame, sales: pl.DataFrame, gone: pl.DataFrame) -> tuple[Shown, ...]:
    """Show what is missing, different and gone (sales with *fate*: trashed or deleted), and how many agree."""
    lacking, differing = missing_at_till(orders, sales), different(orders, sales)
    agree = orders.join(sales, on="order_key", how="semi").height - differing.height
    counts = {"missing": lacking.height, "different": differing.height, "gone": gone.height}
    summary = pl.DataFrame(
        {"what": ["the same on both sides", *_WHY.values()], "orders": [agree, *(counts[name] for name in _WHY)]}
    )
    return (
        (_exhibit("comparison", "Shop and till", "How many orders agree, and how many do not."), summary),
        (_exhibit("missing", "Missing at the till", "Import them by their ids."), _of_orders(lacking)),
        (_exhibit("different", "Different", "What changed without moving its date, or at the till."), _both(differing)),
        (_exhibit("gone", "No longer in the shop", "Void them at the till, if they were no sales."), _of_sales(gone)),
    )


def said(exhibits: tuple[Shown, ...]) -> str:
    """Say in one line how the two sides compare."""
    rows = {exhibit.name: rows for exhibit, rows in exhibits}
    agree = int(rows["comparison"]["orders"][0])
    counts = ", ".join(f"{rows[name].height:,} {name}" for name in _WHY)
    return f"{agree:,} orders agree; {counts}"


def _exhibit(name: str, title: str, says: str) -> Exhibit:
    headings = {"order_id": "Order id", "total_cents_till": "Total at the till", "state_till": "State at the till"}
    return Exhibit(name=name, title=title, says=says, private=False, headings=headings)


def _of_orders(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.select("order_id", "number", "status", "state", "sold_at", "currency", "total_cents")


def _both(differing: pl.DataFrame) -> pl.DataFrame:
    return differing.select(
        "order_id", "number", "what", "state", "state_till", "currency", "total_cents", "total_cents_till"
    )


def _of_sales(gone: pl.DataFrame) -> pl.DataFrame:
    order_id = pl.col("order_key").str.split(":").list.last().alias("order_id")
    return gone.select(order_id, "number", "fate", "state", "sold_at", "currency", "total_cents")
