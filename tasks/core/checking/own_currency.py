"""The shop's own currency beside an amount (``99,90 kr``, ``€ 12``): taken off, for it says what is known anyway.

Any other currency stays, and is turned away by whoever reads the amount.
"""

import re

import polars as pl

from schemas.currencies import is_currency, marks_of, split_heading
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.number_formats import BLANKS

_CODE = "AMOUNT_OWN_CURRENCY"
_BEYOND_DIGITS = r"[^0-9.,]"
_DIGIT = r"[0-9.,'’" + BLANKS + "]"


def without_own_currency(cells: pl.Series, currency: str) -> tuple[pl.Series, dict[str, int]]:
    """Return amounts without the marks of *currency*, and the repairs that were made."""
    marked = cells.str.contains(_BEYOND_DIGITS)
    if not marked.any():
        return cells, {}
    some = cells.filter(marked)
    bare = some.str.replace(_pattern(currency), "${1}")
    count = int((bare != some).sum())
    return (cells.clone().scatter(marked.arg_true(), bare) if count else cells), {_CODE: count}


def _pattern(currency: str) -> str:
    marks = "|".join(map(re.escape, marks_of(currency)))
    mark, body = rf"(?i:{marks})", rf"{_DIGIT}*?[0-9](?:{_DIGIT}*?[0-9])?[.,]?"
    return rf"^(?:{mark}[{BLANKS}]*)?({body})(?:[{BLANKS}]*{mark})?$"


def foreign_heading(table: Table, name: str, currency: str) -> pl.DataFrame:
    """Return one finding for each cell of a column whose heading names another currency: ``Balance (USD)``."""
    heading = table.headings.get(name, "")
    named = split_heading(heading)[1]
    if not named or is_currency(named, currency):
        return FINDINGS_SCHEMA.to_frame()
    filled = table.cells.filter(pl.col(name) != "")
    told = filled.select("line", heading=pl.lit(heading), value=name, code=pl.lit("AMOUNT_CURRENCY"), detail=pl.lit(""))
    return told.cast(FINDINGS_SCHEMA)
