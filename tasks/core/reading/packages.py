"""Workbook files as containers: what they are, and whether it is safe to open them.

Only what the container shows from outside; the cells are read in workbooks.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from schemas.problems import FileNeedsFixing
from tasks.core.reading.signatures import container_of, not_a_table
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.xml_elements import XmlBroken

WorkbookKind = Literal["xlsx", "ods"]
DENSEST = 200
DENSE_FROM_BYTES = 50_000_000
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
BROKEN = (
    *(XmlBroken, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, LookupError, ValueError),
    *(NotImplementedError, OSError, OverflowError, RecursionError),
)
"""What is raised by a file that is not as its kind must be."""


def workbook_kind(content: bytes, *, name: str, sizes: Sizes) -> WorkbookKind:
    """Say which kind of workbook the content is, once it is safe to open.

    Raises:
        FileNeedsFixing: It is protected, damaged, dangerously packed, or no workbook.
    """
    if container_of(content) == "ole":
        raise refusal_of_ole(content, name=name)
    with in_words(name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        refuse_bomb(archive, len(content), name=name, sizes=sizes)
        return zipped_kind(archive, name=name)


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """Turn what libraries raise about a broken workbook into words.

    Raises:
        FileNeedsFixing: The workbook is damaged.
    """
    try:
        yield
    except BROKEN:
        raise damaged(name) from None


def damaged(name: str) -> FileNeedsFixing:
    """Make the error for a workbook that is broken."""
    return FileNeedsFixing(
        f"{name} looks like a workbook but cannot be opened: it is damaged or cut off. "
        "Open it in a spreadsheet, save it again, and hand that in."
    )


def protected(name: str) -> FileNeedsFixing:
    """Make the error for a workbook that asks for a password."""
    return FileNeedsFixing(f"{name} is protected by a password. Save it without one and hand that in.")


def refusal_of_ole(content: bytes, *, name: str) -> FileNeedsFixing:
    """Make the error for a file in the container of old Excel workbooks, whatever it is.

    Not even a sound .xls is read: its error cells come out empty, and a damaged one can end the whole
    process instead of raising.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        return protected(name)
    if "WordDocument".encode("utf-16-le") in content:
        return not_a_table(name, "a Word document")
    if "__substg1.0".encode("utf-16-le") in content:
        return not_a_table(name, "an Outlook message")
    return FileNeedsFixing(
        f"{name} is an old Excel workbook (.xls), which cannot be read safely. "
        "Open it in a spreadsheet, save it as .xlsx or as CSV (UTF-8), and hand that in."
    )


def refuse_bomb(archive: zipfile.ZipFile, packed: int, *, name: str, sizes: Sizes) -> None:
    """Turn away an archive that would unpack to far more than it seems, before unpacking it.

    Raises:
        FileNeedsFixing: It unpacks to more than allowed, or is packed more densely than any workbook.
    """
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > sizes.max_file_bytes:
        raise FileNeedsFixing(
            f"{name} unpacks to {unpacked:,} bytes where {sizes.max_file_bytes:,} are allowed. "
            "Save only the sheet that is needed, or split it."
        )
    if unpacked > DENSE_FROM_BYTES and unpacked > DENSEST * packed:
        raise FileNeedsFixing(
            f"{name} unpacks to {unpacked // packed} times its size, which no real workbook does. "
            "Save the rows as CSV (UTF-8) and hand that in."
        )


def zipped_kind(archive: zipfile.ZipFile, *, name: str) -> WorkbookKind:
    """Tell workbooks from other zip files.

    Raises:
        FileNeedsFixing: It is protected, or no workbook we read.
    """
    parts = set(archive.namelist())
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise protected(name)
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if "mimetype" in parts and archive.read("mimetype").strip().startswith(ODS_TYPE):
        if "META-INF/manifest.xml" in parts and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise protected(name)
        return "ods"
    if "xl/workbook.bin" in parts:
        raise not_a_table(name, "a binary Excel workbook (.xlsb)")
    seems = "a Word document" if "word/document.xml" in parts else "a zip file without a workbook in it"
    raise not_a_table(name, seems)
