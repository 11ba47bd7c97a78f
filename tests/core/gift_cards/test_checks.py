"""Every row of a file is accepted or rejected, and every bad cell is named once."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.gift_cards import GiftCards
from schemas.records import RowCounts, Total
from schemas.tables import FINDINGS_SCHEMA, Concern, Table, TotalLine
from tasks.core.gift_cards.checks import Checked, check_gift_cards
from tests.tables import GIFT_CARD_CELLS, frame, gift_card_table

TODAY = date(2026, 11, 28)


def check(table: Table, **options) -> Checked:
    defaults = {"currency": "EUR", "exponent": 2, "format_choice": None, "zero_balances": "keep", "today": TODAY}
    return check_gift_cards(table, **(defaults | options))


def findings(checked: Checked) -> list[tuple[object, ...]]:
    return checked.findings.select("line", "heading", "code", "detail").rows()


def test_a_clean_file_is_accepted_whole() -> None:
    checked = check(
        gift_card_table(
            """
            line | number | balance
            -----+--------+--------
            2    | 00123  | 12.50
            4    | NA     | 7
            """
        )
    )
    expected = frame(
        """
        line | number | currency | balance_cents
        -----+--------+----------+--------------
        2    | 00123  | EUR      | 1250
        4    | NA     | EUR      | 700
        """,
        {"line": pl.UInt32, "number": pl.String, "currency": pl.String, "balance_cents": pl.Int64},
    )
    assert checked.accepted.equals(expected)
    assert checked.findings.schema == FINDINGS_SCHEMA
    assert checked.rows == RowCounts(rows_in=2, accepted=2, rejected=0)
    assert checked.file_totals == (Total(currency="EUR", count=2, sum_cents=1950),)
    assert checked.concluded.says == "amounts: decimal point, no thousands mark (concluded from 1 of 2 cells)"


def test_every_bad_cell_is_named_once_by_line_and_column() -> None:
    checked = check(
        gift_card_table(
            """
            line | number     | balance
            -----+------------+--------
            2    | GC1        | 12.50
            3    | GC-2       | 12,5o
            4    | 1.23E+15   | -5
            5    | GC3        |
            6    | 2026-11-22 | 7.00
            """
        )
    )
    assert findings(checked) == [
        (3, "Number", "GIFT_NUMBER_CHARS", "it holds '-'"),
        (3, "Balance", "AMOUNT_NOT_A_NUMBER", "12.50"),
        (4, "Number", "CELL_SCI_NOTATION", ""),
        (4, "Balance", "AMOUNT_NEGATIVE", "12.50"),
        (5, "Balance", "CELL_EMPTY", ""),
        (6, "Number", "CELL_DATE", ""),
    ]
    assert checked.findings["value"].to_list() == ["GC-2", "12,5o", "1.23E+15", "-5", "", "2026-11-22"]
    assert checked.rows == RowCounts(rows_in=5, accepted=1, rejected=4)


def test_every_copy_of_a_number_is_rejected_in_any_case_and_beside_other_faults() -> None:
    checked = check(
        gift_card_table(
            """
            line | number | balance
            -----+--------+--------
            2    | GC1    | 1.00
            3    | gc1    | oops
            4    | GC2    | 2.00
            5    | Gc1    | 3.00
            """
        )
    )
    assert findings(checked) == [
        (2, "Number", "GIFT_NUMBER_DUP_FILE", "also on lines 3, 5"),
        (3, "Number", "GIFT_NUMBER_DUP_FILE", "also on lines 2, 5"),
        (3, "Balance", "AMOUNT_NOT_A_NUMBER", "12.50"),
        (5, "Number", "GIFT_NUMBER_DUP_FILE", "also on lines 2, 3"),
    ]
    assert checked.accepted["number"].to_list() == ["GC2"]


def test_a_number_that_stands_everywhere_names_five_other_lines() -> None:
    rows = [{"line": line, "number": "DUP", "balance": "1.00"} for line in range(2, 10)]
    cells = pl.DataFrame(rows, schema=GIFT_CARD_CELLS)
    checked = check(replace(gift_card_table("line | number | balance"), cells=cells, rows_in=8))
    details = checked.findings["detail"]
    assert (details[0], details[-1]) == (
        "also on lines 3, 4, 5, 6, 7 and 2 more",
        "also on lines 2, 3, 4, 5, 6 and 2 more",
    )


def test_a_cell_with_several_faults_is_told_the_first_of_them() -> None:
    long = "é" * 65
    checked = check(
        gift_card_table(
            f"""
            line | number    | balance
            -----+-----------+--------
            2    | {long}    | 1.00
            3    | {long}    | 1.00
            4    | {"A" * 65} | 1.00
            """
        )
    )
    assert findings(checked) == [
        (2, "Number", "GIFT_NUMBER_CHARS", "it holds 'é'"),
        (3, "Number", "GIFT_NUMBER_CHARS", "it holds 'é'"),
        (4, "Number", "GIFT_NUMBER_LENGTH", "65 characters, 64 at most"),
    ]


def test_the_heading_in_a_finding_is_the_one_of_the_file() -> None:
    table = gift_card_table(
        """
        line | number | balance
        -----+--------+--------
        2    | GC-1   | 12.5o
        3    | GC2    | 3,50
        """,
        headings={"number": "Numéro", "balance": "Solde"},
    )
    assert findings(check(table)) == [
        (2, "Numéro", "GIFT_NUMBER_CHARS", "it holds '-'"),
        (2, "Solde", "AMOUNT_NOT_A_NUMBER", "12,50"),
    ]


def test_rows_that_reading_put_apart_are_counted_and_told_with_the_others() -> None:
    ragged = pl.DataFrame([(3, "", "a,b,c", "FILE_ROW_WIDTH", "3 cells")], schema=FINDINGS_SCHEMA, orient="row")
    table = gift_card_table(
        """
        line | number | balance
        -----+--------+--------
        2    | GC-1   | 1.00
        4    | GC2    | 1.00
        """,
        findings=ragged,
        rows_in=3,
    )
    checked = check(table)
    assert checked.findings["code"].to_list() == ["GIFT_NUMBER_CHARS", "FILE_ROW_WIDTH"]
    assert checked.rows == RowCounts(rows_in=3, accepted=1, rejected=2)


def test_rows_that_do_not_add_up_stop_the_run() -> None:
    table = gift_card_table("line | number | balance\n2 | GC1 | 1.00", rows_in=2)
    with pytest.raises(RuntimeError, match="2 rows came in, 1 accepted and 0 rejected"):
        check(table)


def test_a_failure_that_says_nothing_about_a_row_stops_the_run() -> None:
    table = gift_card_table("line | number | balance\n2 | GC1 | 1.00")
    with pytest.raises(RuntimeError, match="in a way we do not know"):
        check(table, currency="euro")


def test_zero_balances_are_rejected_where_the_run_says_so() -> None:
    table = gift_card_table("line | number | balance\n2 | GC1 | 0.00\n3 | GC2 | 1.00")
    assert check(table).rows.accepted == 2
    assert findings(check(table, zero_balances="reject")) == [(2, "Balance", "AMOUNT_ZERO", "")]


def test_concerns_of_the_table_and_of_the_numbers_come_together() -> None:
    hidden = Concern(code="FILE_HIDDEN_ROWS", says="row 3 is hidden")
    table = gift_card_table("line | number | balance\n2 | 4111111111111111 | 1.00", concerns=(hidden,))
    assert [concern.code for concern in check(table).concerns] == ["FILE_HIDDEN_ROWS", "GIFT_CARD_LIKE_PAN"]


ROWS = """
    line | number | balance
    -----+--------+--------
    2    | GC1    | 600.50
    3    | GC-2   | 650.00
    """


def with_total(text: str, rows: str = ROWS) -> Checked:
    return check(gift_card_table(rows, total_line=TotalLine(line=9, text=text)))


@pytest.mark.parametrize("stated", ["1250.50", "1,250.50", "1 250.50", "1250.5"])
def test_a_total_that_is_the_sum_of_all_rows_is_noted(stated) -> None:
    checked = with_total(f"Total | {stated}")
    assert checked.notes == ("the total on line 9 is the sum of the rows: 1,250.50",)
    assert checked.concerns == ()


def test_a_total_that_is_not_the_sum_of_the_rows_is_a_concern() -> None:
    checked = with_total("Total | 1300.00")
    says = "the total on line 9 is 1,300.00, the rows add up to 1,250.50"
    assert checked.concerns == (Concern(code="FILE_TOTAL_DIFFERS", says=says),)


def test_a_total_that_differs_says_how_many_amounts_are_left_out() -> None:
    checked = with_total("Total | 1300.00", ROWS + "4 | GC4 | 49,5o\n")
    assert checked.concerns[0].says.endswith("add up to 1,250.50, leaving out 1 rejected for their amount")


@pytest.mark.parametrize("text", ["Total", "Total | ", "Total | many"])
def test_a_total_without_an_amount_is_noted(text) -> None:
    assert with_total(text).notes == ("the total on line 9 has no amount that can be read; it was left out",)


ugly_numbers = st.one_of(
    st.sampled_from(["", "GC1", "gc1", "GC-1", "1.2E+15", "=1", "00123", "1234567890123450", "A" * 65]),
    st.text(alphabet="GC12é -=E+\n", max_size=5),
)
ugly_balances = st.one_of(
    st.sampled_from(["", "1.00", "1,00", "1,234", "0", "-5", "5 €"]), st.text(alphabet="01.,' -€e", max_size=6)
)


@given(st.lists(st.tuples(ugly_numbers, ugly_balances), max_size=12), st.sampled_from(["keep", "reject"]))
def test_whatever_comes_every_row_is_accepted_or_rejected_and_no_cell_is_told_twice(rows, zero_balances) -> None:
    lines = range(2, len(rows) + 2)
    cells = pl.DataFrame([(line, *row) for line, row in zip(lines, rows, strict=True)], GIFT_CARD_CELLS, orient="row")
    table = replace(gift_card_table("line | number | balance"), cells=cells, rows_in=len(rows))
    checked = check(table, zero_balances=zero_balances)
    accepted, rejected = set(checked.accepted["line"]), set(checked.findings["line"])
    assert accepted | rejected == set(lines) and not accepted & rejected
    assert checked.rows == RowCounts(rows_in=len(rows), accepted=len(accepted), rejected=len(rejected))
    assert not checked.findings.select("line", "heading").is_duplicated().any()
    assert GiftCards.validate(checked.accepted).equals(checked.accepted)
    assert checked.findings["line"].is_sorted()


@given(
    st.lists(st.tuples(ugly_numbers, ugly_balances), max_size=12),
    st.sampled_from(["keep", "reject"]),
    st.integers(1, 5),
)
@example([("1234567890123400", "1,5"), ("gc1", "1,234"), ("GC1", "2,50"), ("GC1", "x")], "keep", 1)
def test_checked_in_parts_a_file_is_what_it_is_at_once(rows, zero_balances, rows_at_once) -> None:
    lines = range(2, len(rows) + 2)
    cells = pl.DataFrame([(line, *row) for line, row in zip(lines, rows, strict=True)], GIFT_CARD_CELLS, orient="row")
    total = TotalLine(line=99, text="Total | 4.00")
    table = replace(gift_card_table("line | number | balance", total_line=total), cells=cells, rows_in=len(rows))

    once, parted = (check(table, zero_balances=zero_balances, rows_at_once=height) for height in (100, rows_at_once))

    assert parted.accepted.equals(once.accepted)
    assert parted.findings.equals(once.findings)
    assert (parted.rows, parted.file_totals, parted.concluded) == (once.rows, once.file_totals, once.concluded)
    assert (parted.concerns, parted.notes, parted.file.repairs) == (once.concerns, once.notes, once.file.repairs)
