"""Checking every row of a list of stock: SKUs, prices and quantities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from schemas.domain import NumberFormat
from schemas.qualifiers import Qualifier
from schemas.stock import STOCK_LIST, StockRows
from schemas.tables import FINDINGS_SCHEMA, Concern, Originals, Table
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, pick
from tasks.core.checking.findings import column_findings, without_cells, without_rejects
from tasks.core.checking.lost_digits import digits_cut, find_zeroed
from tasks.core.checking.lost_zeros import lost_zeros
from tasks.core.checking.number_formats import Concluded, conclude_format, conclude_from_other
from tasks.core.checking.own_currency import foreign_heading, without_own_currency
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.placeholders import ANY
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers, scaled_headings
from tasks.core.checking.texts import LINE_BREAK, read_text
from tasks.core.checking.workbook_numbers import in_formats, only_texts, without_foreign
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import counted

_MILLI_DIGITS = 3
_HARM = ["CELL_CONTROL", "CELL_SCI_NOTATION", "CELL_ERROR"]
"""What else looks damaged, such as a date or a formula, may be how a shop names its products."""
_NO_SKU = [word for word in ANY if word.isalpha()]
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
    filled = named.with_columns(_filled(table, "price"), _filled(table, "stock"))
    amounts, marks = without_own_currency(filled["price"], currency)
    cells, concluded = _in_their_formats(filled.with_columns(price=amounts), table, format_choice)
    prices = read_cents(cells["price"], concluded["price"], exponent)
    counts = read_cents(cells["stock"], concluded["stock"], _MILLI_DIGITS)
    columns = {
        "sku": read_skus(cells["sku"]),
        "name": read_text(cells["name"]),
        "price": prices,
        "stock": counts,
    }
    rows = _rows(cells, prices, counts)
    read = [(name, column) for name, column in columns.items() if name in table.headings]
    unreadable = [column_findings(table, name, column) for name, column in read]
    qualified = judge_qualifiers(table.beside, _asked(table), currency=currency, today=today)
    foreign = [foreign_heading(table, "price", currency), findings_of(qualified, _COSTS)]
    findings = pl.concat([table.findings, *unreadable, *foreign, _judged(table, rows)]).cast(FINDINGS_SCHEMA)
    file = without_cells(table, {**renamed, **marks})
    doubts = (
        *sku_concerns(cells, table.originals),
        *_doubts(table, cells),
        *concerns_of(qualified, _ASKS, table.originals),
        *scaled_headings(table, "price", "stock"),
    )
    return CheckedStock(
        file=replace(file, concerns=(*table.concerns, *doubts)),
        accepted=without_rejects(rows, findings),
        findings=findings.unique(["line", "heading", "code"], maintain_order=True).sort("line", maintain_order=True),
        concluded=concluded["price"],
    )


def _in_their_formats(
    cells: pl.DataFrame, table: Table, chosen: NumberFormat | None
) -> tuple[pl.DataFrame, Mapping[str, Concluded]]:
    """Return the cells, with numbers of a spreadsheet written as texts beside them are, and how each column is read."""
    texts = only_texts(cells, table.numbers)
    both = pl.concat([texts[name].alias("number") for name in ("price", "stock")])
    shared = conclude_format(both, STOCK_LIST.number_format, chosen)
    concluded = {name: _format_of(texts[name], shared) for name in ("price", "stock")}
    written = {name: each.format for name, each in concluded.items()}
    return in_formats(cells, table.numbers, written), concluded


def _format_of(cells: pl.Series, shared: Concluded) -> Concluded:
    """Conclude how one column is written, beside what both together say. Each has its own say.

    Databases write a quantity with a decimal point, whatever the prices have: beside 12,50 a stock of 1.500 is not
    read as 1500. Beside 12.50 a stock of 1,500 is.
    """
    if shared.how == "chosen":
        return shared
    own = conclude_format(cells, shared.format, None)
    if own.how == "concluded" or shared.how == "declared" or shared.format.decimal == ".":
        return own if own.how == "concluded" else shared
    return conclude_from_other(cells, shared)


def read_skus(cells: pl.Series) -> ReadColumn:
    """Read SKUs as they stand, unreadable where a spreadsheet has changed them or a word stands for none."""
    damage = pl.DataFrame({"cell": cells}).select(damage_code(pl.col("cell"))).to_series()
    harm = pick(cells, (damage.is_in(_HARM) | cells.is_in(_NO_SKU)).fill_null(False))
    code = pl.when(pl.col("cell").is_in(_NO_SKU)).then(pl.lit("CELL_EMPTY")).otherwise(damage_code(pl.col("cell")))
    coded = harm.select("index", code=code, detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
    rejects = pl.concat([coded, find_zeroed(cells)]).sort("index")
    return ReadColumn(values=cells.scatter(rejects["index"], None) if rejects.height else cells, rejects=rejects)


def _doubts(table: Table, cells: pl.DataFrame) -> Iterator[Concern]:
    """Ask about SKUs that look like dates, and about blanks among quantities: none of it, or nobody counted it."""
    dates = cells.filter(damage_code(pl.col("sku")) == "CELL_DATE")["line"].to_list()
    if dates:
        lines = span_on(table.originals, dates)
        says = f"{table.headings['sku']} looks like a date on {counted(len(dates), 'row')} (lines {lines})"
        yield Concern(code="CELL_DATE_DOUBT", says=says)
    blank = table.cells.filter(pl.col("stock") == "")["line"].to_list() if "stock" in table.headings else []
    if 0 < len(blank) < table.cells.height:
        lines = span_on(table.originals, blank)
        says = f"{table.headings['stock']} is blank on {counted(len(blank), 'row')} (lines {lines}): read as none"
        yield Concern(code="STOCK_BLANK", says=says)


def sku_concerns(cells: pl.DataFrame, originals: Originals) -> tuple[Concern, ...]:
    """Return the concerns about the SKUs of digits: barcodes that may have lost zeros, or their last digits."""
    digits = cells.filter(pl.col("sku").str.contains("^[0-9]+$"))
    return (*lost_zeros(digits["sku"], "SKUs"), *digits_cut(digits, "sku", originals)) if digits.height else ()


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
