"""Which sheet of a workbook is the table: the one visible sheet that has the headings."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from tasks.core.reading.headings import SEARCHED_ROWS, Headings, Row, find_headings, no_headings
from tasks.core.reading.packages import WorkbookKind, in_words, sheet_paths
from tasks.core.reading.sheet_xml import error_cells, hidden_rows, refuse_far_cells, refuse_repeats
from tasks.core.reading.workbook_cells import Cell, to_text


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A visible sheet with content. ``xml`` is empty unless the workbook is an xlsx."""

    title: str
    cells: CalamineSheet
    top: Sequence[Row]
    headings: Headings | None
    xml: bytes


@dataclass(frozen=True, kw_only=True)
class FoundSheet:
    """The sheet that is read: all its rows from the first one on, and the numbers of those that are hidden."""

    title: str
    headings: Headings
    rows: Sequence[list[Cell]]
    hidden: Sequence[int]
    notes: tuple[str, ...]


def find_sheet(content: bytes, kind: WorkbookKind, *, name: str, dialect: Dialect) -> FoundSheet:
    """Return the sheet that has the headings.

    Raises:
        FileNeedsFixing: The workbook cannot be read, or not exactly one visible sheet has them.
    """
    with in_words(name):
        parts = sheet_parts(content, kind, name=name)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = list(visible_sheets(workbook, parts, name=name, dialect=dialect))
            sheet, headings = choose_sheet(sheets, name=name, dialect=dialect)
            return FoundSheet(
                title=sheet.title,
                headings=headings,
                rows=rows_of(sheet),
                hidden=hidden_rows(sheet.xml),
                notes=sheet_notes(workbook, sheets, sheet),
            )


def sheet_parts(content: bytes, kind: WorkbookKind, *, name: str) -> list[bytes]:
    """Return the XML of each sheet of an xlsx workbook, and none for other kinds.

    Raises:
        FileNeedsFixing: An ods workbook would unfold beyond measure.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if kind == "xlsx":
            return [archive.read(path) if path else b"" for path in sheet_paths(archive)]
        refuse_repeats(archive.read("content.xml"), name=name)
        return []


def visible_sheets(
    workbook: CalamineWorkbook, parts: Sequence[bytes], *, name: str, dialect: Dialect
) -> Iterator[Sheet]:
    """Read the sheets that people see and that hold something.

    Raises:
        FileNeedsFixing: Reading one would take all memory, or a heading stands twice in it.
    """
    for at, about in enumerate(workbook.sheets_metadata):
        if about.visible is not SheetVisibleEnum.Visible or about.typ is not SheetTypeEnum.WorkSheet:
            continue
        xml = parts[at] if at < len(parts) else b""
        refuse_far_cells(xml, name=name, sheet=about.name)
        cells = workbook.get_sheet_by_index(at)
        if cells.start is None:
            continue
        rows = cells.to_python(skip_empty_area=False, nrows=SEARCHED_ROWS)
        top = [Row(line=line, cells=heading_texts(row)) for line, row in enumerate(rows, 1)]
        yield Sheet(title=about.name, cells=cells, top=top, headings=find_headings(top, dialect, name=name), xml=xml)


def heading_texts(row: Sequence[Cell]) -> list[str]:
    """Write a row as text, without the empty cells at its end."""
    texts = [to_text(cell) for cell in row]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def choose_sheet(sheets: Sequence[Sheet], *, name: str, dialect: Dialect) -> tuple[Sheet, Headings]:
    """Return the sheet that has the headings, and these.

    Raises:
        FileNeedsFixing: None has them, or more than one.
    """
    found = [(sheet, sheet.headings) for sheet in sheets if sheet.headings]
    if not found:
        raise no_headings([row for sheet in sheets for row in sheet.top], dialect, name=name)
    if len(found) > 1:
        titles = " and ".join(repr(sheet.title) for sheet, _ in found)
        raise FileNeedsFixing(
            f"{name}: the sheets {titles} all have the headings, and only one can be meant. "
            "Hide or delete the others, save the workbook and run again."
        )
    return found[0]


def rows_of(sheet: Sheet) -> list[list[Cell]]:
    """Return all rows of a sheet, with the error texts that the reader leaves out of an xlsx."""
    rows: list[list[Cell]] = sheet.cells.to_python(skip_empty_area=False)
    for (row, column), text in error_cells(sheet.xml).items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return rows


def sheet_notes(workbook: CalamineWorkbook, sheets: Sequence[Sheet], read: Sheet) -> tuple[str, ...]:
    """Say which sheet was read and which were not."""
    others = [repr(sheet.title) for sheet in sheets if sheet is not read]
    hidden = [repr(about.name) for about in workbook.sheets_metadata if about.visible is not SheetVisibleEnum.Visible]
    notes = [f"read the sheet {read.title!r}"]
    notes += [f"sheets that are not read: {', '.join(others)}"] if others else []
    notes += [f"hidden sheets, not read: {', '.join(hidden)}"] if hidden else []
    return tuple(notes)
