"""What a sheet's XML tells and the workbook reader does not: hidden rows, error texts, how far it reaches."""

import re
from html import unescape

from schemas.problems import FileNeedsFixing

LARGEST_AREA = 40_000_000
"""Cells of a sheet from A1 to its farthest cell: the reader holds 32 bytes for each, empty or not."""
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\st=["']e["'])[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""",
    re.DOTALL,
)
BEYOND_Z = re.compile(rb"""r=["'][A-Z][A-Z]""")
FAR = re.compile(rb"""\sr=["']([A-Z]{2,})(\d+)["'][^>]*[^/>]>""")
DEEP = re.compile(rb"""r=["'][A-Z]+(\d{7,})["']""")
REPEATED_ROW = re.compile(
    rb"""<table:table-row[^>]*number-rows-repeated="(\d+)"[^>]*>((?:(?!</table:table-row>).)*?office:value-type)""",
    re.DOTALL,
)
REPEATED_CELL = re.compile(rb"""<table:table-cell(?=[^>]*office:value-type)[^>]*number-columns-repeated="(\d+)\"""")


def hidden_rows(xml: bytes) -> list[int]:
    """Return the numbers of the rows that are hidden, by hand or by a filter."""
    if b"hidden" not in xml:
        return []
    numbers = [ROW_NUMBER.search(tag) for tag in ROW.findall(xml) if HIDDEN.search(tag)]
    return [int(number.group(1)) for number in numbers if number]


def error_cells(xml: bytes) -> dict[tuple[int, int], str]:
    """Return (row, column), both from 0, -> the error text that stands there."""
    if b't="e"' not in xml and b"t='e'" not in xml:
        return {}
    return {
        (int(row) - 1, column_number(letters)): unescape(text.decode()) for letters, row, text in ERROR.findall(xml)
    }


def column_number(letters: bytes) -> int:
    """Count columns from 0: A, B ... Z, AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def refuse_far_cells(xml: bytes, *, name: str, sheet: str) -> None:
    """Turn away an xlsx sheet that has a cell so far out that reading what lies between would take all memory.

    Raises:
        FileNeedsFixing: Naming the column.
    """
    far = FAR.findall(xml) if BEYOND_Z.search(xml) else []
    columns = {letters for letters, _ in far} | {b"Z"}
    last = ROW_NUMBER.search(xml, max(xml.rfind(b"<row "), xml.rfind(b":row "), 0))
    rows = [int(number) for number in (*(row for _, row in far), *DEEP.findall(xml), last.group(1) if last else b"1")]
    farthest = max(columns, key=column_number)
    if (column_number(farthest) + 1) * max(rows) > LARGEST_AREA:
        raise far_out(name, sheet, f"a cell in column {farthest.decode()} and row {max(rows):,}, far from the table")


def refuse_repeats(xml: bytes, *, name: str) -> None:
    """Turn away an ods workbook whose repeated rows or cells would unfold beyond measure.

    Raises:
        FileNeedsFixing: The same, in words.
    """
    rows = max((int(count) for count, _ in REPEATED_ROW.findall(xml)), default=1)
    columns = max((int(count) for count in REPEATED_CELL.findall(xml)), default=1)
    if rows * columns > LARGEST_AREA:
        raise far_out(name, "", "the same cell repeated over millions of places")


def far_out(name: str, sheet: str, what: str) -> FileNeedsFixing:
    """Make the error for a sheet with something far outside of its table."""
    where = f"{name}, sheet {sheet!r}" if sheet else name
    return FileNeedsFixing(
        f"{where} has {what}. Copy the table alone into a new sheet, or save it as CSV, and hand that in."
    )
