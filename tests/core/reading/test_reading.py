"""CSV files as shops really have them -> a Table."""

import csv
import io
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.tables import FileForm, Table, TotalLine
from tasks.core.reading.table import Sizes, read_table

SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=1000, max_columns=20)


def read(content: bytes | str, sizes: Sizes = SIZES) -> Table:
    data = content.encode() if isinstance(content, str) else content
    return read_table(data, name="cards.csv", dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=sizes)


def rows(table: Table) -> list[tuple[Any, ...]]:
    return table.cells.rows()


def found(table: Table) -> list[tuple[Any, ...]]:
    return table.findings.rows()


def originals(table: Table) -> dict[int, str]:
    of = table.originals
    return {
        int(line): of.text[start:end].decode() for line, start, end in zip(of.lines, of.starts, of.ends, strict=True)
    }


@pytest.mark.parametrize(
    "content",
    [
        "Number,Balance\nGC1,5.00\nGC2,7.50\n",
        "Number;Balance\nGC1;5.00\nGC2;7.50",
        "Number\tBalance\r\nGC1\t5.00\r\nGC2\t7.50\r\n",
        "Number|Balance\rGC1|5.00\rGC2|7.50\r",
        '"Number","Balance"\n"GC1","5.00"\n"GC2","7.50"\n',
        "Balance,Note,Number\n5.00,x y,GC1\n7.50,,GC2\n",
        '\ufeffNumber,Balance\nGC1,5.00\n"GC2",7.50\n',
        "Numéro,Solde\nGC1,5.00\nGC2,7.50\n".encode("windows-1252"),
        "\ufeffNumber,Balance\nGC1,5.00\nGC2,7.50\n".encode("utf-16-le"),
    ],
)
def test_the_same_cards_are_read_from_every_form_of_csv(content: bytes | str) -> None:
    table = read(content)
    assert rows(table) == [(2, "GC1", "5.00"), (3, "GC2", "7.50")]
    assert table.cells.schema == pl.Schema({"line": pl.UInt32, "number": pl.String, "balance": pl.String})
    assert (table.rows_in, found(table), len(originals(table))) == (2, [], 2)


def test_codes_that_look_like_something_else_stay_text() -> None:
    table = read("Number,Balance\n00123,5.00\nNA,1.50\nnull,0\n1E5,1\n#1,2\n")
    assert table.cells["number"].to_list() == ["00123", "NA", "null", "1E5", "#1"]


def test_the_form_of_the_file_is_kept() -> None:
    table = read("\ufeffOur gift cards\r\n\r\nNumméro;Solde;Numéro\r\nx;12,50;GC1\r\n")
    assert table.form == FileForm(
        kind="csv",
        headings=("Numméro", "Solde", "Numéro"),
        encoding="utf-8",
        bom=True,
        separator=";",
        newline="\r\n",
        language="fr",
        preamble_lines=2,
    )
    assert table.headings == {"number": "Numéro", "balance": "Solde"}
    assert rows(table) == [(4, "GC1", "12,50")]
    assert table.repairs == {"FILE_BOM": 1}
    assert table.notes == (
        "the headings stand on line 3; what is above them was skipped",
        "columns that are not read: 'Numméro' (FILE_HEADER_UNKNOWN)",
    )


@pytest.mark.parametrize("declaration", ["sep=;", '"sep=;"', "SEP=; "])
def test_a_declared_separator_is_honoured(declaration: str) -> None:
    table = read(f"{declaration}\nNumber;Balance\nGC1;1,5\n")
    assert (table.form.separator, rows(table)) == (";", [(3, "GC1", "1,5")])


def test_the_code_page_is_named_in_the_notes() -> None:
    table = read("Numéro,Solde\nGC1,5\n".encode("windows-1252"))
    assert table.notes == ("read as windows-1252: the file is neither marked nor UTF-8 (FILE_ENCODING)",)


def test_lines_are_right_below_cells_with_newlines_and_blank_rows() -> None:
    table = read('Number,Note,Balance\nGC1,"two\nlines",5\n\n , ,\n"GC\n2",x,6\nGC3,"a ""b"", c",7\n\n,,\n""\n')
    assert rows(table) == [(2, "GC1", "5"), (6, "GC\n2", "6"), (8, "GC3", "7")]
    assert originals(table) == {2: 'GC1,"two\nlines",5', 6: '"GC\n2",x,6', 8: 'GC3,"a ""b"", c",7'}
    assert table.repairs == {"FILE_BLANK_ROW": 2, "FILE_TRAILING_BLANK": 3}
    assert table.rows_in == 3


def test_mixed_newlines_are_repaired_and_counted() -> None:
    table = read('Number,Balance\r\nGC1,5\rGC2,6\n"GC\r3",7\r\n')
    assert rows(table) == [(2, "GC1", "5"), (3, "GC2", "6"), (4, "GC\r3", "7")]
    assert (table.form.newline, table.repairs) == ("\r\n", {"FILE_NEWLINE": 2})


def test_rows_of_a_wrong_width_are_found_and_kept_out() -> None:
    table = read("Number,Balance\nGC1,5\nGC2\nGC3,1,250\nGC4,6,,\nGC5,7, \n" + "x" * 100 + "\n" + 'GC6,8,"",\n')
    assert rows(table) == [(2, "GC1", "5"), (5, "GC4", "6"), (6, "GC5", "7")]
    assert found(table) == [
        (3, "", "GC2", "FILE_ROW_WIDTH", "1 cell where the headings have 2"),
        (4, "", "GC3,1,250", "FILE_ROW_WIDTH", "3 cells where the headings have 2"),
        (7, "", "x" * 80, "FILE_ROW_WIDTH", "1 cell where the headings have 2"),
        (8, "", 'GC6,8,"",', "FILE_ROW_WIDTH", "4 cells where the headings have 2"),
    ]
    assert (table.rows_in, table.repairs) == (7, {"FILE_ROW_PADDING": 2})
    assert originals(table)[4] == "GC3,1,250"


def test_a_missing_cell_is_let_pass_where_nobody_reads_it() -> None:
    table = read("Number,Balance,Error\nGC1,5\nGC2,6,was wrong\n")
    assert (rows(table), found(table)) == ([(2, "GC1", "5"), (3, "GC2", "6")], [])


def test_quotes_within_a_cell_are_letters() -> None:
    table = read('Number,Note,Balance\n="00123",5" card,1\n"GC2","a\nb",2\n"GC3"x, "y",3\n')
    assert rows(table) == [(2, "00123", "1"), (3, "GC2", "2"), (5, '"GC3"x', "3")]
    assert originals(table)[2] == '="00123",5" card,1'
    assert table.repairs == {"CELL_TEXT_FORMULA": 1}


def test_cells_are_trimmed_and_each_repair_is_counted() -> None:
    table = read(
        'Number,Balance\n GC1,5\t\n\u00a0GC2 ,6\u202f\nG\u200bC3,7\n\'00123,\'=1\n"=""00456""",8\n\'x y,é\nG\tC,\x01\n'
    )
    assert rows(table) == [
        (2, "GC1", "5"),
        (3, "GC2", "6"),
        (4, "GC3", "7"),
        (5, "00123", "=1"),
        (6, "00456", "8"),
        (7, "'x y", "é"),
        (8, "G\tC", "\x01"),
    ]
    assert table.repairs == {"CELL_TRIM": 2, "CELL_NBSP": 3, "CELL_APOSTROPHE": 2, "CELL_TEXT_FORMULA": 1}


def test_spreadsheet_errors_are_found_in_the_columns_that_are_read() -> None:
    table = read("Number,Balance,Note\n#SAKNAS!,5,\nGC2,#ref!,\n#####,#N/A,\nGC4,1,#N/A\n")
    assert rows(table) == [(5, "GC4", "1")]
    assert [row[:4] for row in found(table)] == [
        (2, "Number", "#SAKNAS!", "CELL_ERROR"),
        (3, "Balance", "#ref!", "CELL_ERROR"),
        (4, "Number", "#####", "CELL_ERROR"),
        (4, "Balance", "#N/A", "CELL_ERROR"),
    ]
    assert table.rows_in == 4


@pytest.mark.parametrize(
    ("last", "text"),
    [
        ("Total,15.00", "Total | 15.00"),
        (" TOTALT: ,15", "TOTALT: | 15"),
        ("Total", "Total"),
        ("Grand total,,,", "Grand total |  |  | "),
        (",Summa", "| Summa"),
        ("Total,15.00\n,\n\n", "Total | 15.00"),
        ("Total,15.00\nGC9,1\nGC8,1", "Total | 15.00"),
    ],
)
def test_a_total_line_is_set_aside(last: str, text: str) -> None:
    table = read(f"Number,Balance\nGC1,5\nGC2,10\n{last}\n")
    assert table.total_line == TotalLine(line=4, text=text if not text.startswith("|") else " " + text)
    assert rows(table)[:2] == [(2, "GC1", "5"), (3, "GC2", "10")]
    assert (table.rows_in, 4 in originals(table)) == (table.cells.height, False)


def test_a_row_without_number_is_no_total_line_and_a_total_among_the_rows_is_no_row() -> None:
    table = read("Number,Balance\nTotal,5\nGC1,1\nGC2,2\nGC3,3\n,15\n")
    assert (table.total_line, table.cells["number"].to_list()) == (None, ["GC1", "GC2", "GC3", ""])
    assert table.findings.select("line", "value", "code").rows() == [(2, "Total", "FILE_TOTAL_ROW")]


def test_the_row_references_of_an_earlier_rejects_file_are_kept_by_line() -> None:
    table = read("Number,Balance,Error,Counterfoil row\nGC1,5,was wrong,r-17\nGC2,6,,\nGC3,7,, r-19\n")
    assert table.references == {2: "r-17", 4: "r-19"}
    assert table.notes == ("'Error' is taken for the error column of an earlier rejects file and is not read",)
    assert table.cells.columns == ["line", "number", "balance"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "cards.csv is empty"),
        (b"\n\n", "there is no heading row"),
        (b"Number,Balance\n", "holds headings but no rows"),
        (b"Number,Balance\n,\n\nTotal,0\n", "holds headings but no rows"),
        (b"Number,Balence\nGC1,5\n", "line 1: 'Balence' is not a heading we know; did you mean 'Balance'"),
        (b"Number;Balence\nGC1;5\n", "line 1: 'Balence' is not a heading we know; did you mean 'Balance'"),
        (b"Number\nGC1\n", "line 1: the heading 'Balance' is missing"),
        (b"GC1,5\nGC2,6\n", "there is no heading row"),
        (b"\n" * 20 + b"Number,Balance\nGC1,5\n", "there is no heading row"),
        (b'Number,Balance\nGC1,5\n"GC2,6\nGC3,7\n', "line 3: a quote opens a cell"),
        (b"Number,Balance\nGC1,5\x00\n", "line 2 holds a NUL byte"),
        (b"%PDF-1.7\n", "it seems to be a PDF document"),
        (b"\x89PNG\r\n", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"\n <HTML><table><tr><td>Number", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "an XML file"),
        (b"PK\x03\x04 but nothing else", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 but nothing else", r"an old Excel workbook \(.xls\)"),
        (b"Number,Balance" + b",x" * 19 + b"\nGC1,5\n", "line 1: 21 columns where 20 are allowed"),
        (b"Number,Balance,Note\nGC1,5,\nGC2,6," + b"x" * 1001 + b"\n", "line 3: a cell is longer than 1,000"),
        (b'Number,Balance,Note\n"GC1",5,"' + b"a,\n" * 400 + b'"\n', "line 2: a cell is longer than 1,000"),
        (b"x" * 500_000, "line 1: a cell is longer than 1,000"),
        (b"x" * (2**20 + 1), "too large: 1,048,577 bytes where 1,048,576 are allowed"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        read(content)


def test_a_long_row_of_short_cells_is_no_long_cell() -> None:
    table = read("Number,Balance,a,b\nGC1,5," + "é" * 999 + "," + "x" * 999 + "\n")
    assert rows(table) == [(2, "GC1", "5")]


BLANKS = " \t\n\r\x0b\x0c\u00a0"
CELLS = st.text(alphabet="aZ09é€,;\t|\"'\n\r ", max_size=8).filter(
    lambda text: text.strip(BLANKS)[:1] not in ("'", "=")
)


def says_otherwise_in_utf8(content: bytes, text: str) -> bool:
    """Tell whether bytes happen to be UTF-8, and then say something else: nobody can tell which was meant."""
    try:
        return content.decode() != text
    except UnicodeDecodeError:
        return False


TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)


@given(
    cells=TABLES,
    separator=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_pythons_csv_module_writes_is_read_back_with_the_right_lines(
    cells: list[tuple[str, str, str]], separator: str, newline: str, encoding: str, quoting: Any
) -> None:
    if any(mark in cell for row in cells for cell in row for mark in "\r\n"):
        quoting = csv.QUOTE_ALL  # the module forgets to quote a newline that is not the file's own
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator=newline, quoting=quoting)
    writer.writerow(("Note", "Number", "Balance"))
    expected: list[tuple[int, str, str]] = []
    for note, number, balance in [*cells, ("", "END", "1")]:
        line = len(file.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        writer.writerow((note, number, balance))
        if (note + number + balance).strip(BLANKS):
            expected.append((line, number.strip(BLANKS), balance.strip(BLANKS)))
    content = file.getvalue().encode(encoding)
    assume(encoding != "windows-1252" or not says_otherwise_in_utf8(content, file.getvalue()))
    table = read(content)
    assert rows(table) == expected
    assert (found(table), table.rows_in) == ([], len(expected))


@pytest.mark.slow
def test_a_large_file_with_newlines_in_its_cells_is_read_whole() -> None:
    text = "Number,Note,Balance\n" + "".join(f'GC{i:06d},"a\n""b"", c\n",{i}\n' for i in range(200_000))
    table = read(text, Sizes(max_file_bytes=2**30, max_cell_chars=1000, max_columns=20))
    assert table.cells.row(-1) == (2 + 3 * 199_999, "GC199999", "199999")
    assert table.cells.height == 200_000
