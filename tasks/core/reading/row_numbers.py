"""The rows of a file as a spreadsheet numbers them: a cell that holds line breaks takes lines, but no rows.

Rows are known by their lines everywhere; this is for what people read.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from schemas.tables import Originals
from tasks.core.reading.raw_rows import span

ROW = "row"


def rows_on(originals: Originals, lines: Sequence[int] | pl.Series) -> pl.Series:
    """Return the row of a spreadsheet that each of *lines* is; blank rows and those above the headings count too."""
    given = np.asarray(lines, np.int64)
    counted = np.searchsorted(np.asarray(originals.records), given, side="right") if len(originals.records) else given
    return pl.Series(ROW, counted, dtype=pl.UInt32)


def with_rows(findings: pl.DataFrame, originals: Originals) -> pl.DataFrame:
    """Return *findings* with the column ``row``, if the row of any of them is not its line."""
    rows = rows_on(originals, findings["line"])
    differ = (rows != findings["line"].cast(pl.UInt32)).any()
    return findings.with_columns(rows) if differ else findings


def place_on(originals: Originals, line: int) -> str:
    """Name one row: by its line, or by its row with the line beside it where they differ."""
    row = int(rows_on(originals, [line])[0])
    return f"line {line}" if row == line else f"row {row} (line {line})"


def span_on(originals: Originals, lines: Sequence[int]) -> str:
    """Name lines in few words, and behind them the rows of a spreadsheet where those differ."""
    rows = rows_on(originals, lines).to_list()
    called = "row" if len(rows) == 1 else "rows"
    return span(lines) if rows == list(lines) else f"{span(lines)}, in a spreadsheet {called} {span(rows)}"
