"""What a file seems to be, judged by its first bytes and never by its name."""

from typing import Literal

from schemas.problems import FileNeedsFixing

Container = Literal["text", "zip", "ole"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (rar)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
)
MARKUP = (
    (b"<!doctype html", "a web page (HTML), although it may carry a spreadsheet's name"),
    (b"<html", "a web page (HTML), although it may carry a spreadsheet's name"),
    (b"<table", "a web page (HTML), although it may carry a spreadsheet's name"),
    (b"<?xml", "an XML file"),
)


def container_of(content: bytes) -> Container:
    """Say in which kind of container the table must be looked for."""
    if content.startswith(ZIPS):
        return "zip"
    return "ole" if content.startswith(OLE) else "text"


def is_json(content: bytes) -> bool:
    """Say whether a file begins as an answer of a web shop does, in JSON."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def refuse_foreign(content: bytes, *, name: str) -> None:
    """Turn away what is known to be something else than a table.

    Raises:
        FileNeedsFixing: Saying what the file seems to be.
    """
    head = content[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known = (words for start, words in FOREIGN if content.startswith(start))
    marked_up = (words for start, words in MARKUP if head.startswith(start))
    for words in (*known, *marked_up):
        raise not_a_table(name, words)


def not_a_table(name: str, seems: str) -> FileNeedsFixing:
    """Make the error for a file that is something else. *seems* follows "it seems to be"."""
    return FileNeedsFixing(
        f"{name} is not a table we can read: it seems to be {seems}. Open it where it came from, "
        "save it as CSV (UTF-8) or as an Excel workbook (.xlsx), and hand that in."
    )
