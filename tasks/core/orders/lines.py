"""Lines of orders, as told, to values: what was sold, how much of it, and what for."""

from collections.abc import Mapping

import polars as pl

from schemas.characters import LOST
from schemas.orders.records import OrderLines
from tasks.core.orders.decimals import as_cents, as_milli
from tasks.core.orders.findings import findings_of, is_given, judged_cells
from tasks.core.orders.names import shown

READ = pl.Schema(
    {
        "line": pl.UInt32,
        "item": pl.String,
        "kind": pl.String,
        "source_product_id": pl.String,
        "source_variation_id": pl.String,
        "sku": pl.String,
        "name": pl.String,
        "quantity_milli": pl.Int64,
        "net_cents": pl.Int64,
        "tax_cents": pl.Int64,
        "moves": pl.Boolean,
        "at": pl.String,
    }
)
"""OrderLines, but with the ``line`` of the order for its key, and ``item`` for the line's own id."""

_NO_TEXT = r"^(?:\{.*\}|\[.*\])$"
"""An object or a list where a text should be: a line with such a SKU has none."""

_CELLS = {"quantity_milli": "quantity", "line": "name", "net_cents": "net", "tax_cents": "tax"}
"""What the schema judges of a line, and which cell tells it; a line without an id is known by its name."""

_CONTROL = r"[\x00-\x1f\x7f]+"


def lines_read(parsed: pl.DataFrame, exponent: int) -> pl.DataFrame:
    """Read lines (PARSED_LINES). What cannot be read, or was sold below zero, is null; a fee below it is a discount."""
    taxed = as_cents(given_or_zero("tax"), exponent)
    net = pl.when(pl.col("kind") == "item").then("net").otherwise(given_or_zero("net"))
    read = parsed.with_columns(net_cents=as_cents(net, exponent), tax_cents=taxed, **ids())
    below = (pl.col("net_cents") < 0) | ((pl.col("net_cents") == 0) & (pl.col("tax_cents") < 0))
    discount = (pl.col("kind") == "fee") & below
    return read.with_columns(
        kind=pl.when(discount).then(pl.lit("discount")).otherwise("kind"),
        quantity_milli=pl.when(_sold() >= 0).then(_sold()),
        at=pl.lit(""),
    ).select(READ.names())


def ids() -> dict[str, pl.Expr]:
    """Return the texts that name a line's product, empty where nothing is told; ``0``: it was deleted."""
    product, variation = pl.col("product_id").fill_null(""), pl.col("variation_id").fill_null("")
    varied = ~variation.is_in(["", "0"])
    return {
        "source_product_id": pl.when((product == "0") & varied).then(pl.lit("")).otherwise(product),
        "source_variation_id": pl.when(varied).then(variation).otherwise(pl.lit("")),
        "sku": pl.when(~pl.col("sku").str.contains(_NO_TEXT)).then("sku").fill_null(""),
        "name": shown(pl.col("name").fill_null("").str.replace_all(_CONTROL, " ")),
    }


def given_or_zero(column: str) -> pl.Expr:
    """Return an amount that a shop leaves out, or empty, where there is none of it."""
    return pl.col(column).fill_null("").str.strip_chars().replace("", "0")


def line_findings(
    parsed: pl.DataFrame, read: pl.DataFrame, orders: pl.DataFrame, headings: Mapping[str, str]
) -> pl.DataFrame:
    """Name every cell of a line that could not be read, and lines that stand twice. *read* are *parsed*, row by row."""
    named = parsed.join(orders.select("line", "order_id"), on="line", how="left", maintain_order="left")
    nameless = ~is_given(read["item"])
    lost = read["sku"].str.contains(LOST, literal=True)
    twice = read.select(pl.struct("line", "item").is_duplicated()).to_series() & ~nameless
    below = {"ORDER_QUANTITY": pl.when(_sold() < 0).then(pl.lit("below zero")).otherwise(pl.lit(""))}
    values = read.select("quantity_milli", "net_cents", "tax_cents", line="item")
    return pl.concat(
        [
            judged_cells(OrderLines, values, named, _CELLS, headings, below),
            findings_of(named.filter(lost), "sku", "CELL_LOST_LETTERS", headings),
            findings_of(named.filter(twice), "name", "ORDER_TWICE", headings),
        ]
    )


def _sold() -> pl.Expr:
    return as_milli(pl.col("quantity"))
