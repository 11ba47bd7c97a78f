"""What was rejected and not changed by a person stays rejected, whatever a spreadsheet did to the file on the way."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.customers import TIXLY
from schemas.domain import Dialect
from schemas.gift_cards import LIGHTSPEED_X
from schemas.tables import Dropped
from tasks.core.checking.number_formats import named_format
from tasks.core.customers.checks import check_customers
from tasks.core.gift_cards.checks import check_gift_cards
from tasks.core.reading.parts import in_parts
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import find_rows, to_table
from tasks.core.rejects.file import write_rejects
from tasks.core.rejects.returned_rows import Answered, as_rejected, came_back, judge_returned
from tasks.core.writing.files import write_workbook
from tests.examples import costly
from tests.registers import SWEDEN

SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=32_767, max_columns=200)

TODAY = date(2026, 11, 28)
Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of a file: what was found in its rows, those accepted, and those dropped."""

    accepted: pl.DataFrame
    findings: pl.DataFrame
    dropped: tuple[Dropped, ...]
    rejects: bytes


def find(content: bytes, dialect: Dialect) -> RawRows:
    return find_rows(content, name="file", dialect=dialect, code_page="windows-1252", sizes=SIZES)


def take_in(raw: RawRows, dialect: Dialect, number_format: str = "auto") -> Came:
    if dialect is LIGHTSPEED_X:
        table = to_table(raw, dialect)
        choice = named_format(number_format)  # type: ignore[arg-type]
        checked = check_gift_cards(
            table, currency="EUR", exponent=2, format_choice=choice, zero_balances="reject", today=TODAY
        )
        accepted, findings = checked.accepted, checked.findings
    else:
        people = check_customers(in_parts(raw, dialect, name="file"), SWEDEN, blank_cells="keep")
        accepted, findings, table = people.accepted.collect(), people.findings, people.file
    rejects = write_rejects(table, findings, run_id="ab12", dialect=dialect) if findings.height else b""
    return Came(accepted=accepted, findings=findings, dropped=raw.dropped, rejects=rejects)


def first(content: bytes, dialect: Dialect = LIGHTSPEED_X) -> Came:
    return take_in(find(content, dialect), dialect)


def again(content: bytes, came: Came, dialect: Dialect = LIGHTSPEED_X, number_format: str = "auto") -> Came:
    """Take *content* in, which comes back of the rejects of what *came*."""
    raw = find(content, dialect)
    earlier = as_rejected(find(came.rejects, dialect), came.findings, "ab12")
    named = number_format != "auto"
    answered = Answered(cells=frozenset({"AMOUNT_AMBIGUOUS"}) if named else frozenset())
    return take_in(judge_returned(raw, came_back(raw), [earlier], answered=answered), dialect, number_format)


def codes(came: Came) -> list[list[str]]:
    return came.findings.group_by("line", maintain_order=True).agg("code")["code"].to_list()


def cells_in(content: bytes) -> Rows:
    text = content.decode("utf-8-sig")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def as_csv(rows: Rows, separator: str = ",", mark: str = "") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return (mark + text.getvalue()).encode()


def rectangle(rows: Rows) -> Rows:
    width = max(map(len, rows)) + 1
    return [[*row, *[""] * (width - len(row))] for row in rows]


def shortened(cell: str) -> str:
    """Write a number as a spreadsheet does that reads points as decimal signs."""
    try:
        return f"{float(cell.replace(',', '')):.15g}"
    except ValueError:
        return cell


def with_comma(cell: str) -> str:
    return shortened(cell).replace(".", ",") if shortened(cell) != cell else cell


def numbers(rows: Rows, write: Callable[[str], str]) -> Rows:
    return [rows[0], *[[write(cell) if cell[:1].isdigit() else cell for cell in row] for row in rows[1:]]]


SAVES: dict[str, Callable[[Rows], bytes]] = {
    "commas": as_csv,
    "a rectangle": lambda rows: as_csv(rectangle(rows)),
    "semicolons": lambda rows: as_csv(rectangle(rows), ";"),
    "tabs and a mark": lambda rows: as_csv(rows, "\t", "\ufeff"),
    "numbers of its own": lambda rows: as_csv(numbers(rows, shortened)),
    "numbers with a comma": lambda rows: as_csv(numbers(rectangle(rows), with_comma), ";"),
    "a workbook": lambda rows: write_workbook("Rejects", rows),
}

cell = st.one_of(
    st.text(alphabet="G1é =+-@'\",;\t.0", max_size=6),
    st.sampled_from(["1,234", "1.234", "12,50", "0012", "=1", "GC1", "€5", "12.5o", "2024-03-04", "99"]),
)
wild_row = st.lists(cell, min_size=1, max_size=5)


@costly
@given(st.lists(wild_row, min_size=1, max_size=6), st.sampled_from(",;\t"), st.sampled_from(["as it is", *SAVES]))
def test_no_card_goes_in_that_nobody_changed(rows: Rows, separator: str, how: str) -> None:
    came = first(as_csv([["Number", "Balance", "Note"], *rows, ["GC99", "1.00", ""]], separator))
    if came.rejects:
        sent = came.rejects if how == "as it is" else SAVES[how](cells_in(came.rejects))
        assert again(sent, came).accepted.is_empty()


names = st.sampled_from(["Bo", "Åsa", "", "Ek"])
person = st.tuples(
    st.sampled_from(["0", "7", "12", "x"]),
    names,
    names,
    st.sampled_from(["bo@kund.se", "asa@kund.se", "", "kund"]),
    st.sampled_from(["03/04/1988", "1988-04-02", "13/04/1988", "", "88"]),
    st.sampled_from(["Lund", "Lu", ""]),
)


@costly
@given(st.lists(st.tuples(person, st.integers(1, 7)), min_size=1, max_size=6), st.sampled_from(["as it is", *SAVES]))
def test_no_customer_goes_in_whom_nobody_changed(people: list[tuple[tuple[str, ...], int]], how: str) -> None:
    rows = [list(each[:cut]) for each, cut in people]
    headings = ["CustomerID", "FirstName", "LastName", "Email", "DateOfBirth", "City"]
    came = first(as_csv([headings, *rows], ";"), TIXLY)
    if came.rejects:
        sent = came.rejects if how == "as it is" else SAVES[how](cells_in(came.rejects))
        assert again(sent, came, TIXLY).accepted.is_empty()


def corrected(came: Came, *changes: tuple[int, str, str]) -> bytes:
    """Return the rejects with some cells changed: (row from 1, heading, what a person writes)."""
    rows = cells_in(came.rejects)
    for row, heading, text in changes:
        rows[row][rows[0].index(heading)] = text
    return as_csv(rows)


CARDS = b"Number,Balance\nGC1,1,250.00\nGC-2,5.00\nGC3,12.5o\n0012,7,50\nGC4,1.234\nGC4,8.00\n"


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ([], []),
        ([(2, "Number", "GC2")], ["GC2"]),
        ([(3, "Balance", "12.50")], ["GC3"]),
        ([(1, "Balance", "1250.00")], []),
        ([(1, "Balance", "1250.00"), (1, "Counterfoil surplus", "")], ["GC1"]),
        ([(1, "Counterfoil surplus", "")], ["GC1"]),
        ([(1, "Error", "")], []),
        ([(5, "Number", "GC5")], ["GC4"]),
        ([(2, "Number", "GC2"), (2, "Counterfoil row", "250.00")], []),
        ([(2, "Number", "GC2"), (2, "Counterfoil row", "ab12:77")], []),
        ([(2, "Number", "GC2"), (2, "Counterfoil row", "")], ["GC2"]),
        ([(2, "Counterfoil row", "")], []),
        ([(2, "Number", "GC2"), (2, "Error", "")], ["GC2"]),
        ([(4, "Number", "12"), (4, "Counterfoil surplus", ""), (4, "Balance", "7.50")], []),
        ([(4, "Number", "12"), (4, "Counterfoil surplus", ""), (4, "Balance", "7.50"), (4, "Error", "")], ["12"]),
    ],
)
def test_a_row_goes_in_when_a_person_changed_it(changes: Sequence[tuple[int, str, str]], accepted: list[str]) -> None:
    came = first(CARDS)
    back = again(corrected(came, *changes), came, number_format="1234.56")
    assert back.accepted["number"].to_list() == sorted(accepted, key=accepted.index)


def test_of_two_rows_that_are_twice_there_one_may_stay_as_it_is() -> None:
    came = first(b"Number,Balance\nGC1,10.00\nGC1,20.00\n")
    rows = cells_in(came.rejects)
    assert again(as_csv(rows), came).accepted.is_empty()
    assert again(as_csv(rows[:2]), came).accepted["number"].to_list() == ["GC1"]


def test_an_ambiguous_amount_goes_in_as_it_is_when_the_format_is_named_and_no_spreadsheet_touched_it() -> None:
    came = first(b'Number,Balance\nGC1,"1,234"\n')
    assert codes(came) == [["AMOUNT_AMBIGUOUS"]]
    assert again(came.rejects, came, number_format="1,234.56").accepted["balance_cents"].to_list() == [123400]
    touched = corrected(came, (1, "Balance", "1234"))
    assert codes(again(touched, came, number_format="1,234.56")) == [["FILE_ROW_UNCHANGED"]]
    meant = corrected(came, (1, "Balance", "1234"), (1, "Error", ""))
    assert again(meant, came).accepted["balance_cents"].to_list() == [123400]


@pytest.mark.parametrize("word", ["drop", "Drop ", "stryk", "retirer", "schrappen"])
def test_a_row_whose_error_cell_says_so_is_dropped_with_its_reason(word: str) -> None:
    came = first(b"Number,Balance\nGC-1,5.00\nGC-2,5.00\nGC3,1,250.00\n")
    back = again(corrected(came, (1, "Error", f"{word}: not ours"), (3, "Error", f"{word}:twice")), came)
    drops = [(row.line, row.reference, row.reason) for row in back.dropped]
    assert drops == [(2, "ab12:2", "not ours"), (4, "ab12:4", "twice")]
    assert back.findings["line"].unique().to_list() == [3]


@pytest.mark.parametrize("error", ["drop", "drop:", "drop: "])
def test_without_a_reason_nothing_is_dropped_and_nothing_goes_in(error: str) -> None:
    came = first(b"Number,Balance\nGC-1,5.00\n")
    back = again(corrected(came, (1, "Error", error), (1, "Number", "GC1")), came)
    assert (back.dropped, codes(back)) == ((), [["FILE_ROW_UNCHANGED"]])


def test_a_row_to_drop_that_does_not_say_which_it_was_goes_nowhere() -> None:
    came = first(b"Number,Balance\nGC-1,5.00\n")
    sent = corrected(came, (1, "Error", "drop: gone"), (1, "Counterfoil row", ""), (1, "Number", "GC1"))
    assert codes(again(sent, came)) == [["FILE_ROW_REFERENCE"]]


def test_digits_that_a_workbook_lost_do_not_come_back_as_text() -> None:
    came = first(b"Number,Balance\n1234567890123456,5o\n")
    rows = cells_in(corrected(came, (1, "Number", "1234567890123450")))
    assert again(as_csv(rows), came).accepted.is_empty()


def test_a_row_filled_up_says_why_it_was_rejected_however_often_it_comes_back() -> None:
    came = first(b"CustomerID;FirstName;LastName;Email;City;Notes\n2;Bo;Ek;bo@kund.se;Lu\n", TIXLY)
    second = again(came.rejects, came, TIXLY)
    third = again(second.rejects, second, TIXLY)
    assert [codes(each) for each in (came, second, third)] == [
        [["FILE_ROW_WIDTH"]],
        [["FILE_ROW_UNCHANGED"]],
        [["FILE_ROW_UNCHANGED"]],
    ]
    assert third.findings["detail"].item() == second.findings["detail"].item()
    assert "the row has more or fewer cells" in third.findings["detail"].item()
