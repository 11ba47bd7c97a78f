"""Which rows of a file say of a record just what stands there, told for a whole register at once.

Both sides are read a column at a time, so neither has to fit in memory. What else two texts may have
in common (``Sweden``, ``SE``) is not asked here.
"""

from collections.abc import Sequence

import polars as pl


def says_nothing_new(
    rows: pl.LazyFrame, before: pl.LazyFrame, key: str, columns: Sequence[str]
) -> tuple[pl.Series, pl.Series]:
    """Return the keys of *rows*, and which of them have a record whose every cell stands there just so.

    Null says nothing of a cell. Most rows are told by two hashes of 64 bits, and a row that says something
    new would have to meet both by chance; those that differ in them are compared cell by cell.
    """
    keys = rows.select(key).collect().to_series()
    places = before.select(key).with_row_index("at").collect()
    at = keys.to_frame().join(places, on=key, how="left", maintain_order="left")["at"]
    wanted, there = _hashes(rows, columns), _hashes(before, columns)
    same = pl.select(
        pl.all_horizontal([(a == b.gather(at)).fill_null(False) for a, b in zip(wanted, there, strict=True)])
    )
    alike = same.to_series()
    unsure = at.is_not_null() & ~alike
    return keys, alike.scatter(unsure.arg_true(), _cell_by_cell(rows, before, unsure, at.filter(unsure), columns))


def _hashes(side: pl.LazyFrame, columns: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """Return two hashes of each row; each column has seeds of its own, so that cells cannot change places."""
    height = side.select(pl.len()).collect().item()
    first, second = (pl.repeat(0, height, dtype=pl.UInt64, eager=True) for _ in range(2))
    for number, column in enumerate(columns):
        cells = side.select(pl.col(column).fill_null("")).collect().to_series()
        first, second = first ^ cells.hash(2 * number), second ^ cells.hash(2 * number + 1)
    return first, second


def _cell_by_cell(
    rows: pl.LazyFrame, before: pl.LazyFrame, unsure: pl.Series, at: pl.Series, columns: Sequence[str]
) -> pl.Series:
    same = pl.repeat(True, at.len(), dtype=pl.Boolean, eager=True)
    for column in columns:
        wanted = rows.select(column).collect().to_series().filter(unsure)
        same &= wanted.is_null() | (wanted == before.select(column).collect().to_series().gather(at))
    return same
