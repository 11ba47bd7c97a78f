"""Cells of a workbook -> text without loss, and which of them are no longer what was typed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

import polars as pl

from schemas.tables import FINDINGS_SCHEMA

Cell = int | float | str | bool | date | datetime | time | timedelta
EXACT_BELOW = 10**15
"""A spreadsheet keeps 15 digits of a number."""


def to_text(cell: Cell) -> str:
    """Write a cell as text: amounts with a decimal point, dates as ISO, floats as short as they are exact."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return number_text(cell)
    return duration_text(cell) if isinstance(cell, timedelta) else cell.isoformat()


def column_text(cells: Sequence[Cell]) -> Sequence[str]:
    """Write a column as text; one that is text already is taken as it is."""
    if set(map(type, cells)) <= {str}:
        return cast(Sequence[str], cells)
    return [to_text(cell) for cell in cells]


def count_numbers(cells: Sequence[Cell]) -> int:
    """Count the cells that are numbers, not text."""
    return sum(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)


def number_text(number: float) -> str:
    """Write a number with the 15 digits that a spreadsheet keeps, never in scientific notation."""
    if number == int(number):
        return str(int(number))
    text = f"{number:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


def duration_text(duration: timedelta) -> str:
    """Write a duration as ISO 8601, hours upwards (``PT30H0M0S``)."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    return f"PT{minutes // 60}H{minutes % 60}M{seconds}S"


def complaint(cell: Cell) -> tuple[str, str] | None:
    """Return code and detail where a cell is no longer what was typed, else None."""
    if isinstance(cell, str):
        return None
    if isinstance(cell, bool):
        return "CELL_BOOLEAN", "the spreadsheet turned it into true or false"
    if isinstance(cell, date | time | timedelta):
        return "CELL_DATE", "the spreadsheet turned it into a date or a time"
    if abs(cell) >= EXACT_BELOW:
        return "CELL_PRECISION_LOST", "stored as a number, of which a spreadsheet keeps only 15 digits"
    return None


def find_changed(cells: Sequence[Cell], lines: Sequence[int], heading: str, *, dates: bool) -> pl.DataFrame:
    """Return one finding per cell of a column that is no longer what was typed; where it holds *dates*, they are."""
    suspects = zip(lines, cells, strict=True)
    found = [
        (line, cell, told)
        for line, cell in suspects
        if not (dates and isinstance(cell, date)) and (told := complaint(cell))
    ]
    rows = [(line, heading, to_text(cell), code, detail) for line, cell, (code, detail) in found]
    return pl.DataFrame(rows, schema=FINDINGS_SCHEMA, orient="row")
