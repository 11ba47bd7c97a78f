"""Comparing the total line of a file with the sum of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from schemas.domain import NumberFormat, ThousandsMark
from schemas.tables import Concern, Table, TotalLine
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.own_currency import without_own_currency
from tasks.core.reading.row_numbers import place_on
from tasks.core.wording.money import grouped_decimal

_MARKS: tuple[ThousandsMark, ...] = ("", ",", ".", " ", "'")


@dataclass(frozen=True, kw_only=True)
class SummedAmounts:
    """What the readable amounts of rows add up to, and how many of the rows have one."""

    cents: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class TotalCheck:
    """A total that differs is a concern; one that agrees, or says nothing, is a note."""

    concerns: tuple[Concern, ...] = ()
    notes: tuple[str, ...] = ()


def sum_amounts(cents: pl.Series) -> SummedAmounts:
    """Add amounts up in 128 bits: the largest amounts of a large file are more than 64 bits hold."""
    return SummedAmounts(cents=int(cents.cast(pl.Int128).sum()), rows=cents.len() - cents.null_count())


def check_total(table: Table, amounts: SummedAmounts, concluded: Concluded, exponent: int, currency: str) -> TotalCheck:
    """Compare the total line, if there is one, with all rows that have a readable amount, rejects too."""
    if table.total_line is None:
        return TotalCheck()
    place = f"the total on {place_on(table.originals, table.total_line.line)}"
    stated = _stated(table.total_line, table, concluded, exponent, currency)
    if stated is None:
        return TotalCheck(notes=(f"{place} has no amount that can be read; it was left out",))
    summed = amounts.cents
    if stated == summed:
        return TotalCheck(notes=(f"{place} is the sum of the rows: {grouped_decimal(summed, exponent)}",))
    unread = table.rows_in - amounts.rows
    says = f"{place} is {grouped_decimal(stated, exponent)}, the rows add up to {grouped_decimal(summed, exponent)}"
    return TotalCheck(concerns=(Concern(code="FILE_TOTAL_DIFFERS", says=says + _unread_says(unread)),))


def _stated(total_line: TotalLine, table: Table, concluded: Concluded, exponent: int, currency: str) -> int | None:
    """Read the amount of the total line; it may need thousands marks where no row does."""
    cells = total_line.text.split(" | ")
    at = table.form.headings.index(table.headings["balance"])
    cell, _ = without_own_currency(pl.Series([cells[at].strip() if at < len(cells) else ""]), currency)
    amounts = (read_cents(cell, way, exponent).values[0] for way in _ways(concluded))
    return next((int(amount) for amount in amounts if amount is not None), None)


def _ways(concluded: Concluded) -> Iterator[Concluded]:
    yield concluded
    for mark in _MARKS:
        if mark != concluded.format.decimal:
            yield replace(concluded, format=replace(concluded.format, thousands=mark))
    yield replace(concluded, format=NumberFormat())  # as a number of a workbook stands here


def _unread_says(unread: int) -> str:
    return f", leaving out {unread} rejected for their amount" if unread else ""
