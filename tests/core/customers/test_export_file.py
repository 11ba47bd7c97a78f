"""Exporting a register and importing the file unchanged asks for nothing, whatever the register holds."""

import json
from typing import get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.customers import CUSTOMER_COLUMNS, LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from tasks.core.customers.changes import decide_customer_changes
from tasks.core.customers.checks import BlankCells, CheckedCustomers, check_customers
from tasks.core.customers.export_file import ExportFormat, export_file, left_out
from tests.registers import PEOPLE, SWEDEN, in_short, parts_of, register_of

INVALID = {
    "CELL_CONTROL",
    "CELL_FORMULA",
    "CELL_ERROR",
    "CELL_SCI_NOTATION",
    "CUST_EMAIL_INVALID",
    "CUST_PHONE_INVALID",
}
INVALID |= {"CUST_ENUM", "CUST_DATE", "CUST_DATE_AMBIGUOUS", "CUST_DATE_RANGE", "REF_POSTCODE"}
INVALID |= {"CUST_REQUIRED", "CUST_EMAIL_DUP_FILE"}
"""What may be wrong with a value of the register itself; how it was written to a file is none of it."""

ODD = [
    "",
    " ",
    "x",
    'say "hi"',
    "a,b;c\td",
    '"=1',
    "=1+1",
    " =1",
    "-5",
    "+ 1",
    "'24",
    "''=x",
    "'s-Gravenhage",
    "@a",
    "00123",
]
ODD += [
    "Åsa Öberg",
    "日本",
    "\u00a0x ",
    "\u200b-5",
    '="007"',
    "_x0041_",
    "TRUE",
    "1E5",
    "Total",
    "a\nb",
    "a\r\nb",
    "#N/A",
    "null",
]
TEXT = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
READ_OTHERWISE = {
    "email": ["", " asa@EXAMPLE.se", "bo@example.se", "b.o+x@example.se", "nobody"],
    "phone": ["", "0701234567", "070-123 45 67", "+46701234567", "+46 8 123 456 78", "7"],
    "mobile": ["", "0701234567", "+33612345678"],
    "country": ["", "Sweden", "SE", "sverige ", "FR", "Narnia"],
    "shipping_country": ["", "Suède", "NL"],
    "postcode": ["", "11455", "114 55", "SE-114 55", "75001", "1"],
    "shipping_postcode": ["", "1012ab", "11455"],
    "born_on": ["", "2/4/1988", "25/4/1988", "1988-04-02", "1988-04-02 00:00", "02.04.1988", "1988"],
    "language": ["", "Swedish", "sv-SE", "sv", "xx"],
    "gender": ["", "kvinna", "M", "1", "?"],
    "confirmed": ["", "ja", "Yes", "0"],
}
VALUES = {name: st.sampled_from(READ_OTHERWISE[name]) if name in READ_OTHERWISE else TEXT for name in CUSTOMER_COLUMNS}
HEADINGS = st.sampled_from(
    ["VIP", "Mail;ok", "Company", "=x", "line", "born_on", "Error", "Fel", " ", 'a"b', "VIP (2)", " VIP "]
)
VALUES["extra"] = st.one_of(st.just(""), st.dictionaries(HEADINGS, TEXT, max_size=3).map(json.dumps))
CELL = st.sampled_from([*CUSTOMER_COLUMNS, *["extra"] * 9, *["born_on"] * 4]).flatmap(
    lambda name: st.tuples(st.just(name), VALUES[name])
)
PERSON = st.lists(CELL, min_size=1, max_size=3).map(dict)
"""Few odd cells a person: a row that is rejected for one of many shows nothing of the others."""
REGISTERS = st.lists(PERSON, min_size=1, max_size=5)


def register(people: list[dict[str, str]]) -> pl.DataFrame:
    """Make a register of people who are known by name and address, where they are not said to have others."""
    blank = dict.fromkeys(CUSTOMER_COLUMNS, "")
    rows = [
        {
            "customer_id": str(at),
            **blank,
            "first_name": "Eva",
            "last_name": "Ny",
            "email": f"p{at}@example.se",
            **person,
        }
        for at, person in enumerate(people, 9)
    ]
    return pl.DataFrame(rows)


def back(records: pl.DataFrame, dialect: Dialect, kind: ExportFormat, blank_cells: BlankCells) -> CheckedCustomers:
    content = export_file(records, dialect, PEOPLE, kind)
    return check_customers(parts_of(content, dialect), SWEDEN, blank_cells=blank_cells)


def asked(records: pl.DataFrame, checked: CheckedCustomers, dialect: Dialect) -> list[str]:
    """Say what the file asks of the register it came from."""
    by_email = not dialect.numbers_by_zero
    changes, unchanged = decide_customer_changes(
        checked.accepted, records.lazy(), PEOPLE, SWEDEN, updates_by_email=by_email
    )
    assert changes.height + unchanged == checked.rows.accepted
    return in_short(changes)


@pytest.mark.parametrize("dialect", [TIXLY, LIGHTSPEED_ECOM], ids=lambda dialect: dialect.name)
@given(
    kind=st.sampled_from(get_args(ExportFormat)), people=REGISTERS, blank_cells=st.sampled_from(get_args(BlankCells))
)
def test_exporting_and_importing_unchanged_plans_nothing(
    dialect: Dialect, kind: ExportFormat, people: list[dict[str, str]], blank_cells: BlankCells
) -> None:
    records = register(people)

    checked = back(records, dialect, kind, blank_cells)

    assert checked.rows.rows_in == len(people)
    assert asked(records, checked, dialect) == []
    assert set(checked.findings["code"]) <= INVALID


def asked_of(records: pl.DataFrame, text: str, blank_cells: BlankCells = "keep") -> list[str]:
    return asked(records, check_customers(parts_of(text.encode(), TIXLY), SWEDEN, blank_cells=blank_cells), TIXLY)


def test_a_blank_cell_that_passes_through_is_no_news_for_someone_without_such_a_column() -> None:
    records = register([{"extra": '{"VIP": "gold"}'}, {"extra": ""}])
    file = "CustomerID;Email;VIP\n9;p9@example.se;gold\n10;p10@example.se;\n"
    assert asked_of(records, file) == []


def test_a_blank_cell_that_passes_through_is_kept_or_cleared_like_any_other() -> None:
    records = register([{"extra": '{"VIP":"gold","Note":"x"}'}])
    file = "CustomerID;Email;VIP\n9;p9@example.se;\n"
    assert asked_of(records, file, "keep") == []
    assert asked_of(records, file, "clear") == [
        'update 9 extra {"VIP":"gold","Note":"x"} -> {"VIP":"","Note":"x"}',
    ]


def test_a_date_of_the_register_is_read_by_the_order_of_the_whole_register() -> None:
    records = register([{"born_on": "2/4/1988"}, {"born_on": "25/4/1988"}])
    assert asked_of(records, "CustomerID;Email;DateOfBirth\n9;p9@example.se;1988-04-02\n") == []


def test_blanks_around_a_value_of_the_register_are_no_difference() -> None:
    assert asked_of(register([{"city": " Lund"}]), "CustomerID;Email;City\n9;p9@example.se;Lund\n") == []


def test_a_heading_that_is_called_like_one_of_our_columns_passes_through() -> None:
    assert asked_of(register([{}]), "CustomerID;Email;line;born_on\n9;p9@example.se;;\n") == []


def test_what_a_spreadsheet_would_run_is_marked_and_a_telephone_number_is_not() -> None:
    records = register([{"phone": "+46701234567", "address_2": "-5", "extra": '{"Sum":"=1+1"}'}])
    lines = export_file(records, TIXLY, PEOPLE, "csv").decode().split("\r\n")
    assert lines[0].endswith(";Gender;LanguageId;Sum")
    assert lines[1] == "9;Eva;;Ny;p9@example.se;+46701234567;;;'-5;;;;;;;'=1+1"


def test_columns_that_could_not_be_read_again_are_left_out_and_named() -> None:
    records = register([{"extra": '{"VIP":"1","=x":"2","Fel":"3","line":"4"}'}])
    assert left_out(records, TIXLY) == ["=x", "Fel", "line"]
    assert left_out(records, LIGHTSPEED_ECOM) == ["=x", "Fel", "VIP", "line"]


def test_customers_stand_in_the_order_of_their_numbers() -> None:
    drawn = register_of("customer_id | email\n10 | a@example.se\n9 | b@example.se")
    assert [line.split(";")[0] for line in export_file(drawn, TIXLY, PEOPLE, "csv").decode().split()] == [
        "CustomerID", "9", "10",
    ]  # fmt: skip


UNNUMBERED = """customer_id | first_name | last_name | email
0e1c1e2a-0000-0000-0000-00000000000b | Bo | Ek | bo@x.se
12 | Cy | Un | cy@x.se
0e1c1e2a-0000-0000-0000-00000000000a | Ann | Lee | ann@x.se
7 | Di | Do | di@x.se"""


@pytest.mark.parametrize(("dialect", "blank"), [(TIXLY, "0"), (LIGHTSPEED_ECOM, "")])
def test_an_id_that_is_no_number_of_a_card_is_left_out_and_the_file_still_asks_for_nothing(
    dialect: Dialect, blank: str
) -> None:
    register = register_of(UNNUMBERED)
    exported = export_file(register, dialect, PEOPLE, "csv")
    numbers = [line.split(dialect.separator)[0] for line in exported.decode().splitlines()[1:]]
    assert numbers == ["7", "12", blank, blank]

    checked = check_customers(parts_of(exported, dialect), SWEDEN, blank_cells="keep")
    changes, unchanged = decide_customer_changes(
        checked.accepted.lazy(), register.lazy(), PEOPLE, SWEDEN, updates_by_email=not dialect.numbers_by_zero
    )
    assert (changes.is_empty(), unchanged) == (True, 4)
