"""The orders of a shop beside the sales of the till: by id, by what they are worth, and by content.

What the till has is taken from its sales and their lines as they are now. The hash that stands with a sale only tells
on which side something changed.
"""

from collections.abc import Mapping

import polars as pl

from schemas.orders.cursor import Difference
from schemas.report_tables import ReportTable, ShownTable
from tasks.core.orders.content_hash import FIGURES, MINUTE, content_of, edited_since, with_content

_WHY: Mapping[Difference, str] = {
    "missing": "in the shop, not at the till",
    "different": "not the same on both sides",
    "gone": "at the till, no longer in the shop",
}
COMPARED = ("the same on both sides", *_WHY.values())


def missing_at_till(orders: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Return the orders (Orders) that the till does not have. Those that came to nothing in the shop it need not."""
    alive = orders.filter(pl.col("state") != "voided")
    return alive.join(sales.select("order_key"), on="order_key", how="anti", maintain_order="left")


def different(orders: pl.DataFrame, lines: pl.DataFrame, sales: pl.DataFrame, lines_edited: pl.Series) -> pl.DataFrame:
    """Return ``order_key`` and both sides of what differs, and *what*: its state, its worth, or some of its content.

    ``changed_in`` says on which side: shop, till, or both. *lines_edited* are sales whose lines the till keeps by
    themselves and that were edited there.
    """
    both = _side_by_side(orders, lines, sales).with_columns(
        rows_edited=pl.col("order_key").is_in(lines_edited.implode())
    )
    worth = pl.any_horizontal([pl.col(c) != pl.col(f"{c}_till") for c in ("currency", "total_cents", "refunded_cents")])
    minutes = pl.col("sold_at").str.head(MINUTE) != pl.col("sold_at_till").str.head(MINUTE)
    figures = pl.any_horizontal([minutes, *(pl.col(c) != pl.col(f"{c}_till") for c in (*FIGURES, "told"))])
    by_shop = pl.col("content_sha256") != pl.col("content_sha256_till")
    what = (
        pl.when(pl.col("state") != pl.col("state_till"))
        .then(pl.lit("state"))
        .when(worth)
        .then(pl.lit("worth"))
        .when(by_shop | figures | pl.col("rows_edited"))
        .then(pl.lit("content"))
    )
    by_till = pl.col("edited_till") | pl.col("rows_edited") | ~by_shop
    where = pl.when(by_shop & by_till).then(pl.lit("both")).when(by_shop).then(pl.lit("shop")).otherwise(pl.lit("till"))
    return both.with_columns(what=what, changed_in=where).filter(pl.col("what").is_not_null())


def _side_by_side(orders: pl.DataFrame, lines: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Put the sale beside each order that the till has (``..._till``), with what the lines of both count (*told*)."""
    asked = orders.join(content_of(lines), on="order_key", how="left", maintain_order="left")
    held = sales.filter(pl.col("order_key").is_in(orders["order_key"].implode()))
    theirs = with_content(held).with_columns(edited=edited_since(held))
    renamed = theirs.select("order_key", pl.exclude("order_key").name.suffix("_till"))
    return asked.with_columns(pl.col("told").fill_null("")).join(renamed, on="order_key", maintain_order="left")


def unseen_sales(seen: pl.Series, sales: pl.DataFrame, *, source: str, after: str, before: str) -> pl.DataFrame:
    """Return the sales of this shop between two instants whose orders (*seen*, by key) did not come.

    Whether they are gone, the shop must be asked: its list has no trash, and a sale may be dated otherwise.
    """
    ours = pl.col("order_key").str.starts_with(f"{source}:") & (pl.col("state") != "voided")
    here = pl.col("sold_at").is_between(pl.lit(after), pl.lit(before))
    return sales.filter(ours & here & ~pl.col("order_key").is_in(seen.implode()))


def compared(
    orders: pl.DataFrame, sales: pl.DataFrame, differing: pl.DataFrame, gone: pl.DataFrame
) -> tuple[ShownTable, ...]:
    """Show what is missing, *different* and gone (sales with *fate*: trashed or deleted), and how many agree."""
    lacking = missing_at_till(orders, sales)
    agree = orders.join(sales, on="order_key", how="semi").height - differing.height
    counts = {"missing": lacking.height, "different": differing.height, "gone": gone.height}
    summary = pl.DataFrame({"what": COMPARED, "orders": [agree, *(counts[name] for name in _WHY)]})
    return (
        (_report_table("comparison", "Shop and till", "How many orders agree, and how many do not."), summary),
        (_report_table("missing", "Missing at the till", "Import them by their ids."), _of_orders(lacking)),
        (
            _report_table("different", "Different", "What changed without moving its date, or at the till."),
            _both(differing),
        ),
        (
            _report_table("gone", "No longer in the shop", "Void them at the till, if they were no sales."),
            _of_sales(gone),
        ),
    )


def summary_line(report_tables: tuple[ShownTable, ...]) -> str:
    """Say in one line how the two sides compare."""
    rows = {report_table.name: rows for report_table, rows in report_tables}
    agree = int(rows["comparison"]["orders"][0])
    counts = ", ".join(f"{rows[name].height:,} {name}" for name in _WHY)
    return f"{agree:,} {'order agrees' if agree == 1 else 'orders agree'}; {counts}"


def _report_table(name: str, title: str, says: str) -> ReportTable:
    headings = {"order_id": "Order id", "total_cents_till": "Total at the till", "state_till": "State at the till"}
    return ReportTable(name=name, title=title, says=says, private=False, headings=headings)


def _of_orders(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.select("order_id", "number", "status", "state", "sold_at", "currency", "total_cents")


def _both(differing: pl.DataFrame) -> pl.DataFrame:
    return differing.select(
        *("order_id", "number", "what", "changed_in", "state", "state_till"),
        *("currency", "total_cents", "total_cents_till"),
    )


def _of_sales(gone: pl.DataFrame) -> pl.DataFrame:
    order_id = pl.col("order_key").str.split(":").list.last().alias("order_id")
    return gone.select(order_id, "number", "fate", "state", "sold_at", "currency", "total_cents")
