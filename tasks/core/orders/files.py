"""An export of one row a line, to what is told of each order.

What is told of the whole order stands on each of its rows, or on the first alone. Shipping and fees are sums, and
of refunds no more than the amount is known.
"""

from dataclasses import dataclass

import polars as pl

from schemas.columns import columns_in_files
from schemas.domain import NumberFormat
from schemas.orders.files import OrderFileHeads, OrderFileLines
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.pandera_checks import judge
from tasks.core.checking.readers import whole_cells
from tasks.core.checking.workbook_numbers import without_foreign
from tasks.core.orders.file_dates import read_dates
from tasks.core.orders.file_numbers import read_numbers
from tasks.core.orders.findings import findings_of
from tasks.core.orders.instants import in_utc
from tasks.core.orders.parsed_orders import (
    PARSED_LINES,
    PARSED_ORDERS,
    PARSED_REFUND_LINES,
    PARSED_REFUNDS,
    ParsedOrders,
)
from tasks.core.orders.rules import OrderRules

_OF_ORDER = tuple(name for name in columns_in_files(OrderFileHeads) if name != "order_id")
_OF_LINE = tuple(name for name in columns_in_files(OrderFileLines) if name != "item")
_NO_FINDINGS = FINDINGS_SCHEMA.to_frame()


@dataclass(frozen=True, kw_only=True)
class ParsedOrderFile:
    """What a file tells of orders, and ``rows`` (``row, line``): which row of the file is of which order."""

    parsed: ParsedOrders
    rows: pl.DataFrame
    format_says: str


def read_order_table(table: Table, rules: OrderRules, format_choice: NumberFormat | None) -> ParsedOrderFile:
    """Read a table (schemas.orders.files) as orders, each called by the line of its first row."""
    table = without_foreign(table, rules.currency)
    whole = whole_cells(table, OrderFileHeads, OrderFileLines)
    numbers = read_numbers(whole, table.numbers, format_choice)
    rows = _with_order(numbers.cells)
    orders = _orders(rows)
    dates = read_dates(orders["sold_at"])
    parsed = ParsedOrders(
        orders=_heads(orders, dates.read, rules),
        lines=_lines(rows, orders),
        refunds=_refunds(orders),
        refund_lines=pl.DataFrame(schema=PARSED_REFUND_LINES),
        headings=table.headings,
        findings=pl.concat(
            [
                table.findings,
                _contradictions(rows, table),
                _misfits(numbers.misfits, rows, table),
                _twofold(orders, dates.read, table),
                _next_to_unread(table.findings["line"].unique(), rows, table),
            ]
        ),
    )
    says = "; ".join(filter(None, (numbers.says, dates.says)))
    return ParsedOrderFile(parsed=parsed, rows=rows.select("row", "line"), format_says=says)


def on_every_row(findings: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Repeat what was found of an order on all its *rows*: an order goes back whole."""
    repeated = findings.join(rows, on="line", how="left", maintain_order="left")
    return repeated.with_columns(line=pl.coalesce("row", "line")).select(FINDINGS_SCHEMA.names()).sort("line")


def on_first_row(findings: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Say what was found on any of the *rows* of an order of the order itself, which is called by its first row."""
    of_order = findings.rename({"line": "row"}).join(rows, on="row", how="left", maintain_order="left")
    named = of_order.with_columns(line=pl.coalesce("line", "row")).select(FINDINGS_SCHEMA.names())
    return named.unique(maintain_order=True)


def _with_order(cells: pl.DataFrame) -> pl.DataFrame:
    """Give each row the line of its order: the first row with that id. A row without an id is of the order above."""
    named = cells.rename({"line": "row"}).with_columns(
        order_id=pl.when(pl.col("order_id") != "").then("order_id").forward_fill()
    )
    by_order = named.with_columns(line=pl.col("row").first().over("order_id"))
    place = pl.int_range(1, pl.len() + 1).over("line", _has_line()).cast(pl.String)
    return by_order.with_columns(item=pl.when(pl.col("item") != "").then("item").otherwise(place))


def _has_line() -> pl.Expr:
    return pl.any_horizontal([pl.col(name).fill_null("") != "" for name in _OF_LINE])


def _orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is told of each order: the first of its cells that holds something."""
    first = [pl.col(name).filter(pl.col(name) != "").first() for name in _OF_ORDER]
    return rows.group_by("line", maintain_order=True).agg(pl.col("order_id").first(), *first)


def _contradictions(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Let the schema judge whether the rows of an order tell one thing of it; the last that does not is named."""
    judged = judge(OrderFileHeads, rows.select("row", "line", "order_id", *_OF_ORDER))
    last = judged.unique(["line", "column"], keep="last", maintain_order=True)
    found = [
        findings_of(rows[some["index"]].select("line", "order_id", str(name)), str(name), str(code), table.headings)
        for (name, code), some in last.group_by("column", "code", maintain_order=True)
    ]
    return pl.concat([_NO_FINDINGS, *found])


def _next_to_unread(unread: pl.Series, rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Name the orders of which a row that cannot be read may be a line: those of the rows above and below it."""
    lost = unread.sort().alias("row").to_frame()
    by_row = rows.sort("row").select("row", "line", "order_id")
    neighbours = [lost.join_asof(by_row, on="row", strategy=way) for way in ("backward", "forward")]
    orders = pl.concat(neighbours).filter(pl.col("line").is_not_null()).unique("line", maintain_order=True)
    return findings_of(orders.select("line", "order_id"), "order_id", "ORDER_ROW_UNREAD", table.headings)


def _misfits(misfits: pl.DataFrame, rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Name the cells whose numbers do not stand as their column writes them."""
    placed = misfits.rename({"line": "row"}).join(rows.select("row", "line", "order_id", "item"), on="row", how="left")
    found = [_NO_FINDINGS]
    for (name, code), some in placed.group_by("column", "code", maintain_order=True):
        column = str(name)
        of_order = some.drop("item").unique("line", keep="first", maintain_order=True)
        misfitting = (some if column in _OF_LINE else of_order).with_columns(pl.col("value").alias(column))
        found.append(findings_of(misfitting, column, str(code), table.headings, detail=pl.col("detail")))
    return pl.concat(found)


def _twofold(orders: pl.DataFrame, dates: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Name dates that may be two days, where the column does not say which."""
    doubtful = orders.select("line", "order_id", "sold_at").hstack(dates.select("twofold"))
    some = doubtful.filter(pl.col("twofold").is_not_null())
    return findings_of(some, "sold_at", "ORDER_DATE_AMBIGUOUS", table.headings, detail=pl.col("twofold"))


def _heads(orders: pl.DataFrame, dates: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    return (
        orders.hstack(dates.select("local", "utc"))
        .select(
            "line",
            "order_id",
            "number",
            "status",
            "currency",
            in_utc(pl.col("utc"), pl.col("local"), rules.time_zone).alias("sold_at"),
            pl.col("sold_at").alias("sold_text"),
            nothing.alias("modified_at"),
            "total",
            "total_tax",
            "email",
            "payment_method",
            "payment_title",
        )
        .cast(PARSED_ORDERS)
    )


def _lines(rows: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    items = rows.filter(_has_line()).select(
        "line",
        "item",
        pl.lit("item").alias("kind"),
        *_OF_LINE,
        pl.lit(True).alias("moves"),
        pl.lit(None, pl.String).alias("restocked"),
    )
    parts = [items, _charge(orders, "shipping"), _charge(orders, "fees")]
    whole = pl.concat([part.select(PARSED_LINES.names()).cast(PARSED_LINES) for part in parts])
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
        pl.lit(None, pl.String).alias("named"),
        pl.lit(True).alias("bare"),
    ).cast(PARSED_REFUNDS)
