"""A corrected rejects file is what a person would have made of it in a spreadsheet, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.gift_cards import LIGHTSPEED_X
from tasks.core.reading.sizes import Sizes
from tasks.core.rejects.corrections import Correction, RejectsFile, read_rejects, text_of, write_corrected
from tasks.core.writing.files import write_workbook

SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=1000, max_columns=50)
HEADINGS = ("Number", "Balance", "Note", "Error", "Counterfoil row")
TEXT = (
    "Number;Balance;Note;Error;Counterfoil row\r\n"
    '0042;12,5o;"said ""no""; twice";"Balance \'12,5o\': not an amount";"abc123:5"\r\n'
    '\'=1+1;3,00;two words;"Number \'=1+1\'";"abc123:9"\r\n'
)
ALL = (5, 9)


def read(content: bytes, name: str = "rejects.csv") -> RejectsFile:
    return read_rejects(content, name=name, dialect=LIGHTSPEED_X, code_page="cp1252", sizes=SIZES)


def shown(file: RejectsFile) -> dict[int, list[str]]:
    return {row.line: [text_of(cell) for cell in row.cells] for row in file.rows}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_in_which_nothing_was_typed_stays_what_it_was(encoding: str):
    content = TEXT.replace("two words", "två ord").encode(encoding)
    assert write_corrected(read(content), {}, ALL) == content


def test_cells_are_shown_without_what_keeps_them_together_or_from_a_spreadsheet():
    cells = shown(read(TEXT.encode()))
    assert cells[5][:3] == ["0042", "12,5o", 'said "no"; twice']
    assert cells[9][:3] == ["=1+1", "3,00", "two words"]


def test_what_was_typed_stands_in_its_cell_and_the_error_of_its_row_is_gone():
    typed = {5: Correction(cells={1: "12,50"}), 9: Correction(dropped="sold twice")}
    written = write_corrected(read(TEXT.encode()), typed, ALL).decode().splitlines()
    assert written[1] == '0042;12,50;"said ""no""; twice";;"abc123:5"'
    assert written[2] == '\'=1+1;3,00;two words;drop: sold twice;"abc123:9"'


def test_typing_what_stands_there_already_corrects_nothing():
    assert write_corrected(read(TEXT.encode()), {5: Correction(cells={1: "12,5o"})}, ALL) == TEXT.encode()


def test_rows_that_are_no_longer_open_are_left_out():
    assert b"abc123:9" not in write_corrected(read(TEXT.encode()), {}, [5])


def test_letters_that_the_file_had_no_code_for_are_not_lost():
    content = TEXT.replace("two words", "två ord").encode("cp1252")
    written = write_corrected(read(content), {9: Correction(cells={2: "Łódź"})}, ALL)
    assert shown(read(written))[9][2] == "Łódź" and shown(read(written))[5][:2] == ["0042", "12,5o"]


def test_numbers_of_a_workbook_stay_numbers_and_codes_keep_their_zeros():
    rows = [HEADINGS, ["0042", 12.5, "", "wrong", "abc123:5"], ["0043", 3.0, "", "wrong", "abc123:9"]]
    file = read(write_workbook("Cards", rows), "rejects.xlsx")
    again = read(write_corrected(file, {9: Correction(cells={1: "4,00"})}, ALL), "rejects.xlsx")
    assert [row.cells for row in again.rows] == [
        ("0042", 12.5, "", "wrong", "abc123:5"),
        ("0043", "4,00", "", "", "abc123:9"),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1)


@given(typed=CELLS.filter(lambda text: not text.startswith(("'", '="')) and text.strip('"')))
def test_whatever_is_typed_is_what_is_read(typed: str):
    written = write_corrected(read(TEXT.encode()), {5: Correction(cells={2: typed})}, ALL)
    assert shown(read(written))[5][2] == typed and shown(read(written))[9][:3] == ["=1+1", "3,00", "two words"]
