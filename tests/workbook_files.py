"""Makers of small workbook files, for tests: xlsx by openpyxl, ods by hand."""

import io
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


def ods(*rows: str, styles: str = "") -> bytes:
    """Make an ods workbook of one sheet, Cards, from the XML of its rows and of its *styles*."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    names += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        '<office:body><office:spreadsheet><table:table table:name="Cards">'
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
