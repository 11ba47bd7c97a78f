"""Makers of small workbook files, for tests: xlsx by openpyxl, ods and xls by hand."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def xlsx(*rows: Sequence[Any], dress: Callable[[Worksheet], object] = lambda sheet: None) -> bytes:
    """Make a workbook of one sheet, Cards, with a row per tuple."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Cards"
    for row in rows:
        sheet.append(row)
    dress(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return file.getvalue()


def ods(*rows: str) -> bytes:
    """Make an ods workbook of one sheet, Cards, from the XML of its rows."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Cards">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{ODS.decode()}"/></m:manifest>'
    )
    return zipped(**{"mimetype": ODS, "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(*rows: Sequence[str | float]) -> bytes:
    """Make an Excel 97 workbook of one sheet, Cards: its records, then the container around them."""
    cells = b""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            where = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                cells += record(0x204, where + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
            else:
                cells += record(0x203, where + struct.pack("<d", cell))
    version = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    title = struct.pack("<BB", 5, 0) + b"Cards"
    sheet_at = len(record(0x809, version)) + 4 + 6 + len(title) + 4
    stream = record(0x809, version) + record(0x85, struct.pack("<IH", sheet_at, 0) + title) + record(0xA, b"")
    stream += record(0x809, version[:2] + b"\x10\x00" + version[4:]) + cells + record(0xA, b"")
    return in_ole(stream.ljust(4096, b"\0"))


def in_ole(stream: bytes) -> bytes:
    """Wrap a stream of eight sectors in an OLE container: header, allocation table, folder, stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    table = struct.pack("<10I", *chain).ljust(512, b"\xff")
    folder = folder_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + folder_entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + folder.ljust(512, b"\0") + stream


def folder_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
