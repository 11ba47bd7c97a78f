"""Checking every row of a list of stock: SKUs, prices and quantities."""

from collections.abc import Mapping

import polars as pl

from schemas.domain import NumberFormat
from schemas.tables import FINDINGS_SCHEMA, Table
from schemas.till import STOCK_LIST, StockRows
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.findings import column_findings, without_rejects
from tasks.core.checking.judging import judge, other_lines
from tasks.core.checking.number_formats import Concluded, conclude_format
from tasks.core.checking.workbook_numbers import in_format, only_texts, without_foreign

_MILLI_DIGITS = 3
_CODES: Mapping[tuple[str, str], str] = {
    ("sku", "str_length"): "STOCK_SKU",
    ("sku", "appears_once"): "STOCK_SKU_TWICE",
    ("price_cents", "greater_than_or_equal_to"): "AMOUNT_NEGATIVE",
    ("quantity_milli", "greater_than_or_equal_to"): "AMOUNT_NEGATIVE",
}


def check_stock(
    table: Table, exponent: int, chosen: NumberFormat | None, *, currency: str
) -> tuple[pl.DataFrame, pl.DataFrame, Concluded]:
    """Return the rows that can be right (StockRows), the findings about the others, and how numbers were read.

    A cell that is blank, or a column that is not there, is nothing: no price, none of it.
    """
    table = without_foreign(table, currency)
    cells = table.cells.with_columns(_filled(table, "price"), _filled(table, "stock"))
    texts = only_texts(cells, table.numbers)
    numbers = pl.concat([texts["price"].alias("number"), texts["stock"].alias("number")])
    concluded = conclude_format(numbers, STOCK_LIST.number_format, chosen)
    cells = in_format(cells, table.numbers, concluded.format)
    prices = read_cents(cells["price"], concluded, exponent)
    counts = read_cents(cells["stock"], concluded, _MILLI_DIGITS)
    rows = _rows(cells, prices, counts)
    unreadable = [
        column_findings(table, name, column)
        for name, column in (("price", prices), ("stock", counts))
        if _read(table, name)
    ]
    findings = pl.concat([table.findings, *unreadable, _judged(table, rows)]).cast(FINDINGS_SCHEMA)
    return without_rejects(rows, findings), findings.sort("line", maintain_order=True), concluded


def _read(table: Table, name: str) -> bool:
    return name in table.headings


def _filled(table: Table, name: str) -> pl.Expr:
    return pl.col(name).replace("", "0").alias(name) if name in table.cells.columns else pl.lit("0").alias(name)


def _rows(cells: pl.DataFrame, prices: ReadColumn, counts: ReadColumn) -> pl.DataFrame:
    """Return every row; a number that cannot be read counts as zero here, it is told already."""
    name = pl.col("name") if "name" in cells.columns else pl.lit("")
    return cells.select(
        "line",
        "sku",
        name=pl.when(name == "").then("sku").otherwise(name),
        price_cents=prices.values.fill_null(0),
        quantity_milli=counts.values.fill_null(0),
    )


def _judged(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    failures = judge(StockRows, rows, _CODES)
    told = failures.with_columns(value=rows["sku"].gather(failures["index"]))
    twice = told.filter(pl.col("code") == "STOCK_SKU_TWICE").select("line", same=pl.col("value").str.to_lowercase())
    beside = told.join(other_lines(twice), on="line", how="left", maintain_order="left") if twice.height else told
    detail = pl.col("others").fill_null("") if twice.height else pl.lit("")
    return beside.select("line", heading=pl.lit(table.headings["sku"]), value="value", code="code", detail=detail)
