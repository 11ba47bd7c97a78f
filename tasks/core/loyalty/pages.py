"""A saved web page -> the tables on it, as CSV: from there on they are read like any file of a shop.

Only the text of cells is taken. Scripts do not run, and nothing is fetched.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from lxml import etree, html

from schemas.problems import FileNeedsFixing
from tasks.core.reading.decoding import decode
from tasks.core.reading.signatures import MARKUP
from tasks.core.reading.sizes import Sizes, refuse_too_many_columns

_SILENT = ("script", "style", "template", "noscript", "button")
_MARK = b"\xef\xbb\xbf"


def is_page(content: bytes) -> bool:
    """Say whether a file is a web page, or a piece of one."""
    head = content[:256].removeprefix(_MARK).lstrip().lower()
    return any(head.startswith(start) for start, words in MARKUP if "HTML" in words) or head.startswith(
        (b"<!--", b"<div", b"<section", b"<body")
    )


def tables_of(content: bytes, *, name: str, code_page: str, sizes: Sizes) -> list[bytes]:
    """Return each table of a page as CSV text in UTF-8, in the page's order; none has another table in its cells.

    Raises:
        FileNeedsFixing: The page cannot be read.
    """
    text = decode(content, name=name, code_page=code_page).text
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise FileNeedsFixing(f"{name} is a web page without anything on it. Save it again, with its tables.") from None
    etree.strip_elements(page, *_SILENT, with_tail=False)
    etree.strip_elements(page, etree.Comment, with_tail=False)
    for ends_line in page.iter("br", "p", "div"):
        ends_line.tail = f" {ends_line.tail or ''}"
    innermost = [table for table in page.iter("table") if table.find(".//table") is None]
    return [_csv(list(_rows(table)), name=name, sizes=sizes) for table in innermost]


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        yield [text for cell in cells for text in _wide(cell)]


def _wide(cell: etree._Element) -> list[str]:
    """Return the text of a cell, and blanks for the further columns that it spans."""
    span = cell.get("colspan", "1")
    columns = min(int(span), 1000) if span.isascii() and span.isdigit() else 1
    text = " ".join("".join(str(part) for part in cell.itertext()).split())
    return [text, *[""] * (columns - 1)]


def _csv(rows: Sequence[Sequence[str]], *, name: str, sizes: Sizes) -> bytes:
    for line, row in enumerate(rows, 1):
        refuse_too_many_columns(len(row), name=name, line=line, sizes=sizes)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()
