"""The styles of an ods workbook that change what is seen: sheets that are not displayed, numbers shown in thousands."""

import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from tasks.core.reading.xml_elements import Element, elements, local_name

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_NAMED = "styles.xml"
STYLES = ("style", "number-style", "currency-style", "percentage-style")


@dataclass(kw_only=True)
class Styles:
    """What was read of styles: by name those that hide a sheet, the number format of each, formats that divide."""

    hidden: set[str] = field(default_factory=set)
    formats: dict[str, str] = field(default_factory=dict)
    dividing: set[str] = field(default_factory=set)

    def add(self, style: Element) -> None:
        name = style.get(f"{STYLE}name", "")
        if local_name(style) != "style":
            self.dividing |= {name} if any(_divides(part) for part in style) else set()
            return
        self.formats[name] = style.get(f"{STYLE}data-style-name", "")
        self.hidden |= {name} if any(part.get(f"{TABLE}display") == "false" for part in style) else set()

    def divides(self, name: str) -> bool:
        """Tell whether cells of this style show a number divided, such as in thousands."""
        return self.formats.get(name, "") in self.dividing

    def of_cells(self, row: Element, columns: "Columns") -> Iterator[bool]:
        """Yield for each cell of a row whether it shows its number divided: by its own style, its row's or column's."""
        default = row.get(f"{TABLE}default-cell-style-name", "")
        at = 0
        for cell in row:
            own = cell.get(f"{TABLE}style-name", "") or default or columns.style_at(at)
            at += int(cell.get(f"{TABLE}number-columns-repeated") or "1")
            yield self.divides(own)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The styles of the cells of a sheet's columns: ``ends`` are the positions behind which another one begins."""

    ends: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def style_at(self, position: int) -> str:
        run = bisect_right(self.ends, position)
        return self.names[run] if run < len(self.names) else ""


def named_styles(archive: zipfile.ZipFile) -> Styles:
    """Return the styles that people named; those of single cells stand beside the cells."""
    styles = Styles()
    if _NAMED in archive.namelist():
        with archive.open(_NAMED) as stream:
            for element in elements(stream, *STYLES):
                styles.add(element)
    return styles


def _divides(part: Element) -> bool:
    return part.get(f"{_NUMBER}display-factor", "1") not in ("", "1")


def columns_of(table: Element) -> Columns:
    """Read the columns of a sheet, which is possible until its first row is forgotten."""
    found = list(table.iter(f"{TABLE}table-column"))
    ends = accumulate(int(column.get(f"{TABLE}number-columns-repeated", "1")) for column in found)
    names = (column.get(f"{TABLE}default-cell-style-name", "") for column in found)
    return Columns(ends=tuple(ends), names=tuple(names))
