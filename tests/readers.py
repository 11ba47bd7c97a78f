"""Readers of columns in tests: a drawn table says what is to become of each cell."""

from collections.abc import Callable

import polars as pl

from tasks.core.checking.cells import ReadColumn
from tests.tables import frame

OUTCOMES = {"cell": pl.String, "value": pl.String, "code": pl.String, "detail": pl.String}


def assert_reads(read: Callable[[pl.Series], ReadColumn], drawn: str) -> None:
    """Read the column ``cell`` of a table drawn as ``cell | value | code | detail``, and compare the rest.

    The cells are read as one column. A readable cell has ``null`` for code and detail.
    """
    expected = frame(drawn, OUTCOMES)
    pairs = zip(outcomes(expected["cell"], read).rows(), expected.rows(), strict=True)
    wrong = "\n".join(f"{found}, not {wanted[1:]}" for found, wanted in pairs if found != wanted)
    assert not wrong, f"read otherwise than drawn:\n{wrong}"


def outcomes(cells: pl.Series, read: Callable[[pl.Series], ReadColumn]) -> pl.DataFrame:
    """Return ``cell, value, code, detail``, one row a cell, in the order of the cells."""
    before = cells.to_list()
    column = read(cells)
    assert cells.to_list() == before, "the reader changed the cells it was given"
    assert column.values.len() == cells.len()
    assert column.rejects["index"].to_list() == column.values.is_null().arg_true().to_list()
    read_cells = pl.DataFrame({"cell": cells, "value": column.values}).with_row_index("index")
    return read_cells.join(column.rejects, on="index", how="left", maintain_order="left").drop("index")
