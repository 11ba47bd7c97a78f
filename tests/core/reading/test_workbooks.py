"""Workbooks as shops really have them -> a Table."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.tables import Concern, FileForm, Table, TotalLine
from tasks.core.reading.table import Sizes, read_table
from tasks.core.reading.workbook_cells import number_text
from tests.workbook_files import ODS, ods, ods_row, saved, xlsx, zipped

SIZES = Sizes(max_file_bytes=100 * 2**20, max_cell_chars=1000, max_columns=20)
HEADINGS = ("Number", "Balance")


def read(content: bytes) -> Table:
    return read_table(content, name="cards.xlsx", dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=SIZES)


def found(table: Table) -> list[tuple[Any, ...]]:
    return table.findings.select("line", "heading", "value", "code").rows()


def test_a_workbook_is_read_as_text_with_the_numbers_of_its_rows() -> None:
    table = read(xlsx(("Our cards",), (), (*HEADINGS, "Note"), ("00123", 12.1, "x"), (), ("GC2", 7, ""), (456, "1,50")))
    assert table.cells.rows() == [(4, "00123", "12.1"), (6, "GC2", "7"), (7, "456", "1,50")]
    assert table.form == FileForm(
        kind="xlsx", headings=(*HEADINGS, "Note"), separator="", newline="", sheet="Cards", preamble_lines=2
    )
    assert table.notes == (
        "read the sheet 'Cards'",
        "columns that are not read: 'Note' (FILE_HEADER_UNKNOWN)",
        "Number: 1 of 3 cells are spreadsheet numbers, read with a decimal point",
        "Balance: 2 of 3 cells are spreadsheet numbers, read with a decimal point",
    )
    assert (table.rows_in, table.repairs) == (3, {"FILE_BLANK_ROW": 1})
    assert list(table.originals.lines) == [4, 6, 7]
    assert [list(row) for row in table.originals.rows] == [
        ["00123", "12.1", "x"],
        ["GC2", "7", ""],
        ["456", "1,50", ""],
    ]


def test_a_table_that_does_not_start_in_the_corner_is_found() -> None:
    table = read(xlsx((), (), ("", "", *HEADINGS), ("", "", "GC1", 5)))
    assert table.cells.rows() == [(4, "GC1", "5")]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.1, "12.1"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (-3.0, "-3"),
        (123456789012345.0, "123456789012345"),
        (1234567.891, "1234567.891"),
        (1e20, "100000000000000000000"),
    ],
)
def test_a_number_is_written_with_the_digits_a_spreadsheet_keeps(number: float, text: str) -> None:
    assert number_text(number) == text


def test_cells_that_the_spreadsheet_changed_put_their_row_apart() -> None:
    table = read(
        xlsx(
            HEADINGS,
            ("GC1", date(2024, 12, 5)),
            (datetime(2024, 1, 2, 3, 4), 5),
            ("GC3", time(12, 30)),
            ("GC4", timedelta(hours=30)),
            (True, 5),
            (1234567890123456, 5),
            ("1.23E+15", 5),
            ("GC7", 5),
        )
    )
    assert found(table) == [
        (2, "Balance", "2024-12-05", "CELL_DATE"),
        (3, "Number", "2024-01-02T03:04:00", "CELL_DATE"),
        (4, "Balance", "12:30:00", "CELL_DATE"),
        (5, "Balance", "PT30H0M0S", "CELL_DATE"),
        (6, "Number", "TRUE", "CELL_BOOLEAN"),
        (7, "Number", "1234567890123456", "CELL_PRECISION_LOST"),
    ]
    assert table.cells.rows() == [(8, "1.23E+15", "5"), (9, "GC7", "5")]
    assert (table.rows_in, len(table.originals.lines)) == (8, 8)


def test_errors_of_formulas_are_found_although_the_reader_leaves_them_out() -> None:
    table = read(xlsx(HEADINGS, ("#REF!", "#DIV/0!"), ("GC2", "#N/A"), ("GC3", 5)))
    assert found(table) == [
        (2, "Number", "#REF!", "CELL_ERROR"),
        (2, "Balance", "#DIV/0!", "CELL_ERROR"),
        (3, "Balance", "#N/A", "CELL_ERROR"),
    ]
    assert (table.cells.rows(), table.rows_in) == ([(4, "GC3", "5")], 3)
    assert list(table.originals.rows[0]) == ["#REF!", "#DIV/0!"]


def test_the_stored_results_of_formulas_are_read() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Cards")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_formula(1, 0, '="GC"&1', None, "GC1")
        sheet.write_formula(1, 1, "=2+3", None, 5)
        sheet.write_formula(2, 0, "=A99", None, "#REF!")
    table = read(file.getvalue())
    assert (table.cells.rows(), found(table)) == ([(2, "GC1", "5")], [(3, "Number", "#REF!", "CELL_ERROR")])


def test_a_total_line_and_blank_rows_are_no_rows() -> None:
    table = read(xlsx(HEADINGS, ("GC1", 5), ("GC2", 7.5), ("", " "), ("Total", 12.5), (" ", "")))
    assert table.total_line == TotalLine(line=5, text="Total | 12.5")
    assert (table.rows_in, table.repairs) == (2, {"FILE_BLANK_ROW": 1, "FILE_TRAILING_BLANK": 1})


def test_hidden_rows_are_read_and_raise_a_concern() -> None:
    def hide(sheet: Worksheet) -> None:
        for row in (1, 3, 4, 5, 7, 8):
            sheet.row_dimensions[row].hidden = True

    table = read(xlsx(HEADINGS, *((f"GC{i}", i) for i in range(2, 8)), dress=hide))
    assert table.rows_in == 6
    assert table.concerns == (
        Concern(code="FILE_HIDDEN_ROWS", says="rows 3-5, 7 are hidden in the sheet 'Cards' and were read"),
    )


def test_sheets_beside_the_one_that_is_read_are_named() -> None:
    book = Workbook()
    for title, state in (
        ("Read me", "visible"),
        ("Cards & <more>", "visible"),
        ("Old", "hidden"),
        ("Empty", "visible"),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in ((), ("text",)) if title == "Read me" else (HEADINGS, ("GC1", "#N/A")) if title != "Empty" else ():
            sheet.append(row)
    del book["Sheet"]
    table = read(saved(book))
    assert (table.form.sheet, found(table)) == ("Cards & <more>", [(2, "Balance", "#N/A", "CELL_ERROR")])
    assert table.notes == (
        "read the sheet 'Cards & <more>'",
        "sheets that are not read: 'Read me'",
        "hidden sheets, not read: 'Old'",
    )


def test_an_ods_workbook_is_read_too() -> None:
    table = read(ods(ods_row(*HEADINGS), ods_row("GC1", "5"), ods_row("GC2", "#REF!"), ods_row(repeated=1_000_000)))
    assert (table.form.kind, table.cells.rows(), found(table)) == (
        "ods",
        [(2, "GC1", "5")],
        [(3, "Balance", "#REF!", "CELL_ERROR")],
    )


def two_sheets() -> bytes:
    book = Workbook()
    for title in ("May", "June"):
        book.create_sheet(title).append(HEADINGS)
    return saved(book)


def far_cell(sheet: Worksheet) -> None:
    sheet["XFD1000000"] = "x"


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (two_sheets(), "the sheets 'May' and 'June' all have the headings"),
        (xlsx(), "there is no heading row"),
        (xlsx(("Number", "Balence")), "line 1: 'Balence' is not a heading we know; did you mean 'Balance'?"),
        (xlsx(HEADINGS), "holds headings but no rows"),
        (xlsx((*HEADINGS, *"x" * 19), ("GC1", 5)), "21 columns where 20 are allowed"),
        (xlsx(HEADINGS, ("GC1", 5), ("GC2", "x" * 1001)), "line 3: a cell is longer than 1,000 characters"),
        (
            xlsx(HEADINGS, ("GC1", 5), dress=far_cell),
            "sheet 'Cards' has a cell in column XFD and row 1,000,000, far from the table",
        ),
        (ods(ods_row(*HEADINGS), ods_row("x", repeated=50_000_000)), "the same cell repeated"),
        (xlsx(HEADINGS, ("GC1", 5))[:-200], "damaged or cut off"),
        (zipped(**{"xl/workbook.xml": b"<workbook><sheets>"}), "damaged or cut off"),
        (zipped(**{"xl/workbook.bin": b"x"}), r"a binary Excel workbook \(.xlsb\)"),
        (zipped(**{"word/document.xml": b"x"}), "a Word document"),
        (zipped(**{"cards.csv": b"Number,Balance"}), "a zip file without a workbook in it"),
        (zipped(**{"xl/workbook.xml": b"", "a": b"0" * 60_000_000}), "unpacks to .* times its size"),
        (zipped(**{"xl/workbook.xml": b"", "a": b"0" * 101 * 2**20}), "unpacks to 105,906,176 bytes where"),
        (ole("EncryptedPackage"), "protected by a password"),
        (ole("WordDocument"), "a Word document"),
        (ole("__substg1.0_0037001F"), "an Outlook message"),
        (ole("Workbook"), r"an old Excel workbook \(.xls\)"),
        (
            zipped(**{"mimetype": ODS, "META-INF/manifest.xml": b"<manifest:encryption-data>"}),
            "protected by a password",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why(content: bytes, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        read(content)
