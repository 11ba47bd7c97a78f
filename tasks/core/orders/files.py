"""An export of one row a line, to what is told of each order.

What is told of the whole order stands on each of its rows, or on the first alone. Shipping and fees are sums, and
of refunds no more than the amount is known.
"""

from dataclasses import dataclass

import polars as pl

from schemas.domain import NumberFormat
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.number_formats import conclude_format, decimal_pattern, thousands_pattern
from tasks.core.checking.workbook_numbers import in_format, only_texts, without_foreign
from tasks.core.orders.found import findings_of
from tasks.core.orders.instants import in_utc
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.told import LINES_TOLD, ORDERS_TOLD, REFUND_LINES_TOLD, REFUNDS_TOLD, Told

_OF_ORDER = (
    "number",
    "status",
    "sold_at",
    "currency",
    "total",
    "total_tax",
    "shipping",
    "shipping_tax",
    "fees",
    "fees_tax",
    "refunded",
    "email",
)
_AMOUNTS = ("total", "total_tax", "shipping", "shipping_tax", "fees", "fees_tax", "refunded", "net", "tax")
_OF_LINE = ("product_id", "variation_id", "sku", "name", "quantity", "net", "tax")
_DAY_AND_TIME = r"^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?Z?$"


@dataclass(frozen=True, kw_only=True)
class FileTold:
    """What a file tells of orders, and ``rows`` (``row, line``): which row of the file is of which order."""

    told: Told
    rows: pl.DataFrame
    format_says: str


def read_order_table(table: Table, rules: OrderRules, format_choice: NumberFormat | None) -> FileTold:
    """Read a table (schemas.order_files) as orders, each called by the line of its first row."""
    table = without_foreign(table, rules.currency)
    whole = table.cells.with_columns(pl.lit("").alias(name) for name in _missing(table))
    concluded = conclude_format(_amounts(only_texts(whole, table.numbers)), NumberFormat(), format_choice)
    plain = in_format(whole, table.numbers, concluded.format).with_columns(
        _plain(pl.col(name), concluded.format) for name in (*_AMOUNTS, "quantity")
    )
    rows = _with_order(plain)
    orders = _orders(rows)
    told = Told(
        orders=_heads(orders, rules),
        lines=_lines(rows, orders),
        refunds=_refunds(orders),
        refund_lines=pl.DataFrame(schema=REFUND_LINES_TOLD),
        headings=table.headings,
        findings=pl.concat([table.findings, _contradictions(rows, table)]),
    )
    return FileTold(told=told, rows=rows.select("row", "line"), format_says=concluded.says)


def on_every_row(findings: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Repeat what was found of an order on all its *rows*: an order goes back whole."""
    repeated = findings.join(rows, on="line", how="left", maintain_order="left")
    return repeated.with_columns(line=pl.coalesce("row", "line")).select(FINDINGS_SCHEMA.names()).sort("line")


def _missing(table: Table) -> list[str]:
    return [name for name in ("order_id", *_OF_ORDER, "item", *_OF_LINE) if name not in table.cells.columns]


def _amounts(cells: pl.DataFrame) -> pl.Series:
    return pl.concat([cells[name].str.strip_prefix("-") for name in _AMOUNTS])


def _plain(cell: pl.Expr, number_format: NumberFormat) -> pl.Expr:
    """Write a number as the shop's answers do; null where nothing stands."""
    mark = thousands_pattern(number_format)
    bare = cell.str.replace_all(mark, "") if mark else cell
    return pl.when(cell != "").then(bare.str.replace(decimal_pattern(number_format), "."))


def _with_order(cells: pl.DataFrame) -> pl.DataFrame:
    """Give each row the line of its order: the first row with that id. A row without an id is of the order above."""
    named = cells.rename({"line": "row"}).with_columns(
        order_id=pl.when(pl.col("order_id") != "").then("order_id").forward_fill()
    )
    return named.with_columns(line=pl.col("row").first().over("order_id"))


def _orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is told of each order: the first of its cells that holds something."""
    said = [pl.col(name).filter(pl.col(name) != "").first() for name in _OF_ORDER]
    return rows.group_by("line", maintain_order=True).agg(pl.col("order_id").first(), *said)


def _contradictions(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    found = []
    for name in _OF_ORDER:
        said = rows.filter(pl.col(name).is_not_null() & (pl.col(name) != ""))
        differ = said.filter(pl.col(name).n_unique().over("line") > 1).unique("line", keep="last", maintain_order=True)
        found.append(findings_of(differ.select("line", "order_id", name), name, "ORDER_ROWS_DIFFER", table.headings))
    return pl.concat([*found, pl.DataFrame(schema=FINDINGS_SCHEMA)])


def _heads(orders: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    iso = pl.col("sold_at").str.replace(_DAY_AND_TIME, "${1}T${2}${3}")
    full = pl.when(iso.str.len_chars() == len("2024-03-09T15:02")).then(iso + ":00").otherwise(iso)
    nothing = pl.lit(None, pl.String)
    return orders.select(
        "line",
        "order_id",
        "number",
        "status",
        "currency",
        in_utc(nothing, full, rules.time_zone).alias("sold_at"),
        pl.col("sold_at").alias("sold_text"),
        nothing.alias("modified_at"),
        "total",
        "total_tax",
        "email",
    ).cast(ORDERS_TOLD)


def _lines(rows: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    sold = rows.filter(pl.any_horizontal([pl.col(name).fill_null("") != "" for name in _OF_LINE]))
    place = pl.int_range(1, pl.len() + 1).over("line").cast(pl.String)
    items = sold.select(
        "line",
        pl.when(pl.col("item") != "").then("item").otherwise(place).alias("item"),
        pl.lit("item").alias("kind"),
        *_OF_LINE,
        pl.lit(True).alias("moves"),
        pl.lit(None, pl.String).alias("restocked"),
    )
    parts = [items, _charge(orders, "shipping"), _charge(orders, "fees")]
    whole = pl.concat([part.select(LINES_TOLD.names()).cast(LINES_TOLD) for part in parts])
    return whole.sort("line", maintain_order=True)


def _charge(orders: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the sum of shipping, or of fees, as a line, where there is one."""
    tax = f"{name}_tax"
    zero = r"^[0.]*$"
    some = orders.filter(
        ~(pl.col(name).fill_null("").str.contains(zero) & pl.col(tax).fill_null("").str.contains(zero))
    )
    return some.select(
        "line",
        pl.lit(name).alias("item"),
        pl.lit("shipping" if name == "shipping" else "fee").alias("kind"),
        *(pl.lit(None, pl.String).alias(each) for each in ("product_id", "variation_id", "sku", "name", "restocked")),
        pl.lit("1").alias("quantity"),
        pl.col(name).fill_null("0").alias("net"),
        pl.col(tax).alias("tax"),
        pl.lit(False).alias("moves"),
    )


def _refunds(orders: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("refunded").str.strip_prefix("-")
    some = orders.filter(amount.str.contains("[1-9]"))
    return some.select(
        "line",
        pl.lit("-total").alias("refund"),
        pl.lit(None, pl.String).alias("at"),
        amount.alias("amount"),
        pl.lit(True).alias("bare"),
    ).cast(REFUNDS_TOLD)
