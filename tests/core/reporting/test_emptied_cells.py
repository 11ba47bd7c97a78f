"""A cell that a change empties is said to be empty: a blank beside the old value may be overlooked."""

import openpyxl
import pytest

from tasks.core.reporting.page import render_xlsx
from tasks.core.reporting.rows import pick_changes, shown_changes, shown_columns
from tests.core.reporting.test_rendering import workbook
from tests.registers import plan, register_of
from tests.reports import MESSY, NO_REJECTS

BEFORE = register_of("""
    customer_id | first_name | last_name | email          | city  | region
    1           | Åsa        | Öberg     | asa@example.se | Malmö |
""")
FILE = "CustomerID | FirstName | LastName | Email | City | Phone\n1 | Åsa | Öberg | asa@example.se | | 0701234567"


@pytest.fixture
def changes():
    return plan(FILE, BEFORE, "tixly", "clear")[0]


def test_in_the_table_of_changes(changes):
    (row,) = shown_changes(pick_changes(changes, 10), shown_columns(changes)).rows(named=True)
    assert (row["city_before"], row["city_after"]) == ("Malmö", "(empty)")
    assert (row["phone_before"], row["phone_after"]) == ("", "+46701234567")


def test_in_the_workbook(changes):
    book: openpyxl.Workbook = workbook(render_xlsx(MESSY, changes, NO_REJECTS))
    headings, row = list(book["Changes"].iter_rows(values_only=True))[:2]
    shown = dict(zip(headings, row, strict=True))
    assert (shown["City before"], shown["City after"], shown["Phone after"]) == ("Malmö", "(empty)", "+46701234567")
