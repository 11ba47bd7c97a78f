"""Checking some rows of a file of gift cards: text cells become values, what cannot is named, pandera judges the rest.

What follows from whole columns is known by then, and what rows have to do with each other is judged of all of them
(``checks``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from schemas.gift_cards import GiftCards
from tasks.core.checking.amounts import ZeroBalances, read_cents
from tasks.core.checking.findings import without_rejects
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.pandera_checks import judge
from tasks.core.checking.total_checks import SummedAmounts, sum_amounts
from tasks.core.gift_cards.card_numbers import read_numbers, too_long, wrong_character

FOUND = pl.Schema({"line": pl.UInt32} | dict.fromkeys(("column", "code", "detail"), pl.String))
"""What is found in cells, before it is put in the words of the file; ``column`` is one of the row model."""


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """How the rows of one file are read: what the shop takes for granted, and what follows from whole columns.

    ``cut``: the lengths of numbers that a spreadsheet has cut.
    """

    currency: str
    exponent: int
    zero_balances: ZeroBalances
    concluded: Concluded
    cut: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class FoundInPart:
    """What some rows are, but for their values. ``findings``: ``line, column, code, detail``.

    ``unread`` are the lines whose number cannot be read; all others are compared with each other.
    """

    findings: pl.DataFrame
    unread: pl.Series
    amounts: SummedAmounts


def slices(cells: pl.DataFrame, rows_at_once: int) -> Iterator[pl.DataFrame]:
    """Cut rows; none are one slice without any."""
    return cells.iter_slices(rows_at_once) if cells.height else iter([cells])


def check_part(cells: pl.DataFrame, conventions: Conventions) -> tuple[pl.DataFrame, FoundInPart]:
    """Check some rows (``line, number, balance``); return those accepted so far, and what else there is to say."""
    numbers = read_numbers(cells["number"], conventions.cut)
    balances = read_cents(cells["balance"], conventions.concluded, conventions.exponent, conventions.zero_balances)
    lines = cells["line"]
    rows = pl.DataFrame(
        {
            "line": lines,
            "number": numbers.values,
            "currency": pl.repeat(conventions.currency, lines.len(), dtype=pl.String, eager=True),
            "balance_cents": balances.values.fill_null(0),  # what cannot be read is told, and its row not accepted
        }
    )
    readable = rows if numbers.rejects.is_empty() else rows.filter(pl.col("number").is_not_null())
    unread = [_on_lines(lines, numbers.rejects, "number"), _on_lines(lines, balances.rejects, "balance_cents")]
    findings = pl.concat([*unread, _judged(readable)])
    found = FoundInPart(
        findings=findings,
        unread=unread[0]["line"],
        amounts=sum_amounts(balances.values),
    )
    return without_rejects(readable, findings), found


def _on_lines(lines: pl.Series, rejects: pl.DataFrame, column: str) -> pl.DataFrame:
    on = rejects.select(
        pl.lit(lines.gather(rejects["index"])).alias("line"), pl.lit(column).alias("column"), "code", "detail"
    )
    return on.cast(FOUND)


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what the schema does not let pass, and why: which character, how long."""
    failures = judge(GiftCards, rows)
    number = pl.col("number")
    detail = (
        pl.when(pl.col("code") == "GIFT_NUMBER_CHARS")
        .then(wrong_character(number))
        .when(pl.col("code") == "GIFT_NUMBER_LENGTH")
        .then(too_long(number))
        .otherwise(pl.lit(""))
    )
    named = failures.with_columns(number=rows["number"].gather(failures["index"]))
    return named.select("line", "column", "code", detail=detail).cast(FOUND)
