"""Rows are named as a spreadsheet numbers them, with the line beside where a cell holds line breaks."""

import csv
import io
from datetime import date

import polars as pl
import pytest

from schemas.gift_cards import LIGHTSPEED_X
from schemas.tables import Table
from tasks.core.checking.lost_letters import without_lost_letters
from tasks.core.checking.number_formats import named_format
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.reading.row_numbers import place_on, rows_on, span_on, with_rows
from tasks.core.reading.table import Sizes, read_table
from tasks.core.rejects.file import write_rejects

SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=32_767, max_columns=200)
TWO_LINES = 'Number,Balance,Note\nGC1,1.00,"by hand,\nat noon"\n\nGC2,x,\n'
"""The headings are row 1, GC1 row 2 on lines 2 and 3, a blank row 3 on line 4, GC2 row 4 on line 5."""


def read(text: str) -> tuple[Table, Checked]:
    table = read_table(text.encode(), name="cards", dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=SIZES)
    point, day = named_format("1234.56"), date(2026, 11, 28)
    checked = check_gift_cards(table, currency="EUR", exponent=2, format_choice=point, zero_balances="keep", today=day)
    return table, checked


def error_cells(text: str) -> list[tuple[str, str]]:
    """Return the error and the reference of each row of the rejects file."""
    table, checked = read(text)
    rejects = write_rejects(table, checked.findings, run_id="ab12", dialect=LIGHTSPEED_X).decode()
    rows = [row[-2:] for row in csv.reader(io.StringIO(rejects), delimiter=table.form.separator)]
    return [(error, reference) for error, reference in rows[1:]]


def test_the_row_below_a_cell_of_two_lines_is_told_as_the_spreadsheet_numbers_it() -> None:
    [(error, reference)] = error_cells(TWO_LINES)
    assert error.startswith("row 4 (line 5): Balance 'x': not an amount")
    assert reference == "ab12:5"


def test_a_row_above_such_a_cell_is_told_as_ever() -> None:
    errors = error_cells('Number,Balance,Note\nGC0,y,\nGC1,1.00,"by hand,\nat noon"\nGC2,x,\n')
    assert [error.split("'")[0] for error, _ in errors] == ["Balance ", "row 4 (line 5): Balance "]


@pytest.mark.parametrize(
    ("headings", "place"),
    [("Numéro;Solde;Note", "ligne 3 (ligne 4 du texte) : "), ("Number;Balance;Note", "row 3 (line 4): ")],
)
def test_the_place_is_told_in_the_language_of_the_headings(headings: str, place: str) -> None:
    [(error, _)] = error_cells(f'{headings}\nGC1;1.00;"one\r\ntwo"\nGC2;x;\n')
    assert error.startswith(place)


def test_titles_above_the_headings_are_rows_too() -> None:
    [(error, _)] = error_cells('"Gift cards,\nspring"\nNumber,Balance\nGC2,x\n')
    assert error.startswith("row 3 (line 4): ")


def test_rejects_that_come_from_such_a_file_tell_of_that_file_when_read_again() -> None:
    table, checked = read(TWO_LINES)
    assert with_rows(checked.findings, table.originals)["row"].to_list() == [4]
    again, found = read(write_rejects(table, checked.findings, run_id="ab12", dialect=LIGHTSPEED_X).decode())
    assert "row" not in with_rows(found.findings, again.originals).columns


def test_without_such_cells_rows_are_lines_and_nothing_is_added() -> None:
    table, checked = read("Number,Balance\n\nGC1,x\n")
    assert len(table.originals.records) == 0
    assert with_rows(checked.findings, table.originals).equals(checked.findings)
    assert place_on(table.originals, 3) == "line 3"
    assert rows_on(table.originals, pl.Series([2, 3])).to_list() == [2, 3]


def test_many_rows_are_named_by_their_lines_and_their_rows() -> None:
    table, _ = read(TWO_LINES + "GC3,3.00,\nGC4,4.00,\n")
    assert span_on(table.originals, [5, 6, 7]) == "5-7, in a spreadsheet rows 4-6"
    plain, _ = read("Number,Balance\nGC1,1.00\nGC2,x\n")
    assert span_on(plain.originals, [2, 3]) == "2-3"


def test_letters_that_may_be_lost_are_named_by_row_too() -> None:
    table, _ = read('Number,Balance,Note\nGC1,1.00,"by hand,\nat noon"\nG?C2,2.00,\n')
    [concern] = without_lost_letters(table).concerns
    assert "Number (line 4, in a spreadsheet row 3)" in concern.says


def test_a_total_below_a_cell_of_two_lines_is_named_by_its_row() -> None:
    table, checked = read(TWO_LINES.replace(",x,", ",2.00,") + "Total,5.00,\n")
    assert "row 5 (line 6) is a total of the rows, and none of them" in table.notes
    assert any("the total on row 5 (line 6) is 5.00" in concern.says for concern in checked.concerns)


@pytest.mark.parametrize(
    ("text", "concern"),
    [
        ("Number,Balance,Unit,Note\nGC1,1.00,1,\nGC2,2.00,x 1000,\n", "Unit says 'x 1000' on 1 row (lines 3)"),
        (
            'Number,Balance,Unit,Note\nGC1,1.00,1,"by hand,\nat noon"\nGC2,2.00,x 1000,\n',
            "Unit says 'x 1000' on 1 row (lines 4, in a spreadsheet row 3)",
        ),
        (
            'Number,Balance,Note\nGC1,1.00,"by hand,\nat noon"\n4111111111111111,2.00,\n',
            "1 numbers look like payment cards, such as 4111…1111 (lines 4, in a spreadsheet row 3)",
        ),
    ],
)
def test_a_concern_names_the_rows_of_a_spreadsheet_beside_the_lines_where_they_differ(text: str, concern: str) -> None:
    _, checked = read(text)
    assert [each.says for each in checked.concerns] == [concern]


def test_the_other_copies_of_a_row_are_told_as_the_spreadsheet_numbers_them_in_the_language_of_the_file() -> None:
    errors = error_cells('Numéro;Solde;Note\nGC1;1.00;"par main,\nà midi"\nGC2;2.00;\nGC1;3.00;\n')
    assert "(aussi : ligne 5, dans un tableur ligne 4)" in errors[0][0]
    assert "(aussi : ligne 2)" in errors[1][0]
