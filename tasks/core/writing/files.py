"""Rows of text -> the bytes of a CSV file or a workbook, in the form of a file that is known."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import polars as pl
import xlsxwriter

from schemas.tables import FileForm

INVISIBLE = "\\s\u200b\u200c\u200d\u2060\ufeff"
_RUNNABLE = re.compile(rf'^("?[{INVISIBLE}]*)(?=[=+\-@])')
_RUNS = re.compile(rf"^([{INVISIBLE}]*)([=+\-@])")
_PHONE = re.compile(r"\+[0-9][0-9 ()./-]*(?:;ext=[0-9]+)?")
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The same rows make the same bytes, so no clock may be in them."""


def write_rows(form: FileForm, rows: Iterable[Sequence[str]]) -> bytes:
    """Write *rows*, the headings first: as CSV in the given form (cells as ``quoted`` makes them), or as xlsx.

    Raises:
        UnicodeEncodeError: A character is not in the encoding of the form.
    """
    if form.kind != "csv":
        return write_workbook(form.sheet, rows)
    text = form.newline.join([*(form.separator.join(cells) for cells in rows), ""])
    return (("\ufeff" if form.bom else "") + text).encode(form.encoding)


def cell_in(form: FileForm, text: str) -> str:
    """Return a cell as it must stand in a file of that form: with quotes where a CSV file needs them."""
    plain = form.kind != "csv" or not any(mark in text for mark in (form.separator, '"', "\n", "\r"))
    return text if plain else '"' + text.replace('"', '""') + '"'


def neutral(raw: str) -> str:
    """Put an apostrophe before what a spreadsheet would run. Reading takes it off again."""
    return _RUNNABLE.sub(r"\1'", raw)


def harmless(text: str) -> str:
    """Return the text of a cell that no spreadsheet runs: with an apostrophe, but for telephone numbers."""
    return text if _PHONE.fullmatch(text) else _RUNS.sub(r"\1'\2", text)


def write_escaped(rows: pl.DataFrame) -> bytes:
    """Write a list for people as CSV; whatever a spreadsheet would run has an apostrophe before it."""
    marked = pl.all().str.replace(_RUNS.pattern, "${1}'${2}")
    texts = rows.cast(dict.fromkeys(rows.columns, pl.String)).fill_null("").select(marked)
    return texts.write_csv(line_terminator="\r\n", include_bom=True).encode()


def write_workbook(sheet: str, rows: Iterable[Sequence[str | float]]) -> bytes:
    """Write an xlsx workbook of one sheet. Texts are text cells, so nothing in them runs or loses its zeros."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": FIXED_TIME})
    page = book.add_worksheet(sheet_name(sheet))
    text = book.add_format({"num_format": "@"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell, text)
            else:
                page.write_number(row, column, cell)
    book.close()
    return content.getvalue()


def write_form(
    sheet: str, rows: pl.DataFrame, *, widths: Mapping[str, int], choices: Mapping[str, Sequence[str]]
) -> bytes:
    """Write an xlsx workbook of text cells that people work through and fill in.

    *widths* are those of columns, in characters; *choices* what may be written in one. Other columns are narrow.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": FIXED_TIME})
    page = book.add_worksheet(sheet_name(sheet))
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    for at, name in enumerate(rows.columns):
        page.set_column(at, at, widths.get(name, _NARROW), text)
        page.write_string(0, at, name, head)
        if name in choices and rows.height:
            offered = {"validate": "list", "source": list(choices[name]), "show_error": False}  # they may write it too
            page.data_validation(1, at, rows.height, at, offered)
    for row, cells in enumerate(rows.iter_rows(), 1):
        for at, cell in enumerate(cells):
            page.write_string(row, at, cell, text)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, rows.height, max(rows.width - 1, 0))
    book.close()
    return content.getvalue()


_NARROW = 12


def sheet_name(name: str) -> str:
    """Keep a sheet's name as far as xlsx allows it."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("'") or "Rows"
