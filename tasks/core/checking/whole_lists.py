"""Lists of all records, as a system exports them: one with holes, or with a record twice, is none to compare with."""

import polars as pl

from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.row_numbers import span_on


def expect_none(table: Table, lines: pl.Series, what: str, *, name: str, remedy: str) -> None:
    """Expect no rows of which *what* is true.

    Raises:
        FileNeedsFixing: Those on *lines* are such; they are named.
    """
    if lines.is_empty():
        return
    rows = span_on(table.originals, lines.unique().sort().to_list())
    raise FileNeedsFixing(f"{name}: the rows on these lines {what}: {rows}. {remedy}")
