"""Files of the field that are workbooks, or that reading must not take as they stand: each with its right value."""

from datetime import date
from pathlib import Path

import pytest

from schemas.customers import TIXLY
from schemas.domain import Dialect
from schemas.gift_cards import LIGHTSPEED_X
from schemas.orders.files import WOO_ORDERS
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.customers.checks import check_customers
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tasks.core.orders.files import read_order_table
from tasks.core.orders.rules import OrderRules
from tasks.core.reading.table import read_table
from tests.registers import SIZES, SWEDEN, parts_of

HERE = Path(__file__).parent


def table_of(name: str, dialect: Dialect = LIGHTSPEED_X) -> Table:
    content = (HERE / name).read_bytes()
    return read_table(content, name=name, dialect=dialect, code_page="windows-1252", sizes=SIZES)


def cards_of(name: str) -> Checked:
    table = table_of(name)
    return check_gift_cards(
        table, currency="EUR", exponent=2, format_choice=None, zero_balances="keep", today=date(2026, 11, 28)
    )


def test_codes_shown_with_zeros_by_their_cell_format_are_read_with_them() -> None:
    shown = table_of("H04-zeros-shown-by-a-number-format.xlsx")
    padded = table_of("R-padded-codes.xlsx")
    assert shown.cells["number"].to_list() == ["00000042", "12345678"]
    assert padded.cells["number"].to_list() == ["0001234567", "0022345678", "1001234567"]
    assert (shown.repairs, padded.repairs) == ({"CELL_AS_SHOWN": 1}, {"CELL_AS_SHOWN": 2})


def test_a_date_cell_is_the_date_of_an_order() -> None:
    parsed = read_order_table(
        table_of("H10-order-date-is-a-date-cell.xlsx", WOO_ORDERS), OrderRules(time_zone="Europe/Paris"), None
    ).parsed
    assert parsed.orders["sold_at"].to_list() == ["2025-03-09T14:02:11Z"]
    assert parsed.findings.is_empty()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("R-far-cell.xlsx", "a cell in column XFD and row 1,048,576, far from the table"),
        ("R-million-rows.ods", "the same cell repeated over hundreds of thousands of places"),
    ],
)
def test_a_sheet_that_unfolds_beyond_measure_is_refused_in_words(name: str, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        table_of(name)


def test_a_duration_that_is_too_long_harms_no_column_that_is_read() -> None:
    assert table_of("R-duration-overflow.xlsx").cells.rows() == [(2, "GC1", "10")]


def test_a_cell_of_a_workbook_that_holds_nothing_is_empty() -> None:
    checked = cards_of("R-text-cell-comma.xlsx")
    assert checked.accepted.select("number", "balance_cents").rows() == [("GC1", 1050), ("GC3", 3025)]
    assert checked.findings["code"].to_list() == ["CELL_EMPTY"]


def test_a_subtotal_among_the_rows_is_no_gift_card() -> None:
    checked = cards_of("R-subtotal.csv")
    assert checked.findings.select("line", "value", "code").rows() == [(4, "Summa", "FILE_TOTAL_ROW")]
    assert checked.accepted["number"].to_list() == ["GC1", "GC2", "GC3", "GC4", "GC5", "GC6"]


def test_a_lost_letter_is_rejected_and_letters_that_may_be_lost_raise_a_concern() -> None:
    checked = check_customers(parts_of((HERE / "R-lost-letters.csv").read_bytes(), TIXLY), SWEDEN, blank_cells="keep")
    assert set(checked.findings.select("line", "code").rows()) == {(2, "CELL_LOST_LETTERS")}
    assert checked.accepted.collect()["line"].to_list() == [3, 4]
    says = "; ".join(concern.says for concern in checked.file.concerns)
    assert "FirstName (line 3)" in says
    assert "FirstName (line 4); LastName (line 4); City (line 4)" in says
