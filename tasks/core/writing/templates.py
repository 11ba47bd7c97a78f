"""Blank files to be filled in: the headings of a dialect and nothing below them.

There is no row of examples: somebody would leave it in, and it would be imported. What belongs in a column a workbook
says where a cell of it is chosen; a CSV file has no place for that but the rows.
"""

import io

import xlsxwriter

from schemas.domain import Column, Dialect
from schemas.tables import FileForm
from tasks.core.writing.files import FIXED_TIME, cell_in, sheet_name, write_rows

_LAST_ROW = 1_048_575
_LONGEST_TITLE, _LONGEST_HINT = 32, 255
"""What a workbook takes of a message beside a cell."""


def template_csv(dialect: Dialect) -> bytes:
    """Write the headings as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    headings = tuple(column.heading for column in dialect.columns)
    form = FileForm(kind="csv", headings=headings, bom=True, separator=dialect.separator, newline="\r\n")
    return write_rows(form, [[cell_in(form, heading) for heading in headings]])


def template_xlsx(dialect: Dialect) -> bytes:
    """Write the headings as a workbook, in which every column says what belongs there.

    Columns are text, so that codes keep their zeros and dates stay as they are typed; amounts and quantities are
    numbers.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": FIXED_TIME})
    page = book.add_worksheet(sheet_name(dialect.name))
    text, number = book.add_format({"num_format": "@"}), book.add_format()
    head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    for at, column in enumerate(dialect.columns):
        page.set_column(at, at, max(12, len(column.heading) + 2), number if _is_number(column) else text)
        page.write_string(0, at, column.heading, head)
        said = {"input_title": column.heading[:_LONGEST_TITLE], "input_message": hint(column)[:_LONGEST_HINT]}
        page.data_validation(1, at, _LAST_ROW, at, {"validate": "any", **said})
    page.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def hint(column: Column) -> str:
    """Say what belongs in a column, and whether it may stay blank."""
    return f"{column.description}{'' if column.required else ' (may be left out)'}"


def _is_number(column: Column) -> bool:
    return column.holds in ("money", "quantity")
