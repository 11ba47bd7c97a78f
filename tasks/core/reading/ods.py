"""The cells of an ods workbook, each with what it shows beside what it holds."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from tasks.core.reading.ods_styles import STYLES, TABLE, Columns, columns_of, named_styles
from tasks.core.reading.sheet_rows import SheetRow, SheetSource, refuse_repeats
from tasks.core.reading.shown_numbers import as_shown, in_thousands
from tasks.core.reading.spreadsheet_days import NoDay
from tasks.core.reading.workbook_cells import Cell, Unanswered
from tasks.core.reading.xml_elements import Element, elements, local_name

CONTENT = "content.xml"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NUMBERS = ("float", "currency", "percentage")
_DURATION = re.compile(r"P(?:([0-9]+)D)?T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]{1,6})[0-9]*)?S)?")
_PART_OF_A_DATE = re.compile(r"[0-9]+|[^\W\d_]+")

Piece = tuple[Cell, int]
"""A cell and how often it is repeated."""


@dataclass(kw_only=True)
class _Sheet:
    """A sheet while it is read: ``line`` is the last row, ``filled`` and ``area`` count cells as they unfold."""

    title: str
    visible: bool
    rows: list[SheetRow] = field(default_factory=list)
    line: int = 0
    written: int = 0
    filled: int = 0
    area: int = 0


def open_ods(archive: zipfile.ZipFile, *, name: str) -> list[SheetSource]:
    """Return the sheets of a workbook in their order.

    Raises:
        FileNeedsFixing: Repeated rows and cells would unfold beyond measure.
    """
    sheets: list[_Sheet] = []
    styles = named_styles(archive)
    table: Element | None = None
    columns = Columns()
    with archive.open(CONTENT) as stream:
        for element in elements(stream, *STYLES, "table-row"):
            if local_name(element) in STYLES:
                styles.add(element)
                continue
            above = next(element.iterancestors(f"{TABLE}table"), None)
            if above is None or local_name(above.getparent()) != "spreadsheet":  # type: ignore[arg-type]
                continue
            if above is not table:
                table, columns = above, columns_of(above)
                visible = above.get(f"{TABLE}style-name", "") not in styles.hidden
                sheets.append(_Sheet(title=above.get(f"{TABLE}name", ""), visible=visible))
            _add_row(sheets[-1], _pieces(element, styles.of_cells(element, columns)), element, name)
    return [_source(sheet) for sheet in sheets]


def _source(sheet: _Sheet) -> SheetSource:
    return SheetSource(title=sheet.title, visible=sheet.visible, rows=lambda: iter(sheet.rows))


def _pieces(row: Element, divided: Iterable[bool]) -> list[Piece]:
    cells = zip(row, divided, strict=True)
    kinds = ("table-cell", "covered-table-cell")
    return [_piece(cell, divided=each) for cell, each in cells if local_name(cell) in kinds]


def _add_row(sheet: _Sheet, pieces: list[Piece], row: Element, name: str) -> None:
    """Add a row as often as it is repeated, once it is known that this does no harm."""
    repeated = int(row.get(f"{TABLE}number-rows-repeated", "1"))
    first, sheet.line = sheet.line + 1, sheet.line + repeated
    sheet.written += len(pieces)
    while pieces and pieces[-1][0] == "":
        pieces.pop()
    if not pieces:
        return
    sheet.filled += repeated * sum(times for cell, times in pieces if cell != "")
    sheet.area += repeated * sum(times for _, times in pieces)
    refuse_repeats(sheet.area, sheet.filled, sheet.written, name=name, sheet=sheet.title)
    cells = [cell for cell, times in pieces for _ in range(times)]
    hidden = row.get(f"{TABLE}visibility", "visible") != "visible"
    sheet.rows += [SheetRow(line, cells, hidden) for line in range(first, first + repeated)]


def _piece(cell: Element, *, divided: bool) -> Piece:
    return _cell(cell, divided=divided), int(cell.get(f"{TABLE}number-columns-repeated", "1"))


def _cell(cell: Element, *, divided: bool) -> Cell:
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind in _NUMBERS:
        return _number(cell, kind, divided=divided)
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if kind == "date":
        return _day(cell.get(f"{OFFICE}date-value", ""), _shown_text(cell))
    if kind == "time":
        return _duration(cell.get(f"{OFFICE}time-value", ""))
    text = cell.get(f"{OFFICE}string-value") or _shown_text(cell) or ""
    formula = cell.get(f"{TABLE}formula")
    return text if text or kind or formula is None else Unanswered(text=formula)


def _number(cell: Element, kind: str, *, divided: bool) -> Cell:
    raw = cell.get(f"{OFFICE}value", "")
    try:
        number = float(raw)
    except ValueError:
        return raw
    if not isfinite(number):
        return raw
    text = _shown_text(cell)
    return in_thousands(number, text) if divided and text else as_shown(number, text, percentage=kind == "percentage")


def _day(raw: str, shown: str | None) -> Cell:
    """Read a date; a part of it that is not shown is not made up. What cannot be read stays text."""
    try:
        at = datetime.fromisoformat(raw.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return raw
    parts = _PART_OF_A_DATE.findall(shown or "")
    if shown and (len(parts) < 3 or not any(part.endswith(f"{at.year % 100:02}") for part in parts)):
        return NoDay(text=f"{raw} ({shown.strip()})", why="the sheet does not show day, month and year")
    return at if "T" in raw else at.date()


def _duration(raw: str) -> Cell:
    match = _DURATION.fullmatch(raw)
    if match is None or any(len(group or "") > 6 for group in match.groups()):
        return NoDay(text=raw, why="no time")
    days, hours, minutes, seconds, rest = (group or "0" for group in match.groups())
    return timedelta(
        days=int(days),
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(seconds),
        microseconds=int(rest.ljust(6, "0")),
    )


def _shown_text(cell: Element) -> str | None:
    """Return what the cell shows, a line a paragraph, without notes beside it; None: the workbook does not say."""
    paragraphs = [_text(each) for each in cell.iterchildren(f"{TEXT}p")]
    return "\n".join(paragraphs) if paragraphs else None


def _text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag != f"{OFFICE}annotation":
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(child: Element) -> str:
    if child.tag == f"{TEXT}s":
        return " " * min(int(child.get(f"{TEXT}c", "1")), 1000)
    return {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}.get(str(child.tag)) or _text(child)
