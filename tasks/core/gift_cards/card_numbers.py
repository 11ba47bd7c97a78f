"""Reading card numbers: telling a code apart from what a spreadsheet made of it.

Which characters and how many a number may have is the schema's to judge, not ours.
"""

from collections.abc import Collection

import polars as pl

from schemas.gift_cards import LONGEST_NUMBER, NUMBER_PATTERN
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, SPREADSHEET_WORD, ReadColumn, damage_code, no_rejects, pick
from tasks.core.checking.lost_digits import find_zeroed
from tasks.core.checking.placeholders import ANY

_BLANK_NAMES = {" ": "a blank", "\u00a0": "a no-break blank", "\u202f": "a no-break blank"}

_WORDS_FOR_NOTHING = [word for word in ANY if word.isalpha()]
"""NULL is no number, although it has letters only. NA may be one."""


def read_numbers(cells: pl.Series, cut: Collection[int]) -> ReadColumn:
    """Read card numbers as text, unreadable where a spreadsheet has changed them.

    A number with a wrong character stays readable: it is as the shop wrote it. *cut* are the ``cut_lengths`` of the
    whole column.
    """
    rejects = pl.concat([_damaged(cells), find_zeroed(cells, cut)])
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
    odd = ~cells.str.contains(NUMBER_PATTERN) | cells.str.contains(SPREADSHEET_WORD) | cells.is_in(_WORDS_FOR_NOTHING)
    if not odd.any():
        return no_rejects()
    cell = pl.col("cell")
    nothing = pl.when(cell.is_in(_WORDS_FOR_NOTHING)).then(pl.lit("CELL_EMPTY"))
    signed = pl.when(cell.str.contains("^[+-]")).then(pl.lit("CELL_FORMULA"))
    coded = pick(cells, odd).with_columns(code=pl.coalesce(damage_code(cell), signed, nothing))
    found = coded.filter(pl.col("code").is_not_null())
    detail = (
        pl.when(cell.is_in(_WORDS_FOR_NOTHING)).then(pl.lit("a word that stands for nothing")).otherwise(pl.lit(""))
    )
    return found.select("index", "code", detail=detail).cast(CELL_REJECTS_SCHEMA)
