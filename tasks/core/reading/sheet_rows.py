"""The rows of a sheet, whichever kind of workbook it is in, and how much of it is taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schemas.problems import FileNeedsFixing
from tasks.core.reading.workbook_cells import Cell

LARGEST_AREA = 40_000_000
"""Cells of a sheet from A1 to its farthest cell."""
DENSEST_REPEATS = 100
REPEATED_FROM = 200_000
"""A sheet that unfolds to more cells than this may not unfold to more than so many times what is written in it."""


class SheetRow(NamedTuple):
    """A row that holds something, by its number in the sheet from 1; cells begin with column A, blank ones are ''."""

    line: int
    cells: list[Cell]
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class SheetSource:
    """A sheet as the workbook names it. ``rows`` goes through it from its beginning, as often as it is called.

    ``merged`` names the ranges of cells that are shown as one, such as ``A2:A5``.
    """

    title: str
    visible: bool
    rows: Callable[[], Iterator[SheetRow]]
    merged: Callable[[], tuple[str, ...]] = tuple


def refuse_area(line: int, width: int, *, name: str, sheet: str) -> None:
    """Turn away a sheet that reaches so far that what lies between would take all memory.

    Raises:
        FileNeedsFixing: Naming the place.
    """
    if line * width > LARGEST_AREA:
        raise far_out(name, sheet, f"a cell in column {column_letters(width)} and row {line:,}, far from the table")


def refuse_repeats(area: int, filled: int, written: int, *, name: str, sheet: str) -> None:
    """Turn away a sheet whose repeated rows and cells, all together, unfold beyond measure.

    *area* counts the cells to which they unfold, *filled* those that hold something, *written* those of the file.

    Raises:
        FileNeedsFixing: The same, in words.
    """
    if area > LARGEST_AREA or (filled > REPEATED_FROM and filled > DENSEST_REPEATS * written):
        raise far_out(name, sheet, "the same cell repeated over hundreds of thousands of places")


def column_letters(number: int) -> str:
    """Name a column, counted from 1: A, B ... Z, AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def far_out(name: str, sheet: str, what: str) -> FileNeedsFixing:
    """Make the error for a sheet with something far outside of its table."""
    return FileNeedsFixing(
        f"{name}, sheet {sheet!r} has {what}. Copy the table alone into a new sheet, or save it as CSV, "
        "and hand that in."
    )
