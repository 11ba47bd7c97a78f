"""Reading card numbers: telling a code apart from what a spreadsheet made of it.

Which characters and how many a number may have is the schema's to judge, not ours.
"""

import polars as pl

from schemas.gift_cards import LONGEST_NUMBER, NUMBER_PATTERN
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, SPREADSHEET_WORD, ReadColumn, damage_code, no_rejects, pick

EXACT_DIGITS = 15
"""Spreadsheets keep 15 digits of a number and turn the rest into zeros."""

FEWEST_LOST_DIGITS = 3
"""Below this, zeros at the end are taken for chance."""

_ZEROED = "all long numbers of this column end in zeros from the 16th digit on"
_BLANK_NAMES = {" ": "a blank", "\u00a0": "a no-break blank", "\u202f": "a no-break blank"}


def read_numbers(cells: pl.Series) -> ReadColumn:
    """Read card numbers as text, unreadable where a spreadsheet has changed them.

    A number with a wrong character stays readable: it is as the shop wrote it.
    """
    rejects = pl.concat([_damaged(cells), _zeroed(cells)])
    if rejects.is_empty():
        return ReadColumn(values=cells, rejects=rejects)
    unreadable = pl.int_range(cells.len(), dtype=pl.UInt32, eager=True).is_in(rejects["index"].implode())
    return ReadColumn(values=cells.set(unreadable, None), rejects=rejects)


def wrong_character(cell: pl.Expr) -> pl.Expr:
    """Name the first character that a card number must not hold; a spreadsheet's decimals by name."""
    wrong = cell.str.extract("([^A-Za-z0-9])")
    named = wrong.replace_strict(_BLANK_NAMES, default=pl.concat_str(pl.lit("'"), wrong, pl.lit("'")))
    return (
        pl.when(cell.str.contains(r"^[0-9]+[.,]0+$"))
        .then(pl.lit("a spreadsheet put decimals behind it"))
        .otherwise(pl.concat_str(pl.lit("it holds "), named))
    )


def too_long(cell: pl.Expr) -> pl.Expr:
    """Say how long a number is and may be."""
    return pl.format("{} characters, {} at most", cell.str.len_chars(), pl.lit(LONGEST_NUMBER))


def _damaged(cells: pl.Series) -> pl.DataFrame:
    odd = ~cells.str.contains(NUMBER_PATTERN) | cells.str.contains(SPREADSHEET_WORD)
    if not odd.any():
        return no_rejects()
    cell = pl.col("cell")
    signed = pl.when(cell.str.contains("^[+-]")).then(pl.lit("CELL_FORMULA"))
    coded = pick(cells, odd).with_columns(code=pl.coalesce(damage_code(cell), signed))
    found = coded.filter(pl.col("code").is_not_null())
    return found.select("index", "code", detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)


def _zeroed(cells: pl.Series) -> pl.DataFrame:
    """Reject long numbers that all end in zeros from the 16th digit on.

    One alone may be a real number. That all are so, and three digits or more in all, is the
    mark of a spreadsheet that has stored codes as numbers.
    """
    long = cells.str.contains(rf"^[0-9]{{{EXACT_DIGITS + 1},}}$")
    numbers = cells.filter(long)
    lost = int((numbers.str.len_bytes().cast(pl.Int64) - EXACT_DIGITS).sum())
    if lost < FEWEST_LOST_DIGITS or not numbers.str.contains(rf"^[0-9]{{{EXACT_DIGITS}}}0+$").all():
        return no_rejects()
    zeroed = pick(cells, long).select("index", code=pl.lit("CELL_PRECISION_LOST"), detail=pl.lit(_ZEROED))
    return zeroed.cast(CELL_REJECTS_SCHEMA)
