"""A file of corrections, which product lines of held orders are about, to the orders that go in again.

Only orders that are held go in. The order itself is not corrected here: what the shop says of it stays.
"""

from dataclasses import dataclass

import polars as pl

from schemas.columns import shape_of
from schemas.orders.files import OrderCorrections
from schemas.orders.records import Orders
from schemas.orders.steps import CORRECTIONS
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.readers import whole_cells
from tasks.core.orders.findings import findings_of


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
    """Read a table (schemas.orders.files) against the orders that are *held*, and their *lines*.

    A row without an order is about every held order that has its SKU.
    """
    cells = _of_orders(named_products(table), held, lines, source)
    first = cells.with_columns(line=pl.col("row").first().over("order_key"))
    findings = pl.concat([table.findings, _findings(first, held, lines, table)]).sort("line", maintain_order=True)
    named = first.unique("order_key", keep="first", maintain_order=True).select("order_key", "line")
    good = named.join(findings.select("line"), on="line", how="anti", maintain_order="left")
    orders = held.drop("line").join(good, on="order_key", how="inner", maintain_order="right")
    rejected = findings["line"].n_unique()
    said_of = first.filter(pl.col("new_sku") != "").join(orders, on="order_key", how="semi", maintain_order="left")
    return Corrected(
        orders=orders.select(held.columns).with_columns(pl.col("line").cast(pl.UInt32)),
        lines=lines.join(orders, on="order_key", how="semi", maintain_order="left"),
        corrections=said_of.with_columns(line="item").select([*CORRECTIONS]).cast(CORRECTIONS),
        rows=first.select("row", "line").unique(maintain_order=True),
        findings=findings,
        counts=RowCounts(rows_in=orders.height + rejected, accepted=orders.height, rejected=rejected),
    )


def as_asked_now(orders: pl.DataFrame) -> pl.DataFrame:
    """Return *orders* that an earlier release stored as Orders; what it did not ask about is not told of them."""
    unasked = [pl.lit("").alias(name) for name in shape_of(Orders) if name not in orders.columns]
    return orders.with_columns(unasked).select(*shape_of(Orders))


def named_products(table: Table) -> pl.DataFrame:
    """Return the cells, and which product of the shop each row names by id: ``source_product_id, source_variation_id``.

    Raises:
        pandera.errors.SchemaError: They are not as the row model has them. That is a defect of ours.
    """
    cells = OrderCorrections.validate(whole_cells(table, OrderCorrections).select(*shape_of(OrderCorrections)))
    return cells.with_columns(
        pl.when(pl.col(name) != "0").then(pl.col(name).str.strip_chars()).otherwise(pl.lit("")).alias(f"source_{name}")
        for name in ("product_id", "variation_id")
    )


def _of_orders(cells: pl.DataFrame, held: pl.DataFrame, lines: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return each row with its ``order_key``; rows about a product or a SKU once for each order that has it."""
    ids = ["source_product_id", "source_variation_id"]
    rows = cells.select(pl.col("line").alias("row"), "order_id", "item", *ids, "sku", "new_sku")
    of_one, of_id = pl.col("order_id") != "", pl.col("source_product_id") != ""
    one = rows.filter(of_one).with_columns(order_key=pl.format("{}:{}", pl.lit(source), "order_id"))
    waiting = lines.join(held.select("order_key", "order_id"), on="order_key", maintain_order="left")
    several = [
        rows.filter(~of_one & which)
        .drop("order_id")
        .join(waiting.select("order_key", "order_id", *on).unique(maintain_order=True), on=on, maintain_order="left")
        for which, on in ((of_id, ids), (~of_id & (pl.col("sku") != ""), ["sku"]))
    ]
    return pl.concat([one, *(each.select(one.columns) for each in several)]).sort("row", maintain_order=True)


def _findings(cells: pl.DataFrame, held: pl.DataFrame, lines: pl.DataFrame, table: Table) -> pl.DataFrame:
    there = pl.col("order_key").is_in(held["order_key"].implode())
    ours = lines.select("order_key", item="line")
    of_line = cells.filter(there & (pl.col("item") != "")).join(ours, on=["order_key", "item"], how="anti")
    unknown = cells.filter(~there).unique("order_key", keep="first", maintain_order=True).drop("item")
    return pl.concat(
        [
            findings_of(unknown, "order_id", "ORDER_NOT_HELD", table.headings),
            findings_of(of_line, "item", "ORDER_LINE_UNKNOWN", table.headings),
        ]
    ).cast(FINDINGS_SCHEMA)
