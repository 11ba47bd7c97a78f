"""Blank files: filled in, they are read as what was written; left blank, they are refused in words."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import Column, Dialect
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.problems import FileNeedsFixing
from tasks.core.reading.dialects import recognise
from tasks.core.reading.table import Sizes, read_table
from tasks.core.writing.templates import template_csv, template_xlsx
from tests.examples import costly

DIALECTS = {dialect.name: dialect for folder in INBOX_FOLDERS.values() for dialect in folder.dialects}
SIZES = Sizes(max_file_bytes=10**7, max_cell_chars=1_000, max_columns=100)
WRITERS = {"csv": template_csv, "xlsx": template_xlsx}
each_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
each_kind = pytest.mark.parametrize("kind", WRITERS)

Row = list[str]


def as_csv(dialect: Dialect, rows: list[Row]) -> bytes:
    """Save the filled-in template as a spreadsheet does."""
    below = io.StringIO()
    csv.writer(below, delimiter=dialect.separator).writerows(rows)
    return template_csv(dialect) + below.getvalue().encode()


def as_xlsx(dialect: Dialect, rows: list[Row]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(dialect)))
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


FILLED = {"csv": as_csv, "xlsx": as_xlsx}


def cells(column: Column) -> st.SearchStrategy[str]:
    """Draw what may rightly stand in a column."""
    if column.holds in ("money", "quantity"):
        return st.decimals("0.01", "999.99", places=2).map(str)
    if column.dates:
        return st.dates().map(str).map(lambda day: day.zfill(10))
    digits = st.text("0123456789", min_size=1, max_size=9)
    words = st.text("ABCåäöxyz", min_size=1, max_size=9).map("w{}".format)
    return words | digits if column.name in ("number", "sku", "phone") else words


def read(dialect: Dialect, content: bytes) -> list[Row]:
    table = read_table(content, name="filled", dialect=dialect, code_page="windows-1252", sizes=SIZES)
    assert table.findings.is_empty()
    return [list(row) for row in table.cells.select([column.name for column in dialect.columns]).rows()]


@each_kind
@each_dialect
@costly
@given(data=st.data())
def test_rows_that_are_written_into_a_template_are_read_as_they_were_written(
    dialect: Dialect, kind: str, data: st.DataObject
):
    rows = data.draw(st.lists(st.tuples(*map(cells, dialect.columns)).map(list), min_size=1, max_size=3))
    assert read(dialect, FILLED[kind](dialect, rows)) == rows


@each_kind
@each_dialect
def test_a_template_that_nobody_filled_in_is_refused(dialect: Dialect, kind: str):
    with pytest.raises(FileNeedsFixing, match="holds headings but no rows below them"):
        read(dialect, WRITERS[kind](dialect))


@each_kind
@pytest.mark.parametrize("folder", INBOX_FOLDERS.values(), ids=INBOX_FOLDERS)
def test_a_template_is_known_by_its_headings_among_all_dialects_of_its_folder(folder, kind):
    for dialect in folder.dialects:
        content = WRITERS[kind](dialect)
        found = recognise(content, folder.dialects, name="template", code_page="windows-1252", sizes=SIZES)
        assert found.name == dialect.name


@each_kind
@each_dialect
def test_the_same_template_is_the_same_bytes(dialect: Dialect, kind: str):
    assert WRITERS[kind](dialect) == WRITERS[kind](dialect)


@each_dialect
def test_every_column_of_a_workbook_says_what_belongs_there(dialect: Dialect):
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx(dialect))).active
    said = [each.prompt for each in sheet.data_validations.dataValidation]
    assert [
        (column.heading, column.description in text) for column, text in zip(dialect.columns, said, strict=True)
    ] == [(column.heading, True) for column in dialect.columns]
