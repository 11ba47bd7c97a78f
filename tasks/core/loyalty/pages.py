"""A saved web page -> the tables on it, as CSV: from there on they are read like any file of a shop.

Of cells the text is taken, and where one column's cells carry links, these too: as a column behind the others, under
the same heading with LINK behind it. Scripts do not run, and nothing is fetched.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from lxml import etree, html

from schemas.problems import FileNeedsFixing
from tasks.core.reading.encodings import decode
from tasks.core.reading.signatures import MARKUP
from tasks.core.reading.sizes import Sizes, refuse_too_many_columns

_SILENT = ("script", "style", "template", "noscript", "button")
_MARK = b"\xef\xbb\xbf"
LINK = " (link)"
_NO_PAGES = ("#", "javascript:", "mailto:", "tel:", "data:")
Cell = tuple[str, str]
"""The text of a cell and its link, "" where it has none, or several."""


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
    cells = ([cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
    return iter(_with_links([[each for cell in row for each in _wide(cell)] for row in cells]))


def _with_links(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Put the links of a column behind the others, under the heading of its texts: the last row above the first link.

    A row that has fewer cells than headings stays as it is: it was cut short, and links would only hide that.
    """
    linked = [at for at, row in enumerate(rows) if any(link for _, link in row)]
    if not linked or linked[0] == 0:
        return [[text for text, _ in row] for row in rows]
    headings = rows[linked[0] - 1]
    columns = [at for at in range(len(headings)) if any(row[at][1] for row in rows if at < len(row))]
    return [
        [text for text, _ in row]
        + [(headings[at][0] + LINK) if row is headings else row[at][1] for at in columns if len(row) >= len(headings)]
        for row in rows
    ]


def _link(cell: etree._Element) -> str:
    """Return where a cell leads: one page, or nowhere. What stands in a heading sorts the list."""
    found = {str(anchor.get("href", "")).strip() for anchor in cell.iter("a")} if cell.tag == "td" else set()
    pages = {href for href in found if href and not href.lower().startswith(_NO_PAGES)}
    return pages.pop() if len(pages) == 1 else ""


def _wide(cell: etree._Element) -> list[Cell]:
    """Return the text of a cell with its link, and blanks for the further columns that it spans."""
    span = cell.get("colspan", "1")
    columns = min(int(span), 1000) if span.isascii() and span.isdigit() else 1
    text = " ".join("".join(str(part) for part in cell.itertext()).split())
    return [(text, _link(cell)), *[("", "")] * (columns - 1)]


def _csv(rows: Sequence[Sequence[str]], *, name: str, sizes: Sizes) -> bytes:
    for line, row in enumerate(rows, 1):
        refuse_too_many_columns(len(row), name=name, line=line, sizes=sizes)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()
