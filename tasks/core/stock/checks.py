"""Checking every row of a list of stock: SKUs, prices and quantities."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from schemas.columns import columns_in_files
from schemas.domain import NumberFormat
from schemas.qualifiers import Qualifier
from schemas.stock import STOCK_LIST, StockRows
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.cells import ReadColumn, damage_code
from tasks.core.checking.findings import column_findings, without_cells, without_rejects
from tasks.core.checking.number_columns import in_their_formats
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.own_currency import foreign_heading, without_own_currency
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.placeholders import ANY
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers, scaled_headings
from tasks.core.checking.readers import Conventions, read_columns
from tasks.core.checking.skus import sku_concerns
from tasks.core.checking.texts import LINE_BREAK
from tasks.core.checking.workbook_numbers import without_foreign
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import counted

_COLUMNS = columns_in_files(StockRows)
_NUMBERS = ("price", "quantity")
_COSTS = {"foreign": "AMOUNT_CURRENCY"}
_ASKS = {"dead": "COLUMN_DOUBT", "unknown": "COLUMN_DOUBT", "unsaid": "COLUMN_DOUBT"}
"""What the columns beside say of a product: its price in another currency costs the row, the rest a person looks at."""


@dataclass(frozen=True, kw_only=True)
class CheckedStock:
    """What came of a list's rows. ``accepted`` satisfies ``StockRows``; ``file`` is the table without its rows."""

    file: Table
    accepted: pl.DataFrame
    findings: pl.DataFrame
    concluded: Concluded


def check_stock(
    table: Table, *, currency: str, exponent: int, format_choice: NumberFormat | None, today: date
) -> CheckedStock:
    """Check every row: those that can be right, the findings about the others, and how numbers were read.

    A cell that is blank, or a column that is not there, is nothing: no price, none of it.
    """
    table = without_foreign(table, currency)
    named, renamed = _with_names(table.cells)
    filled = named.with_columns(_filled(table, "price"), _filled(table, "quantity"))
    amounts, marks = without_own_currency(filled["price"], currency)
    cells, concluded = in_their_formats(
        filled.with_columns(price=amounts), table.numbers, _NUMBERS, STOCK_LIST.number_format, format_choice
    )
    known = Conventions(today=today, exponent=exponent, formats=concluded)
    columns = read_columns(cells, _COLUMNS, known)
    rows = _rows(cells, columns["price"], columns["quantity"])
    read = [(name, columns[name]) for name in _COLUMNS if name in table.headings]
    unreadable = [column_findings(table, name, column) for name, column in read]
    qualified = judge_qualifiers(table.qualifier_cells, _asked(table), currency=currency, today=today)
    foreign = [foreign_heading(table, "price", currency), findings_of(qualified, _COSTS)]
    findings = pl.concat([table.findings, *unreadable, *foreign, _judged(table, rows)]).cast(FINDINGS_SCHEMA)
    file = without_cells(table, {**renamed, **marks})
    doubts = (
        *sku_concerns(cells["line"], cells["sku"], table.originals),
        *_doubts(table, cells),
        *concerns_of(qualified, _ASKS, table.originals),
        *scaled_headings(table, "price", "quantity"),
    )
    return CheckedStock(
        file=replace(file, concerns=(*table.concerns, *doubts)),
        accepted=without_rejects(rows, findings),
        findings=findings.unique(["line", "heading", "code"], maintain_order=True).sort("line", maintain_order=True),
        concluded=concluded["price"],
    )


def _doubts(table: Table, cells: pl.DataFrame) -> Iterator[Concern]:
    """Ask about SKUs that look like dates, and about blanks among quantities: none of it, or nobody counted it."""
    dates = cells.filter(damage_code(pl.col("sku")) == "CELL_DATE")["line"].to_list()
    if dates:
        lines = span_on(table.originals, dates)
        says = f"{table.headings['sku']} looks like a date on {counted(len(dates), 'row')} (lines {lines})"
        yield Concern(code="CELL_DATE_DOUBT", says=says)
    blank = table.cells.filter(pl.col("quantity") == "")["line"].to_list() if "quantity" in table.headings else []
    if 0 < len(blank) < table.cells.height:
        lines = span_on(table.originals, blank)
        says = f"{table.headings['quantity']} is blank on {counted(len(blank), 'row')} (lines {lines}): read as none"
        yield Concern(code="STOCK_BLANK", says=says)


def _asked(table: Table) -> tuple[Qualifier, ...]:
    """Another price beside the one that is read is the shop's own affair; where none is read, it is asked about."""
    return tuple(kind for kind in STOCK_LIST.qualifiers if kind != "price" or "price" not in table.headings)


def _with_names(cells: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the rows with names on one line, blank where there is none or a word stands for none, and the repairs."""
    if "name" not in cells.columns:
        return cells.with_columns(name=pl.lit("")), {}
    names = cells["name"]
    broken, nothing = names.str.contains(LINE_BREAK), names.is_in(ANY)
    mended = names.str.replace_all(LINE_BREAK, " ").set(nothing, "")
    repairs = {"CELL_LINE_BREAK": int(broken.sum()), "CELL_PLACEHOLDER": int(nothing.sum())}
    return cells.with_columns(name=mended), repairs


def _filled(table: Table, name: str) -> pl.Expr:
    return pl.col(name).replace("", "0").alias(name) if name in table.cells.columns else pl.lit("0").alias(name)


def _rows(cells: pl.DataFrame, prices: ReadColumn, counts: ReadColumn) -> pl.DataFrame:
    """Return every row; a number that cannot be read counts as zero here, it is told already."""
    return cells.select(
        "line",
        "sku",
        name=pl.when(pl.col("name") == "").then("sku").otherwise("name"),
        price_cents=prices.values.fill_null(0),
        quantity_milli=counts.values.fill_null(0),
    )


def _judged(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    failures = judge(StockRows, rows)
    failed = failures.with_columns(value=rows["sku"].gather(failures["index"]))
    twice = failed.filter(pl.col("code") == "STOCK_SKU_TWICE").select("line", same=pl.col("value").str.to_lowercase())
    others = other_lines(twice, table.originals)
    joined = failed.join(others, on="line", how="left", maintain_order="left") if twice.height else failed
    detail = pl.col("others").fill_null("") if twice.height else pl.lit("")
    return joined.select("line", heading=pl.lit(table.headings["sku"]), value="value", code="code", detail=detail)
