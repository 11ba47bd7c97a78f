"""The parts of an xlsx workbook beside its cells: which sheets it has, its texts, and the formats of its numbers."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from tasks.core.reading.cell_formats import MOST_DECIMALS, CellFormat, format_of
from tasks.core.reading.sheet_rows import SheetSource
from tasks.core.reading.sheet_xml import Book, merged_ranges, sheet_rows
from tasks.core.reading.xml_elements import Element, elements, local_name, text_of

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
TRUE = ("1", "true")
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0;[Red]-#,##0", 7: "#,##0.00",
    8: "#,##0.00;[Red]-#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"??',
    44: '#,##0.00;-#,##0.00;"-"??', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
"""Formats that a workbook names by number alone. The currency of 5 to 8, 42 and 44 is that of whoever looks at it."""


def open_xlsx(archive: zipfile.ZipFile, *, name: str) -> list[SheetSource]:
    """Return the sheets of a workbook in their order; charts and macros are none."""
    parts = {path.lower(): path for path in archive.namelist()}
    book = Book(
        archive=archive,
        name=name,
        texts=_shared_texts(archive, parts),
        formats=_formats(archive, parts),
        since_1904=_since_1904(archive, parts),
    )
    kinds = _relations(archive, parts)
    sheets = []
    for element in _all(archive, parts, WORKBOOK, "sheet"):
        target, kind = kinds.get(_relation_id(element), ("", ""))
        if kind.endswith("/worksheet") and target.lower() in parts:
            title, visible = element.get("name", ""), element.get("state", "visible") == "visible"
            rows = partial(sheet_rows, book, parts[target.lower()], title)
            merged = partial(merged_ranges, archive, parts[target.lower()])
            sheets.append(SheetSource(title=title, visible=visible, rows=rows, merged=merged))
    return sheets


def _all(archive: zipfile.ZipFile, parts: Mapping[str, str], path: str, *names: str) -> Iterator[Element]:
    if path.lower() in parts:
        with archive.open(parts[path.lower()]) as stream:
            yield from elements(stream, *names)


def _relations(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the path and the kind of each part that the workbook refers to, by the id it has there."""
    found = _all(archive, parts, RELATIONS, "Relationship")
    return {each.get("Id", ""): (_path_of(each.get("Target", "")), each.get("Type", "")) for each in found}


def _path_of(target: str) -> str:
    path = posixpath.join("xl", target.replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/")


def _relation_id(sheet: Element) -> str:
    return next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")


def _since_1904(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> bool:
    found = islice(_all(archive, parts, WORKBOOK, "workbookPr"), 1)
    return any(each.get("date1904", "").lower() in TRUE for each in found)


def _shared_texts(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> list[str]:
    return [text_of(item) for item in _all(archive, parts, STRINGS, "si")]


def _formats(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> Sequence[CellFormat | None]:
    """Return the number format of each style of a cell; None: numbers are shown as they are."""
    codes: dict[str, str] = {str(number): code for number, code in BUILTIN.items()}
    styles: list[str] = []
    for element in _all(archive, parts, STYLES, "numFmt", "xf"):
        within = local_name(element.getparent())  # type: ignore[arg-type]
        if within == "numFmts":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif within == "cellXfs":
            styles.append(element.get("numFmtId", "0"))
    known = {number: format_of(codes.get(number) or "General") for number in set(styles)}
    return [None if _is_general(known[number]) else known[number] for number in styles]


def _is_general(known: CellFormat) -> bool:
    return known.plain == (0, MOST_DECIMALS) and known.sections[0].general and len(known.sections) == 1
