"""Which rows are totals: a sum over others and not one of them.

The one below all rows is set aside, for it says what they must add up to. Others go back.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from schemas.domain import Dialect
from schemas.tables import FINDINGS_SCHEMA
from tasks.core.reading.headings import Headings, fold

SEARCHED_ROWS = 3


def find_total(rows: Sequence[Sequence[str]], headings: Headings, dialect: Dialect) -> int | None:
    """Return which of the last rows is the total line, by position in *rows*, or None.

    A row is one if a total word stands where the number should, or if there is no number
    and a total word stands in another cell. A row without number and without such a word
    stays a row, and is rejected for it.
    """
    if not dialect.total_words:
        return None
    number = headings.columns[dialect.columns[0].name]
    found = [at for at, cells in enumerate(rows) if is_total(cells, number, dialect.total_words)]
    return found[-1] if found else None


def is_total(cells: Sequence[str], number: int, words: frozenset[str]) -> bool:
    """Judge one row; *number* is where its key stands."""
    folded = [fold(cell) for cell in cells]
    pattern = total_pattern(words)
    key = folded[number] if number < len(folded) else ""
    return bool(re.search(pattern, key)) or (not key and any(re.search(pattern, text) for text in folded))


def find_totals(cells: pl.DataFrame, dialect: Dialect, headings: Mapping[str, str]) -> pl.DataFrame:
    """Return one finding per row whose key is a word for a total, wherever it stands."""
    key = dialect.columns[0].name
    if not dialect.total_words or key not in headings:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    letters = cells.filter(pl.col(key).str.contains(r"^\p{L}[^0-9]*$"))
    folded = letters[key].map_elements(fold, pl.String) if letters.height else letters[key]
    found = letters.filter(folded.str.contains(total_pattern(dialect.total_words)))
    return found.select(
        "line", heading=pl.lit(headings[key]), value=key, code=pl.lit("FILE_TOTAL_ROW"), detail=pl.lit("")
    ).cast(FINDINGS_SCHEMA)


@cache
def total_pattern(words: frozenset[str]) -> str:
    """Return a pattern for folded texts: a word alone, or with a colon or a bracket behind it."""
    either = "|".join(re.escape(word) for word in sorted(words))
    return rf"^(?:{either})\s*(?:[:=(].*)?$"
