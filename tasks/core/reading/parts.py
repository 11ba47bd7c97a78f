"""A file whose rows are looked at some at a time, because the cells of all of them may not fit in memory.

What was found part by part is added up by ``tasks.core.reading.table.joined``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from schemas.domain import Dialect
from schemas.tables import Originals, Table
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import all_cells, find_rows, refuse_no_rows, some_rows, without_rows
from tasks.core.reading.trimmed_cells import trim

ROWS_AT_ONCE = 125_000


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A file to be gone through, as often as need be. ``file`` is the table without its rows."""

    file: Table
    raw: RawRows
    dialect: Dialect
    rows_at_once: int

    def __iter__(self) -> Iterator[Table]:
        """Yield all rows that can be read, so many at once, each part with what was found in it."""
        for rows in self.slices():
            yield some_rows(self.raw, self.dialect, rows)

    def cells(self, rows: slice) -> pl.DataFrame:
        """Return ``line`` and all cells of some rows, as they came."""
        return all_cells(self.raw, rows)

    @property
    def known(self) -> Table:
        """What some rows are read with: the file without its rows, and without what is said of any of them."""
        bare = replace(self.file, findings=self.file.findings.clear(), concerns=(), notes=(), repairs={})
        return replace(bare, total_line=None, dropped=(), originals=Originals(lines=()), numbers={}, units={})

    def column(self, name: str) -> pl.DataFrame:
        """Return ``line`` and one trimmed column of all rows; nothing where the file has no such column."""
        return pl.concat(self._cells((name,)))

    def untaken(self, names: Sequence[str], rows: slice = slice(None)) -> pl.DataFrame:
        """Return ``line`` and columns that are no column of ours, by their headings, as they came."""
        places = {**self.raw.headings.passed, **self.raw.headings.qualifiers}
        return self.raw.read({name: places[name] for name in names}, rows)

    def column_on(self, lines: pl.Series, name: str) -> pl.DataFrame:
        """Return the same of the rows on these *lines*; for none, no file is gone through."""
        return self.cells_on(lines, (name,))

    def cells_on(self, lines: pl.Series, names: Sequence[str]) -> pl.DataFrame:
        """Return ``line`` and several columns of the rows on these *lines*; what the file does not have is null."""
        if lines.is_empty():
            return _no_cells(names)
        wanted = lines.unique().implode()
        return pl.concat((part.filter(pl.col("line").is_in(wanted)) for part in self._cells(names)), how="diagonal")

    def _cells(self, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        yield _no_cells(names)
        wanted = {name: self.raw.headings.columns[name] for name in names if name in self.file.headings}
        for rows in self.slices() if wanted else ():
            cells, _ = trim(self.raw.read(wanted, rows), list(wanted))
            yield cells

    def slices(self) -> list[slice]:
        """Cut all rows; a file of none is one part without any."""
        starts = range(0, max(self.raw.height, 1), self.rows_at_once)
        return [slice(start, start + self.rows_at_once) for start in starts]


def _no_cells(names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys(names, pl.String)})


def read_parts(
    content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes, rows_at_once: int = ROWS_AT_ONCE
) -> Parts:
    """Find the rows of a file, to be read some at a time; as ``read_table`` in all else.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole, or asks for nothing.
    """
    raw = find_rows(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes)
    return in_parts(raw, dialect, name=name, rows_at_once=rows_at_once)


def in_parts(raw: RawRows, dialect: Dialect, *, name: str, rows_at_once: int = ROWS_AT_ONCE) -> Parts:
    """Let rows that were found be gone through.

    Raises:
        FileNeedsFixing: There are none.
    """
    file = without_rows(raw, dialect)
    refuse_no_rows(file, name)
    return Parts(file=file, raw=raw, dialect=dialect, rows_at_once=rows_at_once)
