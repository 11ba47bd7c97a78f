"""Numbers of an export, written as the shop's own answers write them: money in one format, quantities in theirs.

Plugins write money as the shop shows it, and quantities as they lie in the database: what one column settles is not
forced on the other. A cell that does not stand as its format says is not read; it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.columns import columns_that_read
from schemas.domain import DecimalSign, NumberFormat
from schemas.orders.files import OrderFileHeads, OrderFileLines
from tasks.core.checking.amounts import fits_any
from tasks.core.checking.number_formats import (
    BLANKS,
    Concluded,
    amount_pattern,
    conclude_format,
    conclude_from_other,
    example,
    is_ambiguous,
    thousands_pattern,
)
from tasks.core.checking.workbook_numbers import Numbers, in_formats, only_texts

_AMOUNTS = columns_that_read(OrderFileHeads, "decimal") + columns_that_read(OrderFileLines, "decimal")
(_QUANTITY,) = columns_that_read(OrderFileLines, "decimal_quantity")

_POWER = r"^[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+$"
_TINY = r"^[0-9]+(?:[.,][0-9]*)?[eE]-[0-9]{1,2}$"
_DIGITS = rf"^[0-9.,'’{BLANKS}]*$"


@dataclass(frozen=True, kw_only=True)
class FileNumbers:
    """``cells`` with their numbers as ``1234.5``, null where nothing stands or it cannot be read; and ``misfits``
    (``line, column, value, code, detail``), the cells that cannot.
    """

    cells: pl.DataFrame
    misfits: pl.DataFrame
    says: str


def read_numbers(cells: pl.DataFrame, typed: Numbers, chosen: NumberFormat | None) -> FileNumbers:
    """Read the columns of *cells* that hold numbers; a format that was *chosen* is that of the money.

    Those that were *typed* as numbers of a spreadsheet are exact, and say nothing of how texts are written.
    """
    texts = only_texts(cells, typed)
    money = conclude_format(_bare(texts, _AMOUNTS), NumberFormat(), chosen)
    counted = conclude_from_other(_bare(texts, (_QUANTITY,)), money)
    formats = dict.fromkeys(_AMOUNTS, money) | {_QUANTITY: counted}
    cells = in_formats(cells, typed, {name: concluded.format for name, concluded in formats.items()})
    misfits = pl.concat([_misfits(cells, column, concluded) for column, concluded in formats.items()])
    plain = cells.with_columns(_plain(column, concluded) for column, concluded in formats.items())
    return FileNumbers(cells=plain, misfits=misfits, says=money.says)


def _bare(cells: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    return pl.concat([cells[name].rename("number").str.strip_prefix("-") for name in columns])


def _readable(column: str, concluded: Concluded) -> pl.Expr:
    bare = pl.col(column).str.strip_prefix("-")
    fits = bare.str.contains(amount_pattern(concluded.format))
    if column != _QUANTITY:
        fits |= bare.str.contains(_TINY)
    return fits & ~is_ambiguous(bare) if concluded.how == "declared" else fits


def _plain(column: str, concluded: Concluded) -> pl.Expr:
    mark = thousands_pattern(concluded.format)
    bare = pl.col(column).str.replace_all(mark, "") if mark else pl.col(column)
    pointed = bare.str.replace(",", ".", literal=True) if concluded.format.decimal == "," else bare
    return pl.when((pl.col(column) != "") & _readable(column, concluded)).then(pointed).alias(column)


def _misfits(cells: pl.DataFrame, column: str, concluded: Concluded) -> pl.DataFrame:
    wrong = cells.filter((pl.col(column) != "") & ~_readable(column, concluded))
    bare = pl.col("value").str.strip_prefix("-")
    code = pl.lit("ORDER_QUANTITY") if column == _QUANTITY else _code(bare, concluded)
    return wrong.select("line", value=column).select(
        "line", "value", column=pl.lit(column), code=code, detail=_detail(bare, column, concluded)
    )


def _code(cell: pl.Expr, concluded: Concluded) -> pl.Expr:
    other: DecimalSign = "," if concluded.format.decimal == "." else "."
    return (
        pl.when(is_ambiguous(cell) & (concluded.how == "declared"))
        .then(pl.lit("AMOUNT_AMBIGUOUS"))
        .when(cell.str.contains(_POWER))
        .then(pl.lit("CELL_SCI_NOTATION"))
        .when(fits_any(cell, concluded.format.decimal))
        .then(pl.lit("AMOUNT_THOUSANDS"))
        .when(fits_any(cell, other))
        .then(pl.lit("AMOUNT_DECIMAL_COMMA"))
        .when(cell.str.contains(_DIGITS))
        .then(pl.lit("AMOUNT_THOUSANDS"))
        .otherwise(pl.lit("AMOUNT_NOT_A_NUMBER"))
    )


def _detail(cell: pl.Expr, column: str, concluded: Concluded) -> pl.Expr:
    """Say what the two readings are; else how an amount of this file is written."""
    whole, part = cell.str.replace("[.,]", ""), cell.str.replace(",", ".", literal=True)
    twofold = pl.concat_str(cell, pl.lit(" may be "), whole, pl.lit(" or "), part)
    otherwise = pl.lit("" if column == _QUANTITY else example(concluded.format))
    doubtful = is_ambiguous(cell) & ((column == _QUANTITY) | pl.lit(concluded.how == "declared"))
    lost = cell.str.contains(_POWER)
    return pl.when(doubtful).then(twofold).when(lost).then(pl.lit("")).otherwise(otherwise)
