"""Files of sales, cell by cell, and what they add to what the till knows."""

from datetime import date

import polars as pl
import pytest

from schemas.loyalty.pos_sales import POS_SALES
from tasks.core.loyalty.evidence.sale_files import CheckedSales, check_sales, newest_of_each_sale, unrecorded_sales
from tasks.core.reading.table import read_rows
from tests.loyalty import PARIS, SIZES, drawn

DAY = date(2026, 11, 20)
HEADINGS = "Receipt number | Customer number | Date | SKU | Item | Qty | Total\n"


def checked(rows: str, name: str = "sales.csv", headings: str = HEADINGS) -> CheckedSales:
    content = drawn(headings + rows)
    table = read_rows(content, name=name, dialect=POS_SALES, code_page="windows-1252", sizes=SIZES)
    return check_sales(table, name=name, clock=PARIS, currency="EUR")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("S-1 | 77 | 2026-11-20 17:45 | 12345678905 | Food | 2 | 109.98", ("77", "012345678905", 2000, 10998)),
        ("S-1 | | 2026-11-20 | DOG-1 | Food | 0.5 | 3", ("", "DOG1", 500, 300)),
        ("S-1 | 77 | 20/11/2026 | 12345678905 | | -1 | -54.99", ("77", "012345678905", -1000, -5499)),
        ("S-1 | 77 | 2026-11-20 | 12345678905 | Food | 1 | 0", ("77", "012345678905", 1000, 0)),
    ],
)
def test_what_is_right_is_read(row: str, line: tuple[str, str, int, int]):
    came = checked(row)

    assert came.lines.select("customer_id", "upc", "quantity_milli", "paid_cents").rows() == [line]
    assert (came.lines["sold_on"].to_list(), came.lines["whole"].to_list()) == ([DAY], [True])


@pytest.mark.parametrize(
    "row",
    [
        " | 77 | 2026-11-20 | 12345678905 | Food | 1 | 5",
        "S-1 | 77 | 2026-11-31 | 12345678905 | Food | 1 | 5",
        "S-1 | 77 | 2026-12-24 | 12345678905 | Food | 1 | 5",
        "S-1 | 77 | 2026-11-20 | 1.2E+10 | Food | 1 | 5",
        "S-1 | 77 | 2026-11-20 | | Food | 1 | 5",
        "S-1 | 77 | 2026-11-20 | 12345678905 | Food | | 5",
        "S-1 | 77 | 2026-11-20 | 12345678905 | Food | 1 | ",
        "S-1 | 77 | 2026-11-20 | 12345678905 | Food | 1 | five",
        "S-1 | 77 | 2026-11-20 | 12345678905 | Food | --1 | 5",
    ],
)
def test_what_cannot_be_right_is_named_and_the_file_is_not_whole(row: str):
    came = checked("S-0 | 77 | 2026-11-20 | 12345678905 | Food | 1 | 5\n" + row)

    assert (came.unread, came.lines["sale_id"].to_list(), came.lines["whole"].to_list()) == (1, ["S-0"], [False])
    assert "1 of 2 rows cannot be read (line 3, " in came.concerns[0].says


@pytest.mark.parametrize(
    ("heading", "rows", "unread", "codes"),
    [
        ("Currency", ("5 | EUR", "5 | USD"), 1, ["LOYALTY_SALES_UNREAD"]),
        ("Currency", ("5 | EUR", "5 | "), 0, ["COLUMN_DOUBT"]),
        ("Valuta", ("5 | €", "-5 | EUR"), 0, []),
        ("Memo", ("-5 € | ", "€ 5 | "), 0, []),
        ("Memo", ("5 kr | ", "5 | "), 1, ["LOYALTY_SALES_UNREAD"]),
    ],
)
def test_what_was_paid_in_another_currency_proves_nothing(
    heading: str, rows: tuple[str, str], unread: int, codes: list[str]
):
    lines = "\n".join(f"S-{at} | 77 | 2026-11-20 | 12345678905 | Food | 1 | {row}" for at, row in enumerate(rows))
    came = checked(lines, headings=HEADINGS.replace("\n", f" | {heading}\n"))

    assert (came.unread, [concern.code for concern in came.concerns]) == (unread, codes)
    assert set(came.lines["paid_cents"].abs()) == {500}


def test_a_heading_with_another_currency_says_it_of_every_sale():
    came = checked(
        "S-1 | 77 | 2026-11-20 | 12345678905 | Food | 1 | 5", headings=HEADINGS.replace("Total", "Total (USD)")
    )
    assert (came.unread, came.lines.height) == (1, 0)


def test_no_value_of_a_cell_stands_in_a_concern():
    assert "private" not in checked("S-1 | 77 | 2026-11-20 | 1 | Food | private | 5").concerns[0].says


def test_a_sale_that_two_exports_tell_is_as_the_newer_has_it():
    older = checked("S-1 | 77 | 2026-11-20 | 111 | A | 1 | 5\nS-2 | 77 | 2026-11-20 | 111 | A | 1 | 5", "a.csv")
    newer = checked("S-1 | 77 | 2026-11-20 | 111 | A | 1 | 5\nS-1 | 77 | 2026-11-20 | 111 | A | 1 | 5", "b.csv")

    lines = newest_of_each_sale([older.lines, newer.lines])

    assert sorted(lines.select("sale_id", "file").rows()) == [("S-1", "b.csv"), ("S-1", "b.csv"), ("S-2", "a.csv")]


def test_only_days_that_the_till_has_not_got_are_added():
    files = checked(
        """
        S-1 | 77 | 2026-11-19 | 111 | A | 1 | 5
        S-2 | 77 | 2026-11-20 | 111 | A | 1 | 5
        S-3 | 78 | 2026-11-20 | 111 | A | 1 | 5
        S-4 | 77 | 2026-10-01 | 111 | A | 1 | 5
        """
    )
    sold = unrecorded_sales(pl.Series([date(2026, 11, 19)]), files.lines, DAY, DAY)

    assert (sold.lines["sale_id"].to_list(), sold.days.to_list()) == (["S-2", "S-3"], [date(2026, 11, 19), DAY])
