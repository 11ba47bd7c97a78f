"""The rows of a CSV file as they stood, with their quotes: for files that give them back untouched."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from schemas.tables import Originals, Table


def records_at(originals: Originals, positions: Sequence[int]) -> list[str]:
    """Return the text of records, by their position among the rows."""
    starts = np.asarray(originals.starts)[positions].tolist()
    ends = np.asarray(originals.ends)[positions].tolist()
    return [originals.text[start:end].decode() for start, end in zip(starts, ends, strict=True)]


def splitter(separator: str) -> Callable[[str], list[str]]:
    """Return what takes a record apart and leaves the quotes on; one in the midst of a cell is a letter."""
    mark = re.escape(separator)
    cell = re.compile(rf'{mark}((?:"(?:[^"]|"")*"?)?[^{mark}]*)')
    return lambda record: cell.findall(separator + record) if '"' in record else record.split(separator)


def cells_on(table: Table, lines: Sequence[int]) -> list[Sequence[str]]:
    """Return the cells on these *lines*, each filled up, or cut of empty ones, to the width of the headings."""
    positions = np.searchsorted(np.asarray(table.originals.lines), np.asarray(lines, np.int64)).tolist()
    width = len(table.form.headings)
    if table.form.kind != "csv":
        return [_as_wide(table.originals.rows[at], width) for at in positions]
    split = splitter(table.form.separator)
    return [_as_wide(split(record), width) for record in records_at(table.originals, positions)]


def _as_wide(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
