"""Checking every row of a file by what the row model of its domain says, for domains that need no more than that."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from schemas.columns import columns_in_files, columns_that_read, names_in_files, shape_of
from schemas.domain import Domain, NumberFormat
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.composite_keys import key_of, parts_of_key
from tasks.core.checking.findings import column_findings, count_rows, judged_findings, without_cells, without_rejects
from tasks.core.checking.number_columns import in_their_formats
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.own_currency import foreign_heading, without_own_currency
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers, scaled_headings
from tasks.core.checking.readers import Conventions, blank_as_null, filled_in, orders_in, read_columns
from tasks.core.checking.skus import sku_concerns
from tasks.core.checking.workbook_numbers import without_foreign

_COSTS = {"foreign": "AMOUNT_CURRENCY"}
_ASKS = {"dead": "COLUMN_DOUBT", "unknown": "COLUMN_DOUBT", "unsaid": "COLUMN_DOUBT"}
"""What columns beside ours say of a row: another currency costs it, at the rest a person looks."""


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What a shop takes for granted: its currency and how many decimals that has, its country, the day of today."""

    currency: str
    exponent: int
    country: str
    today: date


@dataclass(frozen=True, kw_only=True)
class CheckedRows:
    """What came of a file's rows.

    ``accepted`` satisfies the row model. ``file`` is the table without its rows, with what was repaired and what a
    person should look at. ``keys`` says by what every row is known (``line, key``), also one that cannot be read.
    ``formats`` says how each column of numbers was read.
    """

    file: Table
    accepted: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    keys: pl.DataFrame
    formats: Mapping[str, Concluded]


def check_rows(table: Table, domain: Domain, shop: Shop, format_choice: NumberFormat | None) -> CheckedRows:
    """Check every row; each reject is one finding a cell, and no row is left out of the count."""
    table = without_foreign(table, shop.currency)
    cells, repairs = _without_marks(table.cells, _reading(table, domain, "money"), shop.currency)
    cells, formats = _in_their_formats(cells, table, domain, format_choice)
    columns = _read(cells, table, domain, shop, formats)
    rows = _rows(table.cells["line"], columns, domain, shop)
    qualifiers = domain.dialects[0].qualifiers
    qualified = judge_qualifiers(table.qualifier_cells, qualifiers, currency=shop.currency, today=shop.today)
    unread = [column_findings(table, name, column) for name, column in columns.items() if column.rejects.height]
    foreign = [foreign_heading(table, name, shop.currency) for name in _reading(table, domain, "money")]
    found = pl.concat(
        [table.findings, *unread, *foreign, findings_of(qualified, _COSTS), _repeated(table, rows, domain)]
    )
    judged = judged_findings(table, judge(domain.rows[0], without_rejects(rows, found)), names_in_files(domain.rows[0]))
    findings = pl.concat([found, judged]).unique(["line", "heading", "code"], maintain_order=True)
    findings = findings.sort("line", maintain_order=True)
    accepted = without_rejects(rows, findings)
    concerns = (*_doubts(table, domain), *concerns_of(qualified, _ASKS, table.originals))
    return CheckedRows(
        file=replace(without_cells(table, repairs), concerns=(*table.concerns, *concerns)),
        accepted=accepted,
        findings=findings,
        rows=count_rows(table, accepted, findings),
        keys=_keys(table.cells, rows, domain),
        formats=formats,
    )


def _reading(table: Table, domain: Domain, *reads: str) -> list[str]:
    """Return the columns of the file that are read in one of these ways."""
    declared = columns_in_files(domain.rows[0]).items()
    return [name for name, each in declared if each.reads in reads and name in table.headings]


def _without_marks(
    cells: pl.DataFrame, amounts: Sequence[str], currency: str
) -> tuple[pl.DataFrame, Mapping[str, int]]:
    """Take the marks of the shop's own currency off the amounts."""
    bare = {name: without_own_currency(cells[name], currency) for name in amounts}
    repairs = sum((Counter(counts) for _, counts in bare.values()), Counter[str]())
    return cells.with_columns(column.alias(name) for name, (column, _) in bare.items()), repairs


def _in_their_formats(
    cells: pl.DataFrame, table: Table, domain: Domain, chosen: NumberFormat | None
) -> tuple[pl.DataFrame, Mapping[str, Concluded]]:
    numbers = _reading(table, domain, "money", "quantity")
    if not numbers:
        return cells, {}
    return in_their_formats(cells, table.numbers, numbers, domain.dialects[0].number_format, chosen)


def _read(
    cells: pl.DataFrame, table: Table, domain: Domain, shop: Shop, formats: Mapping[str, Concluded]
) -> dict[str, ReadColumn]:
    """Read every column; a blank cell is null, and a reject where the file must say something."""
    declared = {name: each for name, each in columns_in_files(domain.rows[0]).items() if name in table.headings}
    known = Conventions(
        today=shop.today,
        country=shop.country,
        exponent=shop.exponent,
        formats=formats,
        orders=orders_in(cells, declared),
    )
    columns = {name: blank_as_null(cells[name], read) for name, read in read_columns(cells, declared, known).items()}
    required = [each.name for each in domain.dialects[0].columns if each.required and each.name in columns]
    return columns | {name: filled_in(cells[name], columns[name]) for name in required}


def _rows(lines: pl.Series, columns: Mapping[str, ReadColumn], domain: Domain, shop: Shop) -> pl.DataFrame:
    """Return every row in the columns of the row model; null is what could not be read, or is not said."""
    types = shape_of(domain.rows[0])
    named = names_in_files(domain.rows[0]).items()
    rows = pl.DataFrame({"line": lines} | {name: columns[own].values for name, own in named if own in columns})
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in types.items() if name not in rows.columns]
    currency = [pl.lit(shop.currency).alias(name) for name in columns_that_read(domain.rows[0], "currency")]
    return rows.with_columns(absent).with_columns(key_of(domain.resource), *currency).select(*types)


def _keys(cells: pl.DataFrame, rows: pl.DataFrame, domain: Domain) -> pl.DataFrame:
    """Say by what each row is known, by its cell where that cannot be read."""
    parts = [pl.coalesce(rows[name], cells[name]).alias(name) for name in parts_of_key(domain.resource)]
    return pl.select(rows["line"], *parts).select("line", key=key_of(domain.resource))


def _repeated(table: Table, rows: pl.DataFrame, domain: Domain) -> pl.DataFrame:
    """Find the rows that are about one record, in whatever mix of cases: nobody can tell which is right."""
    same = rows.select("line", same=key_of(domain.resource).str.to_lowercase())
    copies = same.filter(pl.col("same").is_not_null() & pl.col("same").is_duplicated())
    if copies.is_empty():
        return FINDINGS_SCHEMA.to_frame()
    parts = parts_of_key(domain.resource)
    cells = table.cells.select("line", value=pl.concat_str(parts, separator=", "))
    found = copies.join(other_lines(copies, table.originals), on="line", how="left").join(cells, on="line", how="left")
    heading = pl.lit(", ".join(table.headings[name] for name in parts))
    code = pl.lit("FILE_ROW_TWICE")
    return found.select("line", heading=heading, value="value", code=code, detail="others").cast(FINDINGS_SCHEMA)


def _doubts(table: Table, domain: Domain) -> Iterator[Concern]:
    """Yield what a person should look at in whole columns: codes that lost digits, headings that count thousands."""
    for name in _reading(table, domain, "sku"):
        yield from sku_concerns(table.cells["line"], table.cells[name], table.originals)
    yield from scaled_headings(table, *_reading(table, domain, "money", "quantity"))
