"""Reading amounts into integer minor units, by text operations alone: no float ever holds money."""

from collections.abc import Callable
from typing import Literal

import polars as pl

from schemas.domain import DecimalSign, NumberFormat, ThousandsMark
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, no_rejects, pick
from tasks.core.checking.number_formats import (
    BLANKS,
    Concluded,
    amount_pattern,
    decimal_pattern,
    example,
    is_ambiguous,
    thousands_pattern,
)

ZeroBalances = Literal["reject", "keep"]

MOST_DIGITS = 12
"""Digits of the largest amount that is read (999,999,999,999 units): far above any balance, and
far below what 64 bits hold in the smallest units. Eight more zeros may lead."""

_BODY = rf"[0-9.,'’{BLANKS}]*[0-9][0-9.,'’{BLANKS}]*"
_WORDS = r"kr\.?|eur|euros?|sek|nok|dkk|isk|chf|fr\.?|gbp|usd|pln|zł|czk|kč|huf|ft|ron|lei|:-"
_CURRENCY = rf"(?:[{BLANKS}]*(?:[A-Z]{{0,2}}\p{{Sc}}|[A-Z]{{3}}|(?i:{_WORDS}))[{BLANKS}]*)"
_MINUS = r"[-−–]"
_SIGN = r"^[-−]"
_NEGATIVE = (
    rf"^(?:{_MINUS}{_CURRENCY}?{_BODY}{_CURRENCY}?|{_CURRENCY}{_MINUS}{_BODY}"
    rf"|{_CURRENCY}?{_BODY}{_CURRENCY}?{_MINUS}{_CURRENCY}?|\({_CURRENCY}?{_BODY}{_CURRENCY}?\))$"
)
_WITH_CURRENCY = rf"^(?:{_CURRENCY}{_BODY}|{_BODY}{_CURRENCY})$"
_POWER = r"^[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+$"


def read_cents(
    cells: pl.Series, concluded: Concluded, exponent: int, zero_balances: ZeroBalances = "keep"
) -> ReadColumn:
    """Read amounts as exact Int64 minor units of a currency with *exponent* decimals.

    ``12``, ``12.``, ``.5`` and ``05.00`` are amounts; a sign, a currency, more decimals than
    the currency has, or thousands marks out of place are rejects.
    """
    readable = cells.str.contains(_readable_pattern(concluded.format, exponent))
    if concluded.how == "declared":
        readable &= ~pl.select(is_ambiguous(pl.lit(cells))).to_series()
    cents = _cents(cells if readable.all() else cells.set(~readable, None), concluded.format, exponent)
    rejects = no_rejects() if readable.all() else _unreadable(pick(cells, ~readable), concluded, exponent)
    if zero_balances == "reject":
        return _without_zeros(cents, rejects)
    return ReadColumn(values=cents, rejects=rejects)


def read_signed(cells: pl.Series, read: Callable[[pl.Series], ReadColumn]) -> ReadColumn:
    """Read numbers that may have a minus before them: what was given or brought back stands below zero."""
    bare = read(unsigned(cells))
    below = cells.str.contains(_SIGN)
    values = pl.select(pl.when(below).then(-bare.values).otherwise(bare.values)).to_series()
    return ReadColumn(values=values, rejects=bare.rejects)


def unsigned(cells: pl.Series) -> pl.Series:
    """Return numbers without the minus before them."""
    return cells.str.replace(_SIGN, "")


def _readable_pattern(number_format: NumberFormat, exponent: int, most_digits: int = MOST_DIGITS) -> str:
    sign, mark = decimal_pattern(number_format), thousands_pattern(number_format)
    groups = (most_digits - 1) // 3
    whole = rf"0{{0,8}}[0-9]{{1,{most_digits}}}" + (
        rf"|[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}}){{1,{groups}}}" if mark else ""
    )
    bare = rf"|{sign}[0-9]{{1,{exponent}}}" if exponent else ""
    return rf"^(?:(?:{whole})(?:{sign}[0-9]{{0,{exponent}}})?{bare})$"


def _cents(cells: pl.Series, number_format: NumberFormat, exponent: int) -> pl.Series:
    """Read cells that match the pattern; a decimal type only moves the point, it never rounds here."""
    plain = cells.str.replace_all(thousands_pattern(number_format), "") if number_format.thousands else cells
    pointed = plain.str.replace(",", ".", literal=True) if number_format.decimal == "," else plain
    return pointed.cast(pl.Decimal(38, exponent)).to_physical().cast(pl.Int64)


def _without_zeros(cents: pl.Series, rejects: pl.DataFrame) -> ReadColumn:
    zero = (cents == 0).fill_null(False)
    zeros = pick(cents, zero).select("index", code=pl.lit("AMOUNT_ZERO"), detail=pl.lit(""))
    return ReadColumn(values=cents.set(zero, None), rejects=pl.concat([rejects, zeros]))


def _unreadable(suspects: pl.DataFrame, concluded: Concluded, exponent: int) -> pl.DataFrame:
    coded = suspects.with_columns(code=_code(pl.col("cell"), concluded, exponent))
    return coded.select("index", "code", detail=_detail(concluded.format, exponent)).cast(CELL_REJECTS_SCHEMA)


def _code(cell: pl.Expr, concluded: Concluded, exponent: int) -> pl.Expr:
    """Give an unreadable cell its one code: what befell it, what stands beside it, how it is written."""
    qualified = (
        pl.when(cell.str.contains(_POWER))
        .then(pl.lit("CELL_SCI_NOTATION"))
        .when(cell.str.contains(_NEGATIVE))
        .then(pl.lit("AMOUNT_NEGATIVE"))
        .when(cell.str.contains(_WITH_CURRENCY))
        .then(pl.lit("AMOUNT_CURRENCY"))
    )
    return pl.coalesce(damage_code(cell), qualified, _misfit(cell, concluded, exponent), pl.lit("AMOUNT_NOT_A_NUMBER"))


def _misfit(cell: pl.Expr, concluded: Concluded, exponent: int) -> pl.Expr:
    """Say how digits and marks miss the column's format; null where they are no amount at all."""
    number_format = concluded.format
    same = number_format.decimal
    return (
        pl.when(is_ambiguous(cell) & (concluded.how == "declared"))
        .then(pl.lit("AMOUNT_AMBIGUOUS"))
        .when(cell.str.contains(_readable_pattern(number_format, exponent, most_digits=999)))
        .then(pl.lit("AMOUNT_TOO_LARGE"))
        .when(cell.str.contains(amount_pattern(number_format)))
        .then(pl.lit("AMOUNT_PRECISION"))
        .when(fits_any(cell, same) | cell.str.contains(_loose_pattern(number_format)))
        .then(pl.lit("AMOUNT_THOUSANDS"))
        .when(fits_any(cell, "," if same == "." else "."))
        .then(pl.lit("AMOUNT_DECIMAL_COMMA"))
    )


def fits_any(cell: pl.Expr, decimal: DecimalSign) -> pl.Expr:
    """Tell cells that are amounts under some format with this decimal sign."""
    marks: tuple[ThousandsMark, ...] = ("", " ", "'", "," if decimal == "." else ".")
    formats = [NumberFormat(decimal=decimal, thousands=mark) for mark in marks]
    return pl.any_horizontal([cell.str.contains(amount_pattern(known)) for known in formats])


def _loose_pattern(number_format: NumberFormat) -> str:
    """Match digits with two or more marks among them, such as 1,23,456: grouped, but not by three."""
    other = "," if number_format.decimal == "." else r"\."
    sign = decimal_pattern(number_format)
    return rf"^[0-9]+(?:(?:{other}[0-9]+){{2,}}|(?:['’{BLANKS}][0-9]+)+)(?:{sign}[0-9]*)?$"


def _detail(number_format: NumberFormat, exponent: int) -> pl.Expr:
    cell = pl.col("cell")
    whole, part = cell.str.replace("[.,]", ""), cell.str.replace(",", ".", literal=True)
    return (
        pl.when(pl.col("code") == "AMOUNT_AMBIGUOUS")
        .then(pl.concat_str(cell, pl.lit(" may be "), whole, pl.lit(" or "), part))
        .when(pl.col("code") == "AMOUNT_PRECISION")
        .then(pl.lit(f"{exponent} at most"))
        .when(pl.col("code").str.starts_with("AMOUNT_") & (pl.col("code") != "AMOUNT_TOO_LARGE"))
        .then(pl.lit(example(number_format)))
        .otherwise(pl.lit(""))
    )
