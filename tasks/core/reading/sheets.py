"""Which sheet of a workbook is the table: the one visible sheet that has the headings."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from tasks.core.reading.headings import SEARCHED_ROWS, Headings, Row, find_headings, no_headings
from tasks.core.reading.ods import open_ods
from tasks.core.reading.packages import WorkbookKind, in_words
from tasks.core.reading.sheet_rows import SheetRow, SheetSource
from tasks.core.reading.workbook_cells import to_text
from tasks.core.reading.xlsx import open_xlsx


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A visible sheet with content."""

    source: SheetSource
    top: Sequence[Row]
    headings: Headings | None


@dataclass(frozen=True, kw_only=True)
class FoundSheet:
    """The sheet that is read: all its rows that hold something."""

    title: str
    headings: Headings
    rows: Sequence[SheetRow]
    notes: tuple[str, ...]
    merged: tuple[str, ...] = ()


def find_sheet(content: bytes, kind: WorkbookKind, *, name: str, dialect: Dialect) -> FoundSheet:
    """Return the sheet that has the headings.

    Raises:
        FileNeedsFixing: The workbook cannot be read, or not exactly one visible sheet has them.
    """
    with in_words(name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        sources = open_xlsx(archive, name=name) if kind == "xlsx" else open_ods(archive, name=name)
        sheets = list(visible_sheets(sources, name=name, dialect=dialect))
        sheet, headings = choose_sheet(sheets, name=name, dialect=dialect)
        return FoundSheet(
            title=sheet.source.title,
            headings=headings,
            rows=list(sheet.source.rows()),
            notes=sheet_notes(sources, sheets, sheet),
            merged=sheet.source.merged(),
        )


def visible_sheets(sources: Sequence[SheetSource], *, name: str, dialect: Dialect) -> Iterator[Sheet]:
    """Read the tops of the sheets that people see and that hold something.

    Raises:
        FileNeedsFixing: A heading stands twice in one.
    """
    for source in sources:
        if source.visible and (top := top_of(source)):
            yield Sheet(source=source, top=top, headings=find_headings(top, dialect, name=name))


def top_of(source: SheetSource) -> list[Row]:
    """Return the rows among which the headings must be; of a sheet that begins below them, one without cells."""
    rows = source.rows()
    top = [Row(line=row.line, cells=heading_texts(row)) for row in takewhile(is_near_top, rows)]
    return top or [Row(line=row.line, cells=[]) for row in islice(source.rows(), 1)]


def is_near_top(row: SheetRow) -> bool:
    """Say whether headings are looked for in a row."""
    return row.line <= SEARCHED_ROWS


def heading_texts(row: SheetRow) -> list[str]:
    """Write a row as text, without the empty cells at its end."""
    texts = [to_text(cell) for cell in row.cells]
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
        titles = " and ".join(repr(sheet.source.title) for sheet, _ in found)
        raise FileNeedsFixing(
            f"{name}: the sheets {titles} all have the headings, and only one can be meant. "
            "Hide or delete the others, save the workbook and run again."
        )
    return found[0]


def sheet_notes(sources: Sequence[SheetSource], sheets: Sequence[Sheet], read: Sheet) -> tuple[str, ...]:
    """Say which sheet was read and which were not."""
    others = [repr(sheet.source.title) for sheet in sheets if sheet is not read]
    hidden = [repr(source.title) for source in sources if not source.visible]
    notes = [f"read the sheet {read.source.title!r}"]
    notes += [f"sheets that are not read: {', '.join(others)}"] if others else []
    notes += [f"hidden sheets, not read: {', '.join(hidden)}"] if hidden else []
    return tuple(notes)
