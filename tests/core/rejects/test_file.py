"""Rejects go back the way the file came, and coming back unchanged they are the same rejects."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schemas.gift_cards import LIGHTSPEED_X
from schemas.tables import FINDINGS_SCHEMA, FileForm, Originals, Table
from tasks.core.checking.number_formats import named_format
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.reading.table import Sizes, read_table
from tasks.core.rejects.file import write_rejects
from tests.examples import costly
from tests.tables import gift_card_table

SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=32_767, max_columns=200)


def read(content: bytes) -> tuple[Table, Checked]:
    table = read_table(content, name="cards", dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=SIZES)
    point = named_format("1234.56")
    return table, check_gift_cards(
        table, currency="EUR", exponent=2, format_choice=point, zero_balances="keep", today=date(2026, 11, 28)
    )


def rejects_of(content: bytes) -> bytes:
    table, checked = read(content)
    return write_rejects(table, checked.findings, run_id="ab12", dialect=LIGHTSPEED_X)


def rejects_text(text: str) -> str:
    return rejects_of(text.encode()).decode()


def test_a_rejected_row_comes_back_untouched_with_its_error_and_its_reference() -> None:
    assert rejects_text('Balance,Number,Note\n12.50,GC1,a\n "12,5o" ,GC2,"b ""c"""\n') == (
        "Balance,Number,Note,Counterfoil surplus,Error,Counterfoil row\n"
        ' "12,5o" ,GC2,"b ""c""",'
        '"the row has more or fewer cells than there are headings (4 cells where the headings have 3); '
        'put every cell in its column","ab12:3"\n'
    )


def test_all_messages_of_a_row_stand_in_one_cell() -> None:
    assert rejects_text("Number,Balance\nGC-1,12.5o\n") == (
        "Number,Balance,Error,Counterfoil row\n"
        "GC-1,12.5o,\"Number 'GC-1': a card number has letters A-Z and digits only (it holds '-'); "
        'write it as printed on the card; Balance \'12.5o\': not an amount; write it like 12.50","ab12:2"\n'
    )


def test_separator_encoding_line_ends_and_language_are_those_of_the_file() -> None:
    content = "Numéro;Solde\r\nGé1;5.00\r\nGC2;5.00\r\n".encode("cp1252")
    assert rejects_of(content) == (
        "Numéro;Solde;Erreur;Counterfoil row\r\n"
        "Gé1;5.00;\"Numéro 'Gé1': un numéro n'a que des lettres A-Z et des chiffres (contient 'é'); "
        'écrivez-le comme sur la carte";"ab12:2"\r\n'
    ).encode("cp1252")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_comes_back(encoding) -> None:
    content = "Number,Balance\nGC1,x\n".encode(encoding)
    assert rejects_of(content)[:3] == content[:3]
    assert rejects_of(content).decode(encoding).startswith("Number,Balance,Error,Counterfoil row\nGC1,x,")


def test_a_character_of_ours_that_the_encoding_does_not_have_becomes_a_question_mark() -> None:
    form = FileForm(kind="csv", headings=("Number", "Balance"), encoding="cp1252")
    table = gift_card_table("line | number | balance\n2 | GC1 | 5", form=form)
    finding = pl.DataFrame([(2, "Number", "中", "GIFT_NUMBER_CHARS", "")], schema=FINDINGS_SCHEMA, orient="row")
    written = write_rejects(table, finding, run_id="ab12", dialect=LIGHTSPEED_X)
    assert b"\nGC1,5,\"Number '?': a card number" in written


def test_an_earlier_error_is_replaced_and_not_repeated() -> None:
    first = rejects_of(b"Number,Note,Balance\nGC1,,1.00\nGC-2,n,x\nGC3,,y,z\nGC4,,7.00\n")
    second = rejects_of(first)
    assert second.decode().splitlines()[0] == "Number,Note,Balance,Counterfoil surplus,Error,Counterfoil row"
    assert second.decode() == first.decode().replace('"ab12:3"', '"ab12:2"').replace('"ab12:4"', '"ab12:3"').replace(
        "4 cells where the headings have 3", "'Counterfoil surplus' still holds cells"
    )


def test_an_earlier_error_column_may_stand_anywhere() -> None:
    assert rejects_text("Fel,Number,Balance\nold,GC-1,5\n").startswith("Number,Balance,Fel,Counterfoil row\nGC-1,5,")


def test_a_short_row_is_filled_up_so_that_the_error_stands_under_its_heading() -> None:
    rows = list(csv.reader(io.StringIO(rejects_text("Number,Note,Balance\nGC1\n"))))
    assert [len(row) for row in rows] == [5, 5]
    assert rows[1][:3] == ["GC1", "", ""]


@pytest.mark.parametrize(
    ("row", "surplus"),
    [("GC1,1,234.50", "234.50"), ("GC1,1,2,345.50", "2,345.50"), ('GC1,1,"a,""b""",', 'a,"b",'), ("GC1,1, =2", " '=2")],
)
def test_surplus_cells_travel_in_one_cell_of_their_own(row, surplus) -> None:
    headings, back = csv.reader(io.StringIO(rejects_text(f"Number,Balance\n{row}\n")))
    cells_back = dict(zip(headings, back, strict=True))
    assert (cells_back["Number"], cells_back["Balance"], cells_back["Counterfoil surplus"]) == ("GC1", "1", surplus)
    assert cells_back["Error"].startswith("the row has more")


def test_a_row_of_a_rejects_file_that_is_too_wide_loses_no_cell() -> None:
    back = rejects_text('Number,Balance,Error,Counterfoil row\nGC1,1,250.00,"was wrong",ab12:2\n')
    assert back.splitlines()[1].startswith("GC1,1,250.00,")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-5.00", "'-5.00"),
        ("+5", "'+5"),
        (" \t=1+1", " \t'=1+1"),
        ('"=HYPERLINK(""x"")"', '"\'=HYPERLINK(""x"")"'),
        ("1=1", "1=1"),
        ("'=1+1", "'=1+1"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell, written) -> None:
    assert rejects_text(f"Number,Balance,Note\nGC-1,5,{cell}\n").splitlines()[1].startswith(f"GC-1,5,{written},")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_such_cell_of_a_row_gets_one(separator) -> None:
    rows = [["Number", "Balance", "Note", "More"], ["=1", "5x", "", " =2"], ["@a", "", "=", "=b"]]
    text = "".join(separator.join(row) + "\n" for row in rows)
    cells = [line.split(separator)[:4] for line in rejects_text(text).splitlines()[1:]]
    assert cells == [["'=1", "5x", "", " '=2"], ["'@a", "", "'=", "'=b"]]


def test_a_cell_with_a_line_break_keeps_its_row_together() -> None:
    table, checked = read(b'Number,Balance,Note\n"GC\n1",5,\n"GC2",x,"two\nlines"\n')
    rows = list(
        csv.reader(io.StringIO(write_rejects(table, checked.findings, run_id="r", dialect=LIGHTSPEED_X).decode()))
    )
    assert [(row[0], row[1], row[2], row[4]) for row in rows[1:]] == [
        ("GC\n1", "5", "", "r:2"),
        ("GC2", "x", "two\nlines", "r:4"),
    ]


def workbook_table(findings: list[tuple[object, ...]], **form: str) -> Table:
    return gift_card_table(
        "line | number | balance\n2 | GC1 | 5",
        form=FileForm(kind="ods", headings=("Number", "Balance"), **form),
        originals=Originals(lines=[2, 3, 5], rows=[["GC1", "5"], ["00123", "=1+1"], ["1234567890123456000", "7"]]),
        findings=pl.DataFrame(findings, schema=FINDINGS_SCHEMA, orient="row"),
        rows_in=3,
    )


FORMULA = (3, "Balance", "=1+1", "CELL_FORMULA", "")
LOST = (5, "Number", "1234567890123456000", "CELL_PRECISION_LOST", "")


def test_rejects_of_a_workbook_are_a_workbook_of_text() -> None:
    table = workbook_table([FORMULA], sheet="Cartes: [2026]")
    content = write_rejects(table, table.findings, run_id="ab12", dialect=LIGHTSPEED_X)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Cartes   2026 "]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Number", "Balance", "Error", "Counterfoil row"],
        [
            "00123",
            "=1+1",
            "Balance '=1+1': begins like a formula; write the value itself, without = + - @ before it",
            "ab12:3",
        ],
    ]


def test_a_number_with_lost_digits_does_not_come_back_as_a_good_one() -> None:
    table = workbook_table([LOST])
    again, checked = read(write_rejects(table, table.findings, run_id="ab12", dialect=LIGHTSPEED_X))
    assert checked.findings.select("line", "code").rows() == [(2, "CELL_PRECISION_LOST")]
    assert dict(again.references) == {}


@pytest.mark.parametrize("findings", [[FORMULA, LOST]])
def test_the_same_rejects_are_the_same_bytes(findings) -> None:
    table = workbook_table(findings)
    first, second = (write_rejects(table, table.findings, run_id="ab12", dialect=LIGHTSPEED_X) for _ in range(2))
    assert first == second


cells = st.text(alphabet="G1é =+-@'\",;\n\t.0", max_size=6)
rows = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6)


def written_as_csv(rows, separator: str, newline: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows([("Number", "Balance", "Note"), *rows])
    return text.getvalue().encode(encoding)


def codes(checked: Checked) -> list[list[str]]:
    """Return the codes of each rejected row, in the order of the rows."""
    return checked.findings.group_by("line", maintain_order=True).agg(pl.col("code"))["code"].to_list()


@costly
@given(
    rows, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
)
def test_rejects_sent_back_unchanged_are_the_same_rejects(rows, separator, newline, encoding) -> None:
    content = written_as_csv([*rows, ("GC", "1", "")], separator, newline, encoding)
    _, first = read(content)
    if first.rows.rejected:
        sent_back = rejects_of(content)
        table, second = read(sent_back)
        assert codes(second) == codes(first)
        assert second.rows.accepted == 0
        assert sorted(table.references.values()) == sorted(f"ab12:{line}" for line in set(first.findings["line"]))
        assert rejects_of(sent_back).splitlines()[0] == sent_back.splitlines()[0]


long_row = st.tuples(cells, cells, cells, st.just("x"), cells)


@given(st.lists(long_row, min_size=1, max_size=4))
def test_long_rows_sent_back_unchanged_are_the_same_rejects(rows) -> None:
    content = written_as_csv([*rows, ("GC", "1", "")], ";", "\n", "utf-8")
    first, second = read(content)[1], read(rejects_of(content))[1]
    assert codes(first) == codes(second) == [["FILE_ROW_WIDTH"]] * len(rows)
