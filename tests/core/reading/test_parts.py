"""A file read some rows at a time says what it says when it is read at once."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.customers import LIGHTSPEED_ECOM
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.customers.checks import check_customers
from tasks.core.reading.parts import Parts
from tasks.core.reading.table import joined, read_table
from tests.registers import SIZES, SWEDEN, parts_of

HEADINGS = "Internal ID,Firstname,Lastname,E-mail,Birthdate,VIP,Row reference"
STATES = st.sampled_from(["", "active", "closed", "pending", "03/04/2025", "31/12/2024", "EUR", "USD"])
PEOPLE = st.lists(st.tuples(st.sampled_from("ABCDEF"), STATES, STATES, STATES), min_size=1, max_size=6)

CELLS = st.sampled_from(
    [
        *("", "Ann", "7", "8", "a@example.se", "b@example.se", " A@example.se ", "no address", "x'", '"'),
        *("1970-01-31", "31/12/1970", "03/04/1970", "04/13/1970", "#REF!", "run:7", "run:8", "=1+1"),
        *('"a ""quoted"" cell"', '"two\nlines"', '"two\r\nlines"', "\u00a0Bo", "\ufeffC", "Total"),
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=8).map(",".join), min_size=1, max_size=7)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
LETTERS_AMONG_QUOTES = ['7,"A",B,a@example.se,,x"y,', "8,A,B,b@example.se,,,", '9,A,B,c@example.se,,"z",']


def whole(parts: Parts) -> Table:
    return joined(parts.file, list(parts))


@given(rows=ROWS, newline=NEWLINES, rows_at_once=st.integers(1, 4))
@example(rows=LETTERS_AMONG_QUOTES, newline="\r", rows_at_once=1)
def test_read_in_parts_a_file_says_what_it_says_at_once(rows: list[str], newline: str, rows_at_once: int) -> None:
    content = newline.join([HEADINGS, *rows, ""]).encode()
    try:
        once = read_table(content, name="file", dialect=LIGHTSPEED_ECOM, code_page="windows-1252", sizes=SIZES)
    except FileNeedsFixing:
        return

    parts = parts_of(content, LIGHTSPEED_ECOM, rows_at_once)
    read = whole(parts)

    assert read.cells.equals(once.cells)
    assert read.findings.equals(once.findings)
    assert (read.rows_in, read.repairs, read.references) == (once.rows_in, once.repairs, once.references)
    every = parts.column("email")
    assert parts.column_on(once.cells["line"].head(2), "email").equals(
        every.filter(every["line"].is_in(once.cells["line"].head(2).to_list()))
    )
    readable = every.join(once.cells, on="line", how="semi")
    assert readable.equals(once.cells.select("line", "email"))


@given(rows=ROWS, rows_at_once=st.integers(1, 4))
def test_checked_in_parts_a_file_is_accepted_and_rejected_as_at_once(rows: list[str], rows_at_once: int) -> None:
    content = "\n".join([HEADINGS, *rows, ""]).encode()
    try:
        once, parted = (parts_of(content, LIGHTSPEED_ECOM, height) for height in (100, rows_at_once))
    except FileNeedsFixing:
        return

    expected, checked = (check_customers(parts, SWEDEN, blank_cells="keep") for parts in (once, parted))

    assert checked.accepted.collect().equals(expected.accepted.collect())
    assert checked.findings.equals(expected.findings)
    assert checked.rows == expected.rows
    assert checked.rows.rows_in == checked.rows.accepted + checked.rows.rejected


@given(people=PEOPLE, rows_at_once=st.integers(1, 4))
@example(people=[("A", "active", "closed", ""), ("B", "", "", ""), ("C", "", "pending", "")], rows_at_once=1)
def test_what_columns_beside_ours_say_is_asked_in_parts_as_at_once(
    people: list[tuple[str, ...]], rows_at_once: int
) -> None:
    lines = [f"{number},Bo,{','.join(cells)},p{number}@example.se" for number, cells in enumerate(people, start=1)]
    content = "\n".join(["Internal ID,Firstname,Lastname,Status,Remark,Blocked on,E-mail", *lines, ""]).encode()

    once, parted = (
        check_customers(parts_of(content, LIGHTSPEED_ECOM, height), SWEDEN, blank_cells="keep")
        for height in (100, rows_at_once)
    )

    assert parted.file.concerns == once.file.concerns


def test_a_column_that_the_file_has_not_is_empty() -> None:
    parts = parts_of(b"Firstname,Lastname,E-mail\nA,B,a@example.se\n", LIGHTSPEED_ECOM)

    assert parts.column("born_on").schema == {"line": pl.UInt32, "born_on": pl.String}
    assert parts.column("born_on").is_empty()
