"""A small spreadsheet that can be damaged cell by cell and written as CSV or as a workbook.

What damage there is stands in ``damages``; what a file means, in ``valid_files``.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Kind = Literal["csv", "xlsx"]
Role = Literal[
    "code", "amount", "quantity", "name", "email", "phone", "postcode", "country", "date", "birth", "choice", "words"
]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A cell of a workbook that holds no text: a *value* and how it is shown."""

    value: Any
    number_format: str = "General"


Cell = str | Typed


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Headings and rows, what each column is (*roles*), and how the file is written.

    ``key`` is the place of the column by which people know a row. ``above`` and ``below`` are lines around the table.
    """

    kind: Kind
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    roles: tuple[Role, ...]
    key: int
    optional: frozenset[int] = frozenset()
    separator: str = ","
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
    newline: str = "\n"
    encoding: str = "utf-8"
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[Cell, ...], ...] = ()
    dress: Callable[[Worksheet], object] = lambda sheet: None
    corrupt: Callable[[bytes], bytes] = lambda content: content

    def places(self, *roles: Role) -> list[int]:
        """Return where the columns of these roles stand."""
        return [at for at, role in enumerate(self.roles) if role in roles]

    def with_cell(self, row: int, place: int, cell: Cell) -> "Sheet":
        """Return the sheet with another cell in one place."""
        cells = list(self.rows[row])
        cells[place] = cell
        return replace(self, rows=(*self.rows[:row], tuple(cells), *self.rows[row + 1 :]))

    def with_column(self, place: int, change: Callable[[Cell], Cell]) -> "Sheet":
        """Return the sheet with every cell of a column changed."""
        rows = tuple(
            (*row[:place], change(row[place]), *row[place + 1 :]) if place < len(row) else row for row in self.rows
        )
        return replace(self, rows=rows)

    def with_added(self, heading: str, cells: Sequence[Cell], role: Role = "words") -> "Sheet":
        """Return the sheet with one more column on its right."""
        rows = tuple((*row, cell) for row, cell in zip(self.rows, cells, strict=True))
        headings, roles = (*self.headings, heading), (*self.roles, role)
        return replace(self, headings=headings, roles=roles, rows=rows)


def as_text(cell: Cell) -> str:
    """Return what stands in a cell as a person would type it."""
    return cell if isinstance(cell, str) else f"{cell.value}"


def write(sheet: Sheet) -> bytes:
    """Write the file."""
    return sheet.corrupt(_as_csv(sheet) if sheet.kind == "csv" else _as_workbook(sheet))


def _lines(sheet: Sheet) -> list[Sequence[Cell]]:
    return [*sheet.above, sheet.headings, *sheet.rows, *sheet.below]


def _as_csv(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.separator, quoting=sheet.quoting, lineterminator=sheet.newline)
    writer.writerows([as_text(cell) for cell in line] for line in _lines(sheet))
    return text.getvalue().encode(sheet.encoding)


def _as_workbook(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    for number, line in enumerate(_lines(sheet), start=1):
        for place, cell in enumerate(line, start=1):
            _put(page, number, place, cell)
    sheet.dress(page)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(page: Worksheet, number: int, place: int, cell: Cell) -> None:
    if isinstance(cell, Typed):
        page.cell(number, place, cell.value).number_format = cell.number_format
    elif cell:
        written = page.cell(number, place, cell)
        written.data_type = "s"  # text, also where it looks like a formula


def in_numbers(sheet: Sheet, roles: Mapping[Role, str]) -> Sheet:
    """Return the sheet with the columns of these roles typed as a spreadsheet types them, each in its format."""
    for at, role in enumerate(sheet.roles):
        if role in roles:
            sheet = sheet.with_column(at, lambda cell, shown=roles[role]: _number(cell, shown))  # type: ignore[misc]
    return sheet


def _number(cell: Cell, shown: str) -> Cell:
    if isinstance(cell, Typed) or not cell:
        return cell
    return Typed(value=float(cell) if "." in cell else int(cell), number_format=shown)
