"""The lines of a file that a run is to carry out: some only, where a person wants to see how the first of them go.

What becomes of the other changes: they are held, so they show in the plan, are counted, and are never written.
"""

import re

import polars as pl

from schemas.problems import FileNeedsFixing
from tasks.core.planning.changes import held_if

LINES = "lines"
"""The option of a run that carries out some lines of its file only. It names no plan: the rest is not written."""
NOT_CHOSEN = "FILE_LINE_NOT_CHOSEN"
_RANGE = re.compile(r"\s*([0-9]{1,9})(?:-([0-9]{1,9}))?\s*")


def hold_other_lines(changes: pl.DataFrame, lines: str) -> pl.DataFrame:
    """Hold the changes of a ChangeSet that come from none of *lines* (``2-40, 57``); empty means all of them.

    Raises:
        FileNeedsFixing: *lines* names none.
    """
    if not lines:
        return changes
    return held_if(changes, ~is_chosen(lines), NOT_CHOSEN)


def is_chosen(lines: str) -> pl.Expr:
    """Say whether a row's ``line`` is one of *lines*; a row that comes from no line is not. Empty means all are."""
    if not lines:
        return pl.lit(value=True)
    ranges = read_ranges(lines)
    if ranges is None:
        raise FileNeedsFixing(f"lines={lines} names no lines. Write them like 2-40, 57, then run again.")
    chosen = [pl.col("line").is_between(first, last) for first, last in ranges]
    return pl.any_horizontal(chosen).fill_null(value=False)


def read_ranges(lines: str) -> list[tuple[int, int]] | None:
    """Read ``2-40, 57`` as the first and last line of each range; None where it names no lines."""
    ranges = [_RANGE.fullmatch(part) for part in lines.split(",")]
    found = [(int(each[1]), int(each[2] or each[1])) for each in ranges if each]
    return found if len(found) == len(ranges) else None
