"""Cells of a workbook -> text without loss, and which of them are no longer what was typed.

What is right depends on what a column holds: a date is damage in a column of numbers, and a number that is shown with
zeros before it is a code with zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, cast

from tasks.core.reading.cell_formats import Shown, number_text
from tasks.core.reading.spreadsheet_days import NoDay

EXACT_BELOW = 10**15
"""A spreadsheet keeps 15 digits of a number."""
MONEY_PLACES = 2
"""To which amounts are rounded anyway, the same way as a spreadsheet shows them."""

Holds = Literal["text", "money", "quantity", "truth", "date", "anything", "unread"]
"""What a column is for; of one that passes through it is not known: there it may be anything."""
Finding = tuple[int, str, str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """A formula whose result the workbook does not hold."""

    text: str


Cell = int | float | str | bool | date | datetime | time | timedelta | Shown | NoDay | Unanswered


@dataclass(kw_only=True)
class ColumnRead:
    """A column as text, and what is to be told of it.

    ``numbers`` are the lines of cells that are numbers where amounts belong: exact, however texts are written.
    ``units`` says line and mark where such a number is shown with a currency, and ``rounded`` names the lines whose
    number is shown with fewer decimals. ``as_shown`` counts codes that were taken as their cells show them.
    """

    texts: Sequence[str]
    originals: Sequence[str]
    findings: list[Finding] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    units: list[tuple[int, str]] = field(default_factory=list)
    rounded: list[int] = field(default_factory=list)
    as_shown: int = 0


def read_column(cells: Sequence[Cell], lines: Sequence[int], heading: str, holds: Holds) -> ColumnRead:
    """Read a column for what it holds; one that is text already is taken as it is."""
    if set(map(type, cells)) <= {str}:
        texts = cast(Sequence[str], cells)
        return ColumnRead(texts=texts, originals=texts)
    texts = [cell if isinstance(cell, str) else cell_text(cell, holds) for cell in cells]
    column = ColumnRead(texts=texts, originals=texts)
    for line, cell in zip(lines, cells, strict=True):
        if not isinstance(cell, str):
            _note_finding(column, cell, line, heading, holds)
    if column.units:
        column.originals = [to_text(cell) for cell in cells]
    return column


def to_text(cell: Cell) -> str:
    """Write a cell as text, whatever its column holds."""
    return cell_text(cell, "text")


def cell_text(cell: Cell, holds: Holds) -> str:
    """Write a cell as text: amounts with a decimal point, dates as ISO, floats as short as they are exact."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, Shown):
        return cell.text if _is_taken_as_shown(cell, holds) else number_text(cell.number)
    if isinstance(cell, NoDay | Unanswered):
        return cell.text
    return duration_text(cell) if isinstance(cell, timedelta) else cell.isoformat()


def _is_taken_as_shown(cell: Shown, holds: Holds) -> bool:
    """Say whether the text of a cell counts, not its number: of codes, and of what is no number as it is shown."""
    if cell.lost or not cell.text:
        return True
    if holds in ("money", "quantity"):
        return cell.worded
    return cell.zeros or cell.worded or cell.decimals


def is_number(cell: Cell) -> bool:
    """Say whether a cell is a number, not text."""
    return isinstance(cell, int | float | Shown) and not isinstance(cell, bool)


def duration_text(duration: timedelta) -> str:
    """Write a duration as ISO 8601, hours upwards (``PT30H0M0S``)."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    return f"PT{minutes // 60}H{minutes % 60}M{seconds}S"


def _note_finding(column: ColumnRead, cell: Cell, line: int, heading: str, holds: Holds) -> None:
    """Note what is to be told of a cell that is not text."""
    amounts = holds in ("money", "quantity")
    if finding := complaint(cell, holds):
        column.findings.append((line, heading, cell_text(cell, holds), *finding))
        return
    if amounts and is_number(cell):
        column.numbers.append(line)
    if not isinstance(cell, Shown):
        return
    if amounts and cell.unit:
        column.units.append((line, cell.unit))
    if amounts and cell.rounded and not (holds == "money" and cell.places >= MONEY_PLACES):
        column.rounded.append(line)
    column.as_shown += not amounts and cell.text != number_text(cell.number) and _is_taken_as_shown(cell, holds)


def complaint(cell: Cell, holds: Holds) -> tuple[str, str] | None:
    """Return code and detail where a cell is no longer what was typed, else None."""
    if isinstance(cell, str) or holds == "unread":
        return None
    if isinstance(cell, Unanswered):
        return "CELL_FORMULA", "the workbook does not hold its result"
    if isinstance(cell, Shown) and (finding := _about_shown(cell, holds)):
        return finding
    if holds == "anything":
        return None
    number = cell.number if isinstance(cell, Shown) else cell
    if isinstance(number, int | float) and not isinstance(number, bool):
        lost = abs(number) >= EXACT_BELOW
        return (
            ("CELL_PRECISION_LOST", "stored as a number, of which a spreadsheet keeps only 15 digits") if lost else None
        )
    return _about_type(number, holds)


def _about_type(cell: Cell, holds: Holds) -> tuple[str, str] | None:
    """Judge truth values, dates and times: they are what was typed in a column that is for them."""
    if isinstance(cell, bool):
        return None if holds == "truth" else ("CELL_BOOLEAN", "the spreadsheet turned it into true or false")
    if holds != "date":
        return "CELL_DATE", "the spreadsheet turned it into a date or a time"
    if isinstance(cell, NoDay):
        return "CELL_NUMBER_FORMAT", cell.why
    return None if isinstance(cell, date) else ("CELL_DATE", "a time without its day")


def _about_shown(cell: Shown, holds: Holds) -> tuple[str, str] | None:
    """Judge a number that is shown otherwise than it is held."""
    if cell.lost:
        return "CELL_SCI_NOTATION" if cell.shortened else "CELL_NUMBER_FORMAT", cell.lost
    if holds in ("money", "quantity"):
        return ("CELL_NUMBER_FORMAT", "more than a number is shown") if cell.worded else None
    if holds == "anything":
        return None
    if cell.rounded:
        return "CELL_NUMBER_FORMAT", "shown rounded"
    return ("CELL_NUMBER_FORMAT", "shown with zeros behind it") if cell.decimals else None
