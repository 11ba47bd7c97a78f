"""Checking every row of a file: text cells become values, what cannot is named, pandera judges the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandera.polars as pa
import polars as pl

from schemas.domain import NumberFormat
from schemas.gift_cards import LIGHTSPEED_X, GiftCards
from schemas.records import RowCounts, Total
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.amounts import ZeroBalances, read_cents
from tasks.core.checking.card_concerns import number_concerns
from tasks.core.checking.card_numbers import read_numbers, too_long, wrong_character
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.number_formats import conclude_format
from tasks.core.checking.total_checks import check_total

__all__ = ["Checked", "ZeroBalances", "check_gift_cards"]

_CODES: Mapping[tuple[str, str], str] = {
    ("number", "str_matches"): "GIFT_NUMBER_CHARS",
    ("number", "str_length"): "GIFT_NUMBER_LENGTH",
    ("number", "appears_once"): "GIFT_NUMBER_DUP_FILE",
    ("balance_cents", "greater_than_or_equal_to"): "AMOUNT_NEGATIVE",
}
"""The checks of the schema, by column; of several that fail on one cell the first here is told."""

MOST_OTHER_LINES = 5


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of a file's rows.

    ``accepted`` satisfies ``schemas.gift_cards.GiftCards``. ``findings`` and ``concerns`` hold
    those of the table too. ``notes`` are for the report's "how the file was read".
    ``number_format`` is the one in which the amounts were read.
    """

    accepted: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    number_format: NumberFormat
    format_says: str
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
) -> Checked:
    """Check every row; each reject is one finding a cell, and no row is left out of the count."""
    concluded = conclude_format(table.cells["balance"], LIGHTSPEED_X.number_format, format_choice)
    numbers = read_numbers(table.cells["number"])
    balances = read_cents(table.cells["balance"], concluded, exponent, zero_balances)
    rows = _rows(table, numbers, balances, currency)
    failures = _judge(rows)
    findings = _findings(table, numbers, balances, _explained(failures))
    accepted = rows if findings.is_empty() else rows.filter(~pl.col("line").is_in(findings["line"].implode()))
    control = check_total(table, balances.values, concluded, exponent)
    return Checked(
        accepted=accepted,
        findings=findings,
        rows=_count(table, accepted, findings),
        number_format=concluded.format,
        format_says=concluded.says,
        concerns=(*table.concerns, *number_concerns(rows["line"], rows["number"]), *control.concerns),
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
    """Return ``line, number, code`` of every cell that the schema does not let pass, one code a cell.

    Raises:
        RuntimeError: A check failed that says nothing about a row. That is a defect of ours.
    """
    try:
        GiftCards.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        return _coded(error.failure_cases, rows)
    return pl.DataFrame(schema={"line": pl.UInt32, "number": pl.String, "column": pl.String, "code": pl.String})


def _coded(cases: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    names = pl.DataFrame(
        [(*key, code) for key, code in _CODES.items()], schema=["column", "check", "code"], orient="row"
    )
    named = cases.with_columns(pl.col("check").str.extract("^([a-z_]+)")).join(
        names, on=["column", "check"], how="left"
    )
    if named["code"].has_nulls() or named["index"].has_nulls():
        raise RuntimeError(f"The schema failed in a way we do not know: {sorted(set(cases['check'].to_list()))}")
    first = named.sort(pl.col("code").cast(pl.Enum(list(_CODES.values())))).unique(["index", "column"], keep="first")
    return rows.select("line", "number")[first["index"]].with_columns(first["column"], first["code"])


def _explained(failures: pl.DataFrame) -> pl.DataFrame:
    """Add ``detail``: which character, how long, on which other lines."""
    if failures.is_empty():
        return failures.with_columns(detail=pl.lit(""))
    twice = failures.filter(pl.col("code") == "GIFT_NUMBER_DUP_FILE")
    told = failures.join(_other_lines(twice), on="line", how="left", maintain_order="left")
    number = pl.col("number")
    detail = (
        pl.when(pl.col("code") == "GIFT_NUMBER_CHARS")
        .then(wrong_character(number))
        .when(pl.col("code") == "GIFT_NUMBER_LENGTH")
        .then(too_long(number))
        .otherwise(pl.col("others"))
    )
    return told.with_columns(detail=detail.fill_null("")).drop("others")


def _other_lines(twice: pl.DataFrame) -> pl.DataFrame:
    """Return ``line, others``: for each copy of a number, where the other copies stand."""
    copies = twice.select("line", folded=pl.col("number").str.to_lowercase()).sort("line")
    grouped = copies.group_by("folded").agg(
        copy=pl.col("line").head(MOST_OTHER_LINES + 1), more=pl.len().cast(pl.Int64) - 1 - MOST_OTHER_LINES
    )
    pairs = copies.join(grouped, on="folded").explode("copy").filter(pl.col("line") != pl.col("copy"))
    shown = (
        pairs.sort("line", "copy")
        .group_by("line", maintain_order=True)
        .agg(others=pl.col("copy").head(MOST_OTHER_LINES).cast(pl.String).str.join(", "), more=pl.col("more").first())
    )
    rest = pl.when(pl.col("more") > 0).then(pl.format(" and {} more", "more")).otherwise(pl.lit(""))
    word = pl.when(pl.col("others").str.contains(",")).then(pl.lit("also on lines ")).otherwise(pl.lit("also on line "))
    return shown.select("line", others=pl.concat_str(word, "others", rest))


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
    parts = [table.findings, _of_column(table, "number", numbers), of_schema, _of_column(table, "balance", balances)]
    return pl.concat([part.cast(FINDINGS_SCHEMA) for part in parts]).sort("line", maintain_order=True)


def _of_column(table: Table, name: Literal["number", "balance"], column: ReadColumn) -> pl.DataFrame:
    at = table.cells[column.rejects["index"]]
    return pl.DataFrame(
        {
            "line": at["line"],
            "heading": pl.repeat(table.headings[name], at.height, dtype=pl.String, eager=True),
            "value": at[name],
            "code": column.rejects["code"],
            "detail": column.rejects["detail"],
        }
    )


def _count(table: Table, accepted: pl.DataFrame, findings: pl.DataFrame) -> RowCounts:
    rejected = findings["line"].n_unique()
    if table.rows_in != accepted.height + rejected:
        raise RuntimeError(
            f"{table.rows_in} rows came in, {accepted.height} accepted and {rejected} rejected do not add up"
        )
    return RowCounts(rows_in=table.rows_in, accepted=accepted.height, rejected=rejected)


def _total(accepted: pl.DataFrame, currency: str) -> Total:
    """Sum in 128 bits: the largest amounts of a large file are more than 64 bits hold."""
    cents = accepted["balance_cents"].cast(pl.Int128).sum()
    return Total(currency=currency, count=accepted.height, sum_cents=int(cents))
