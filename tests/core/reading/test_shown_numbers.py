"""Numbers of workbooks are read as their cells show them, or are told: never as something else."""

import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schemas.domain import Column, Dialect, NumberFormat
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.reading.cell_formats import format_of
from tasks.core.reading.shown_numbers import as_shown
from tasks.core.reading.table import read_table
from tests.registers import SIZES
from tests.workbook_files import ods, ods_row, zipped

DIALECT = Dialect(
    name="all",
    columns=(
        Column(name="code", heading="Code", description=""),
        Column(name="money", heading="Money", description="", holds="money"),
        Column(name="pieces", heading="Pieces", description="", holds="quantity"),
        Column(name="on", heading="On", description="", dates=True),
        Column(name="truth", heading="Truth", description="", holds="truth"),
    ),
    number_format=NumberFormat(),
    error_headings={"en": "Error"},
    reference_heading="Row",
)
HEADINGS = tuple(column.heading for column in DIALECT.columns)
PLAIN = ("x", 1, 1, "2024-01-02", "yes")


def book(*rows: tuple[Any, ...], since_1904: bool = False) -> bytes:
    """Make a workbook; a cell that is a pair is a number and its format."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"date_1904": since_1904}) as workbook:
        sheet = workbook.add_worksheet("Sheet")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_number(at, column, cell[0], workbook.add_format({"num_format": cell[1]}))
                else:
                    sheet.write(at, column, cell)
    return file.getvalue()


def read(content: bytes, dialect: Dialect = DIALECT) -> Table:
    return read_table(content, name="book", dialect=dialect, code_page="utf-8", sizes=SIZES)


def outcome(column: int, cell: Any, **more: bool) -> str:
    """Say what became of one cell in one column: its text, its code, or its text with a question mark for a concern."""
    row = (*PLAIN[:column], cell, *PLAIN[column + 1 :])
    table = read(book(HEADINGS, row, **more))
    if table.findings.height:
        return str(table.findings["code"][0])
    return table.cells.row(0)[column + 1] + ("?" if table.concerns else "")


CODE, MONEY, PIECES, ON, TRUTH = range(5)


@pytest.mark.parametrize(
    ("column", "number", "shown_by", "becomes"),
    [
        (CODE, 42, "00000000", "00000042"),
        (CODE, 42, '"GC"0000', "GC0042"),
        (CODE, 123456, r"000\-000", "123-456"),
        (CODE, 701234567, "000 000 00 00", "0701234567"),
        (CODE, 7, "General", "7"),
        (CODE, 7, "0.00", "7"),
        (CODE, 1.1, "0.00", "CELL_NUMBER_FORMAT"),
        (CODE, 12.5, "0", "CELL_NUMBER_FORMAT"),
        (CODE, 45000, "yyyy-mm-dd", "CELL_DATE"),
        (CODE, 123456, "0.00E+00", "CELL_SCI_NOTATION"),
        (CODE, 1234567890123456, "0000", "CELL_PRECISION_LOST"),
        (MONEY, 25, "00000000", "25"),
        (MONEY, 12.5, "0.00", "12.5"),
        (MONEY, 12.345, "0.00", "12.345"),
        (MONEY, 12.5, "0", "12.5?"),
        (MONEY, 0.25, "0%", "CELL_NUMBER_FORMAT"),
        (MONEY, 12500, "0.00,", "CELL_NUMBER_FORMAT"),
        (MONEY, 12500000, "0.0,,", "CELL_NUMBER_FORMAT"),
        (MONEY, 12.5, "# ?/?", "CELL_NUMBER_FORMAT"),
        (MONEY, 3, "# ?/?", "3"),
        (MONEY, 5, '0 "st"', "CELL_NUMBER_FORMAT"),
        (MONEY, 25, "[$€-40C] #,##0.00", "25"),
        (MONEY, -5, "0.00;0.00", "CELL_NUMBER_FORMAT"),
        (MONEY, -5, "0.00;[Red]0.00", "-5"),
        (MONEY, -5.5, '_-* #,##0.00\\ "kr"_-;\\-* #,##0.00\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_-', "-5.5"),
        (MONEY, 0, '_-* #,##0.00\\ "kr"_-;\\-* #,##0.00\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_-', "0"),
        (MONEY, 5, ";;;", "CELL_NUMBER_FORMAT"),
        (MONEY, 0, "0;-0;;@", ""),
        (PIECES, 0.125, "0.00", "0.125?"),
        (ON, 45000.5, "yyyy-mm-dd h:mm", "2023-03-15T12:00:00"),
        (ON, 45000, "mmm-yy", "CELL_NUMBER_FORMAT"),
        (ON, 45000, "[h]:mm", "CELL_DATE"),
        (ON, 0.5, "h:mm", "CELL_DATE"),
        (ON, 46701234567, "yyyy-mm-dd", "CELL_NUMBER_FORMAT"),
        (ON, -1, "yyyy-mm-dd", "CELL_NUMBER_FORMAT"),
    ],
)  # fmt: skip
def test_a_number_becomes_what_its_cell_shows_or_is_told(
    column: int, number: float, shown_by: str, becomes: str
) -> None:
    assert outcome(column, (number, shown_by)) == becomes


def test_true_and_false_are_right_where_a_column_is_for_them() -> None:
    assert (outcome(TRUTH, True), outcome(CODE, True)) == ("TRUE", "CELL_BOOLEAN")


def test_days_are_counted_as_the_workbook_says() -> None:
    assert outcome(ON, (0, "yyyy-mm-dd"), since_1904=True) == "CELL_DATE"
    assert outcome(ON, (1462, "yyyy-mm-dd"), since_1904=True) == date(1908, 1, 2).isoformat()
    assert outcome(ON, (1, "yyyy-mm-dd")) == date(1900, 1, 1).isoformat()


@given(
    number=st.integers(0, 10**9) | st.decimals(0, 10**6, places=3).map(float),
    places=st.integers(0, 4),
    zeros=st.integers(1, 10),
    before=st.sampled_from(["", '"GC"', '"€ "', r"\-", "[$USD] "]),
    behind=st.sampled_from(["", "%", ",", ",,", "E+00", ' "st"', " kr", " ?/?"]),
)
def test_no_format_makes_another_number_of_money_in_silence(
    number: float, places: int, zeros: int, before: str, behind: str
) -> None:
    code = f"{before}{'0' * zeros}{'.' * bool(places)}{'0' * places}{behind}"
    table = read(book(HEADINGS, ("x", (number, code), 1, "2024-01-02", "yes")))
    if table.findings.height:
        return
    exact = Decimal(f"{number:.15g}")
    shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(table.cells["money"][0]) == exact
    assert shown == exact or table.concerns or places >= 2
    assert behind in ("", " kr", " ?/?")
    assert before not in ('"GC"', r"\-")
    assert ("money" in table.units) == (before in ('"€ "', "[$USD] ") or behind == " kr")


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9),
            st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3)) | st.text("ab7, ", max_size=3),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_cells_without_formats_are_read_as_another_reader_reads_them(rows: list[tuple[Any, ...]]) -> None:
    content = book(("Code", "Money", "Other"), *rows)
    dialect = Dialect(
        name="two",
        columns=tuple(Column(name=n, heading=n, description="", holds="truth") for n in ("Code", "Money", "Other")),
        number_format=NumberFormat(),
        error_headings={"en": "Error"},
        reference_heading="Row",
    )
    peer = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    try:
        mine = read(content, dialect)
    except FileNeedsFixing:
        assert not any(str(cell).strip() for row in peer[1:] for cell in row)
        return
    theirs = [row for row in peer[1:] if any(str(cell).strip() for cell in row)]
    assert [len(row) for row in mine.originals.rows] == [3] * len(theirs)
    for own, other in zip(mine.originals.rows, theirs, strict=True):
        assert [
            str(cell).upper() if isinstance(cell, bool) else cell for cell in other if isinstance(cell, str | bool)
        ] == [text for text, cell in zip(own, other, strict=True) if isinstance(cell, str | bool)]
        numbers = [(text, cell) for text, cell in zip(own, other, strict=True) if type(cell) in (int, float)]
        assert all(float(text) == float(f"{cell:.15g}") for text, cell in numbers)


@pytest.mark.parametrize(
    ("number", "text", "becomes"),
    [
        (42, "00000042", "00000042"),
        (1234.5, "1 234,50 kr", "1 234,50 kr"),
        (0.25, "25 %", "0.25 (25 %)"),
        (12500, "12,50", "12500 (12,50)"),
        (42, "GC0042", "GC0042"),
        (0, "-", 0),
        (5, "", "5 ()"),
        (7, "7", 7),
    ],
)
def test_where_a_workbook_keeps_the_text_too_both_must_say_the_same(number: float, text: str, becomes: Any) -> None:
    shown = as_shown(number, text)
    assert (shown if isinstance(shown, float | int) else shown.text) == becomes


def test_an_ods_workbook_is_read_as_its_cells_show() -> None:
    def cell(number: str, text: str) -> str:
        value = f'office:value-type="float" office:value="{number}"'
        return f"<table:table-cell {value}><text:p>{text}</text:p></table:table-cell>"

    rows = [f"<table:table-row>{cell(*one)}{cell(*two)}</table:table-row>" for one, two in (
        (("42", "00000042"), ("12.5", "12,50")), (("43", "00000043"), ("12500", "12,50")),
    )]  # fmt: skip
    table = read(ods(ods_row("Number", "Balance"), *rows), LIGHTSPEED_X)
    assert table.cells.rows() == [(2, "00000042", "12.5")]
    assert table.findings["code"].to_list() == ["CELL_NUMBER_FORMAT"]


FORMATS = """
    <number:number-style style:name="N1"><number:number number:decimal-places="3"/></number:number-style>
    <number:number-style style:name="N2">
        <number:number number:decimal-places="3" number:display-factor="1000"/></number:number-style>
    <style:style style:name="whole" style:family="table-cell" style:data-style-name="N1"/>
    <style:style style:name="thousands" style:family="table-cell" style:data-style-name="N2"/>
"""


@pytest.mark.parametrize(
    ("of_column", "of_row", "of_cell", "code"),
    [
        ("", "", "", None),
        ("", "", "whole", None),
        ("", "", "thousands", "CELL_NUMBER_FORMAT"),
        ("", "thousands", "", "CELL_NUMBER_FORMAT"),
        ("thousands", "", "", "CELL_NUMBER_FORMAT"),
        ("thousands", "", "whole", None),
        ("thousands", "whole", "", None),
    ],
)
def test_a_number_that_an_ods_workbook_shows_in_thousands_is_told_even_where_its_digits_fit(
    of_column: str, of_row: str, of_cell: str, code: str | None
) -> None:
    columns = (
        '<table:table-column/><table:table-column table:number-columns-repeated="2" '
        f'table:default-cell-style-name="{of_column}"/>'
    )
    number = '<table:table-cell office:value-type="string"><text:p>GC1</text:p></table:table-cell>'
    amount = (
        f'<table:table-cell office:value-type="float" office:value="1234" table:style-name="{of_cell}">'
        "<text:p>1.234</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:default-cell-style-name="{of_row}">{number}{amount}</table:table-row>'
    table = read(ods(columns, ods_row("Number", "Balance"), row, styles=FORMATS), LIGHTSPEED_X)
    assert table.findings.select("line", "code", "detail").rows() == ([(2, code, "shown in thousands")] if code else [])


RULES: Any = {
    "currency": "EUR",
    "exponent": 2,
    "format_choice": None,
    "zero_balances": "keep",
    "today": date(2026, 11, 28),
}


def checked(*rows: tuple[Any, ...]) -> Checked:
    table = read(book(("Number", "Balance"), *rows), LIGHTSPEED_X)
    return check_gift_cards(
        table, currency="EUR", exponent=2, format_choice=None, zero_balances="keep", today=date(2026, 11, 28)
    )


def test_texts_of_a_workbook_say_how_they_are_written_and_numbers_are_exact() -> None:
    found = checked(("GC1", 10.5), ("GC2", "70,00"), ("GC3", 1234.25), ("GC4", "1.250,50"), ("Summa", 2565.25))
    assert found.accepted["balance_cents"].to_list() == [1050, 7000, 123425, 125050]
    assert any("is the sum of the rows" in note for note in found.notes)


def test_a_number_that_is_shown_with_another_currency_goes_back() -> None:
    found = checked(("GC1", (25, "[$USD] 0.00")), ("GC2", (25, "0.00 [$€-40C]")), ("GC3", (25, '"$"0.00')))
    assert found.accepted["number"].to_list() == ["GC2"]
    assert found.findings["code"].to_list() == ["AMOUNT_CURRENCY"] * 2
    assert found.rows.rows_in == found.rows.accepted + found.rows.rejected


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def package(rows: bytes, before: bytes = b"") -> bytes:
    book = (
        b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Target="worksheets/sheet1.xml" Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    )
    return zipped(**{
        "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet1.xml": before + SHEET % rows,
    })  # fmt: skip


TOP = b'<row r="1"><c t="str"><v>Number</v></c><c t="str"><v>Balance</v></c></row>'


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row spans='1:2'\n r='1048576'><c t='n'\n r='xfd1048576'><v>1</v></c></row>",
        b'<x:row xmlns:x="urn:x" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_a_far_cell_is_found_however_its_xml_is_written(row: bytes) -> None:
    with pytest.raises(FileNeedsFixing, match="far from the table"):
        read(package(TOP + row), LIGHTSPEED_X)


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        (TOP + b'<row r="2"><c r="A2" t="s"><v>9</v></c></row>', b""),
        (TOP + b'<row r="2"><c r="??"><v>9</v></c></row>', b""),
        (TOP + b'<row r="x"><c><v>9</v></c></row>', b""),
        (TOP, b'<!DOCTYPE worksheet [<!ENTITY e "x">]>'),
        (TOP + b"<row>", b""),
    ],
)
def test_a_sheet_that_is_not_as_it_must_be_is_damaged(rows: bytes, before: bytes) -> None:
    with pytest.raises(FileNeedsFixing, match="damaged or cut off"):
        read(package(rows, before), LIGHTSPEED_X)


def test_a_formula_without_its_result_is_told() -> None:
    table = read(package(TOP + b'<row><c t="str"><v>GC1</v></c><c><f>1+1</f></c></row>'), LIGHTSPEED_X)
    assert table.findings.select("value", "code").rows() == [("=1+1", "CELL_FORMULA")]


def test_repeats_are_added_up_over_rows_and_cells() -> None:
    kind = 'table:number-columns-repeated="16384" office:value-type="string"'
    wide = f"<table:table-cell {kind}><text:p>x</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="60">{wide}</table:table-row>'
    with pytest.raises(FileNeedsFixing, match="the same cell repeated"):
        read(ods(ods_row("Number", "Balance"), *[row] * 20), LIGHTSPEED_X)


def test_the_grammar_of_formats_knows_days_and_minutes_apart() -> None:
    assert format_of("yyyy-mm-dd hh:mm").sections[0].names_a_day
    assert not format_of("hh:mm:ss").sections[0].names_a_day
    assert not format_of("dd yyyy hh:mm").sections[0].names_a_day


def test_frames_of_numbers_name_lines() -> None:
    table = read(book(HEADINGS, ("x", 1, "2", "2024-01-02", "yes"), ("y", "3", 4, "2024-01-02", "yes")))
    assert {name: lines.to_list() for name, lines in table.numbers.items()} == {"money": [2], "pieces": [3]}
    assert all(lines.dtype == pl.UInt32 for lines in table.numbers.values())
