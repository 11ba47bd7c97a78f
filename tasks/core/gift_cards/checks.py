"""Checking every row of a file: text cells become values, what cannot is named, pandera judges the rest."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.domain import NumberFormat
from schemas.gift_cards import LIGHTSPEED_X, GiftCards
from schemas.records import RowCounts, Total
from schemas.tables import FINDINGS_SCHEMA, Concern, Originals, Table
from tasks.core.checking.amounts import ZeroBalances, read_cents
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.findings import column_findings, count_rows, without_cells, without_rejects
from tasks.core.checking.number_columns import in_their_formats
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.own_currency import foreign_heading, without_own_currency
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers, scaled_headings
from tasks.core.checking.total_checks import check_total
from tasks.core.checking.workbook_numbers import without_foreign
from tasks.core.gift_cards.card_concerns import number_concerns
from tasks.core.gift_cards.card_numbers import read_numbers, too_long, wrong_character

__all__ = ["Checked", "ZeroBalances", "check_gift_cards"]

_COSTS = {
    "foreign": "AMOUNT_CURRENCY",
    "expired": "GIFT_EXPIRED",
    "unreadable": "GIFT_EXPIRY",
    "dead": "GIFT_ENDED",
}
_ASKS = {"expires": "GIFT_EXPIRES", "unknown": "COLUMN_DOUBT", "unsaid": "COLUMN_DOUBT"}
"""What the columns beside number and balance say of a card: what turns the row away, and what a person looks at."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of a file's rows.

    ``accepted`` satisfies ``schemas.gift_cards.GiftCards``. ``findings`` and ``concerns`` hold
    those of the table too. ``file`` is the table without its rows, with what was repaired. ``notes``
    are for the report's "how the file was read". ``concluded`` is the format in which the amounts were read.
    """

    file: Table
    accepted: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    concluded: Concluded
    concerns: tuple[Concern, ...]
    notes: tuple[str, ...]
    file_totals: tuple[Total, ...]


def check_gift_cards(
    table: Table,
    *,
    currency: str,
    exponent: int,
    format_choice: NumberFormat | None,
    zero_balances: ZeroBalances,
    today: date,
) -> Checked:
    """Check every row; each reject is one finding a cell, and no row is left out of the count."""
    table = without_foreign(table, currency)
    marked, repairs = without_own_currency(table.cells["balance"], currency)
    cells, formats = in_their_formats(
        table.cells.with_columns(balance=marked), table.numbers, ("balance",), LIGHTSPEED_X.number_format, format_choice
    )
    concluded = formats["balance"]
    numbers = read_numbers(table.cells["number"])
    balances = read_cents(cells["balance"], concluded, exponent, zero_balances)
    qualified = judge_qualifiers(table.qualifier_cells, LIGHTSPEED_X.qualifiers, currency=currency, today=today)
    rows = _rows(table, numbers, balances, currency)
    failures = _judge(rows)
    findings = _findings(table, numbers, balances, _explained(failures, table.originals))
    foreign = foreign_heading(table, "balance", currency)
    findings = pl.concat([findings, foreign, findings_of(qualified, _COSTS)]).sort("line", maintain_order=True)
    accepted = without_rejects(rows, findings)
    control = check_total(table, balances.values, concluded, exponent, currency)
    doubts = (*concerns_of(qualified, _ASKS, table.originals), *scaled_headings(table, "balance"))
    concerns = (*number_concerns(rows["line"], rows["number"], table.originals), *doubts)
    return Checked(
        file=without_cells(table, repairs),
        accepted=accepted,
        findings=findings,
        rows=count_rows(table, accepted, findings),
        concluded=concluded,
        concerns=(*table.concerns, *concerns, *control.concerns),
        notes=control.notes,
        file_totals=(_total(accepted, currency),),
    )


def _rows(table: Table, numbers: ReadColumn, balances: ReadColumn, currency: str) -> pl.DataFrame:
    """Return the rows with a readable number, so that duplicates are seen among all of them.

    An unreadable balance counts as zero here: it is told already, and its row is not accepted.
    """
    rows = pl.DataFrame(
        {
            "line": table.cells["line"],
            "number": numbers.values,
            "currency": pl.repeat(currency, table.cells.height, dtype=pl.String, eager=True),
            "balance_cents": balances.values.fill_null(0),
        }
    )
    return rows if numbers.rejects.is_empty() else rows.filter(pl.col("number").is_not_null())


def _judge(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``line, number, column, code`` of every cell that the schema does not let pass."""
    failures = judge(GiftCards, rows)
    return failures.with_columns(number=rows["number"].gather(failures["index"]))


def _explained(failures: pl.DataFrame, originals: Originals) -> pl.DataFrame:
    """Add ``detail``: which character, how long, on which other lines."""
    if failures.is_empty():
        return failures.with_columns(detail=pl.lit(""))
    twice = failures.filter(pl.col("code") == "GIFT_NUMBER_DUP_FILE")
    copies = twice.select("line", same=pl.col("number").str.to_lowercase())
    joined = failures.join(other_lines(copies, originals), on="line", how="left", maintain_order="left")
    number = pl.col("number")
    detail = (
        pl.when(pl.col("code") == "GIFT_NUMBER_CHARS")
        .then(wrong_character(number))
        .when(pl.col("code") == "GIFT_NUMBER_LENGTH")
        .then(too_long(number))
        .otherwise(pl.col("others"))
    )
    return joined.with_columns(detail=detail.fill_null("")).drop("others")


def _findings(table: Table, numbers: ReadColumn, balances: ReadColumn, judged: pl.DataFrame) -> pl.DataFrame:
    """Put all findings in one frame, by line and then in the order of the columns."""
    heading = {"number": table.headings["number"], "balance_cents": table.headings["balance"]}
    of_schema = judged.select(
        "line",
        heading=pl.col("column").replace_strict(heading, default=None, return_dtype=pl.String),
        value=pl.col("number"),
        code=pl.col("code"),
        detail=pl.col("detail"),
    )
    parts = [
        table.findings,
        column_findings(table, "number", numbers),
        of_schema,
        column_findings(table, "balance", balances),
    ]
    return pl.concat([part.cast(FINDINGS_SCHEMA) for part in parts]).sort("line", maintain_order=True)


def _total(accepted: pl.DataFrame, currency: str) -> Total:
    """Sum in 128 bits: the largest amounts of a large file are more than 64 bits hold."""
    cents = accepted["balance_cents"].cast(pl.Int128).sum()
    return Total(currency=currency, count=accepted.height, sum_cents=int(cents))
