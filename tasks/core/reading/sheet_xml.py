"""The cells of an xlsx sheet, each with what its number format makes of it."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import IO, NamedTuple

from tasks.core.reading.cell_formats import CellFormat
from tasks.core.reading.sheet_rows import SheetRow, refuse_area
from tasks.core.reading.spreadsheet_days import moment_of
from tasks.core.reading.workbook_cells import Cell, Unanswered
from tasks.core.reading.xml_elements import Element, elements, local_name, namespace_of, text_of

WIDEST = 16_384
DIGITS = "0123456789"
TRUE = ("1", "true")


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """What the cells of all sheets refer to. *name* is for messages."""

    archive: zipfile.ZipFile
    name: str
    texts: Sequence[str]
    formats: Sequence[CellFormat | None]
    since_1904: bool


class Names(NamedTuple):
    """What the parts of a row are called, with their namespace."""

    cell: str
    value: str
    formula: str


@lru_cache(maxsize=16)
def names_in(inside: str) -> Names:
    """Return the names in a namespace."""
    return Names(f"{inside}c", f"{inside}v", f"{inside}f")


def sheet_rows(book: Book, path: str, sheet: str) -> Iterator[SheetRow]:
    """Go through the rows of a sheet that hold something. Rows and cells that say no place follow those before them.

    Raises:
        FileNeedsFixing: A cell is so far out that what lies between would take all memory.
    """
    line = widest = deepest = 0
    with book.archive.open(path) as stream:
        for row in elements(stream, "row"):
            line = int(row.get("r") or line + 1)
            cells = _cells(book, row)
            if not cells:
                continue
            deepest, widest = max(deepest, line), max(widest, len(cells))
            refuse_area(deepest, widest, name=book.name, sheet=sheet)
            yield SheetRow(line, cells, row.get("hidden", "").lower() in TRUE)


def merged_ranges(archive: zipfile.ZipFile, path: str) -> tuple[str, ...]:
    """Return the ranges of cells that are shown as one; they stand behind all rows, and most sheets have none."""
    with archive.open(path) as stream:
        if not _mentions(stream, b"mergeCell"):
            return ()
    with archive.open(path) as stream:
        each = elements(stream, "row", "mergeCell")
        return tuple(element.get("ref", "") for element in each if local_name(element) == "mergeCell")


def _mentions(stream: IO[bytes], word: bytes) -> bool:
    before = b""
    while part := stream.read(1 << 20):
        if word in before + part:
            return True
        before = part[-len(word) :]
    return False


def _cells(book: Book, row: Element) -> list[Cell]:
    """Read a row up to its last cell that holds something."""
    names = names_in(namespace_of(row))
    cells: list[Cell] = []
    column = 0
    for element in row:
        if element.tag != names.cell:
            continue
        place = element.get("r")
        column = column_number(place.strip().rstrip(DIGITS)) if place else column + 1
        cell = _cell(book, element, names) if len(element) else ""
        if cell == "":
            continue
        if column > len(cells):
            cells += [""] * (column - len(cells))
        cells[column - 1] = cell
    return cells


@lru_cache(maxsize=WIDEST)
def column_number(letters: str) -> int:
    """Count columns from 1: A, B ... Z, AA.

    Raises:
        ValueError: There is no such column.
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    if not (letters.isascii() and letters.isalpha() and number <= WIDEST):
        raise ValueError("a cell stands in no column")
    return number


def _cell(book: Book, element: Element, names: Names) -> Cell:
    """Read a cell that has something in it; a formula without its result is unanswered."""
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return text_of(element)
    raw = formula = None
    for child in element:
        if child.tag == names.value:
            raw = child.text
        elif child.tag == names.formula:
            formula = child
    if raw is None:
        return "" if formula is None or kind == "str" else Unanswered(text=f"={formula.text or ''}")
    if kind == "n":
        return _number(book, raw, element.get("s"))
    return _typed(book, kind, raw)


def _typed(book: Book, kind: str, raw: str) -> Cell:
    if kind == "s":
        return book.texts[int(raw)]
    if kind == "b":
        return raw.strip().lower() in TRUE
    return _day(raw) if kind == "d" else raw


def _day(raw: str) -> Cell:
    """Read a date that a workbook writes as text; what cannot be read stays text."""
    try:
        at = datetime.fromisoformat(raw.strip().removesuffix("Z"))
    except ValueError:
        return raw
    return at.date() if len(raw.strip()) == len("2024-12-31") else at.replace(tzinfo=None)


def _number(book: Book, raw: str, style: str | None) -> Cell:
    at = int(style or 0)
    shown = book.formats[at] if at < len(book.formats) else None
    if shown is None:
        return _float(raw)
    if (plain := shown.plain) and "-" not in raw and raw != "0" and "E" not in raw:
        decimals = len(raw) - raw.find(".") - 1 if "." in raw else None
        if decimals is None or plain[0] <= decimals <= plain[1]:
            return _float(raw)
    return _formatted(shown, raw, book.since_1904)


@lru_cache(maxsize=2**16)
def _formatted(shown: CellFormat, raw: str, since_1904: bool) -> Cell:
    number = _float(raw)
    if isinstance(number, str):
        return number
    if shown.dates:
        return moment_of(number, shown, since_1904=since_1904)
    formatted = shown.show(number)
    return formatted if formatted.says_more else number


def _float(raw: str) -> float | str:
    try:
        number = float(raw)
    except ValueError:
        return raw
    return number if isfinite(number) else raw
