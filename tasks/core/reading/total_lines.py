"""Which row below the others is a total line: a sum over them and not one of them."""

from collections.abc import Sequence

from schemas.domain import Dialect
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
    folded = [fold(cell).removesuffix(":").rstrip() for cell in cells]
    key = folded[number] if number < len(folded) else ""
    return key in words or (not key and not words.isdisjoint(folded))
