"""A file of corrections, which product lines of held orders are about, to the orders that go in again.

Only orders that are held go in. The order itself is not corrected here: what the shop says of it stays.
"""

from dataclasses import dataclass

import polars as pl

from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.orders.found import findings_of

CORRECTIONS = pl.Schema(dict.fromkeys(("order_key", "line", "sku", "new_sku"), pl.String))


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The held orders (Orders) and lines (OrderLines) that a file names, and what it says of them (CORRECTIONS).

    ``rows`` (``row, line``) tell which row of the file is of which order. A row of the counts is an order.
    """

    orders: pl.DataFrame
    lines: pl.DataFrame
    corrections: pl.DataFrame
    rows: pl.DataFrame
    findings: pl.DataFrame
    counts: RowCounts


def read_corrections(table: Table, held: pl.DataFrame, lines: pl.DataFrame, *, source: str) -> Corrected:
    """Read a table (schemas.order_files) against the orders that are *held*, and their *lines*.

    A row without an order is about every held order that has its SKU.
    """
    said = _of_orders(table.cells, held, lines, source)
    first = said.with_columns(line=pl.col("row").first().over("order_key"))
    findings = pl.concat([table.findings, _findings(first, held, lines, table)]).sort("line", maintain_order=True)
    named = first.unique("order_key", keep="first", maintain_order=True).select("order_key", "line")
    good = named.join(findings.select("line"), on="line", how="anti", maintain_order="left")
    orders = held.drop("line").join(good, on="order_key", how="inner", maintain_order="right")
    rejected = findings["line"].n_unique()
    said_of = first.filter(pl.col("new_sku") != "").join(orders, on="order_key", how="semi", maintain_order="left")
    return Corrected(
        orders=orders.select(held.columns).with_columns(pl.col("line").cast(pl.UInt32)),
        lines=lines.join(orders, on="order_key", how="semi", maintain_order="left"),
        corrections=said_of.select("order_key", pl.col("item").alias("line"), "sku", "new_sku").cast(CORRECTIONS),
        rows=first.select("row", "line").unique(maintain_order=True),
        findings=findings,
        counts=RowCounts(rows_in=orders.height + rejected, accepted=orders.height, rejected=rejected),
    )


def _of_orders(cells: pl.DataFrame, held: pl.DataFrame, lines: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return ``row, order_id, order_key, item, sku, new_sku``; rows about a SKU once for each order that has it."""
    rows = cells.rename({"line": "row"}).select("row", "order_id", "item", "sku", "new_sku")
    one = rows.filter(pl.col("order_id") != "").with_columns(order_key=pl.format("{}:{}", pl.lit(source), "order_id"))
    of_sku = lines.filter(pl.col("sku") != "").select("order_key", "sku").unique(maintain_order=True)
    having = of_sku.join(held.select("order_key", "order_id"), on="order_key", maintain_order="left")
    all_with = rows.filter(pl.col("order_id") == "").drop("order_id").join(having, on="sku", maintain_order="left")
    return pl.concat([one, all_with.select(one.columns)]).sort("row", maintain_order=True)


def _findings(said: pl.DataFrame, held: pl.DataFrame, lines: pl.DataFrame, table: Table) -> pl.DataFrame:
    there = pl.col("order_key").is_in(held["order_key"].implode())
    ours = lines.select("order_key", item="line")
    of_line = said.filter(there & (pl.col("item") != "")).join(ours, on=["order_key", "item"], how="anti")
    unknown = said.filter(~there).unique("order_key", keep="first", maintain_order=True).drop("item")
    return pl.concat(
        [
            findings_of(unknown, "order_id", "ORDER_NOT_HELD", table.headings),
            findings_of(of_line, "item", "ORDER_LINE_UNKNOWN", table.headings),
        ]
    ).cast(FINDINGS_SCHEMA)
