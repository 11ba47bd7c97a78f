"""Large sheets of a workbook, fast: xlsxwriter makes the workbook, polars writes the rows.

A cell costs xlsxwriter some 8 microseconds, 70,000 changes six seconds; as XML text made
column by column they take half a second. Every text is an inline string, so no cell can
ever be a formula, whatever it begins with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767
"""Excel's own limit of a cell."""

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold at all."""

_TO_ESCAPE = rf"[&<]|_x|{NOT_XML.pattern}"
_ROW = "row"

_SCALE = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": "#FFFFFF", "max_color": "#FFC48A"}

_ROWS_AT_ONCE = 10_000
"""As XML a row takes ten times as much memory."""

_SAMPLES = re.compile(r'<row r="2".*?</row>')
_TEXT = '<c r="{}{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
_NUMBER = '<c r="{}{}" s="{}"><v>{}</v></c>'


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column of a sheet: its cells as text (null: left empty) and the name of each cell's format."""

    heading: str
    cells: pl.Series
    formats: pl.Series
    width: int
    is_number: bool = False
    is_shaded: bool = False


def prepare_sheet(
    sheet: Worksheet, columns: Sequence[SheetColumn], heading: Format, formats: Mapping[str, Format]
) -> None:
    """Write everything but the rows, and in their place one sample of each format for :func:`fill_sheets`."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.heading, heading)
    for at, name in enumerate(sorted(formats)):
        sheet.write_blank(1, at, None, formats[name])
    _shade(sheet, columns)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(columns[0].cells.len(), 1), len(columns) - 1)


def _shade(sheet: Worksheet, columns: Sequence[SheetColumn]) -> None:
    """Let the spreadsheet colour the numbers of shaded columns, all by one scale from nothing to the largest."""
    letters = [xl_col_to_name(at) for at, column in enumerate(columns) if column.is_shaded]
    ranges = [f"{letter}2:{letter}{columns[0].cells.len() + 1}" for letter in letters]
    if ranges:
        sheet.conditional_format(ranges[0], {**_SCALE, "multi_range": " ".join(ranges)})


def fill_sheets(workbook: bytes, sheets: Mapping[int, Sequence[SheetColumn]], names: Sequence[str]) -> bytes:
    """Replace the samples of the sheets (numbered from 1) by their rows. *names* are those of all formats."""
    parts = {f"xl/worksheets/sheet{number}.xml": columns for number, columns in sheets.items()}
    buffer = BytesIO()
    with ZipFile(BytesIO(workbook)) as before, ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=3) as after:
        for entry in before.infolist():
            content = before.read(entry)
            columns = parts.get(entry.filename)
            pieces = _filled(content.decode(), columns, sorted(names)) if columns else [content]
            with after.open(entry.filename, "w") as written:
                for piece in _one_ahead(pieces):
                    written.write(piece)
    return buffer.getvalue()


def _one_ahead(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each piece while the next is made: to make one and to compress one take about as long."""
    coming = iter(pieces)
    with ThreadPoolExecutor(1) as maker:
        made = maker.submit(next, coming, None)
        while (piece := made.result()) is not None:
            made = maker.submit(next, coming, None)
            yield piece


def _filled(xml: str, columns: Sequence[SheetColumn], names: Sequence[str]) -> Iterator[bytes]:
    samples = _SAMPLES.search(xml)
    if samples is None:
        raise ValueError("the sheet has no samples of its formats")
    styles = dict(zip(names, re.findall(r' s="(\d+)"', samples[0]), strict=True))
    height = columns[0].cells.len()
    corner = f"{xl_col_to_name(len(columns) - 1)}{height + 1}"
    yield re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{corner}"/>', xml[: samples.start()]).encode()
    cells, written = _columns_of(columns), [_cell(at, column, styles) for at, column in enumerate(columns)]
    for first in range(0, height, _ROWS_AT_ONCE):
        yield _rows(cells.slice(first, _ROWS_AT_ONCE), written)
    yield xml[samples.end() :].encode()


def _columns_of(columns: Sequence[SheetColumn]) -> pl.DataFrame:
    """Return ``row``, the number a spreadsheet gives it, and of each column its cells and their formats by position."""
    numbers = pl.int_range(2, columns[0].cells.len() + 2, eager=True).cast(pl.String).alias(_ROW)
    parts = [
        part
        for at, column in enumerate(columns)
        for part in (column.cells.alias(_cells_of(at)), column.formats.alias(_formats_of(at)))
    ]
    return pl.DataFrame([numbers, *parts])


def _rows(cells: pl.DataFrame, written: Sequence[pl.Expr]) -> bytes:
    """Write rows as XML; the cells of all columns are made side by side."""
    opened = pl.format('<row r="{}">', _ROW).alias(_ROW)
    rows = cells.select(opened, *written).select(pl.concat_str(pl.all(), pl.lit("</row>")).str.join(""))
    return str(rows.item()).encode()


def _cell(at: int, column: SheetColumn, styles: Mapping[str, str]) -> pl.Expr:
    """Write the cell of a row in the column *at*; nothing where it is empty."""
    style = pl.col(_formats_of(at)).replace_strict(styles, return_dtype=pl.String)
    content = pl.col(_cells_of(at))
    if not column.is_number:
        content = content.str.head(LONGEST_TEXT)
        content = _escaped(content) if column.cells.str.contains(_TO_ESCAPE).any() else content
    form = _NUMBER if column.is_number else _TEXT
    return pl.format(form, pl.lit(xl_col_to_name(at)), _ROW, style, content).fill_null("").alias(_cells_of(at))


def _cells_of(at: int) -> str:
    return f"cells {at}"


def _formats_of(at: int) -> str:
    return f"formats {at}"


def _escaped(text: pl.Expr) -> pl.Expr:
    """Escape XML, what Excel itself reads as an escape, and what XML cannot hold at all."""
    return (
        text.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all("_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
        .str.replace_all(NOT_XML.pattern, "\ufffd")
    )
