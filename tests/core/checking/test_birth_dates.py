"""Dates of birth, and the order in which a column writes day and month."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.checking.birth_dates import EARLIEST, concluded_order, read_birth_dates
from tests.readers import assert_reads, outcomes

TODAY = date(2026, 11, 22)
BIRTHS = st.dates(EARLIEST, TODAY)


def read(cells: pl.Series):
    return read_birth_dates(cells, concluded_order(cells), today=TODAY)


def column(cells: str) -> pl.Series:
    return pl.Series([cell.strip() for cell in cells.split("|")], dtype=pl.String)


def test_dates_that_can_be_read_one_way_only_are_read() -> None:
    assert_reads(
        read,
        """
        cell                   | value      | code | detail
        -----------------------+------------+------+-------
        1988-04-02             | 1988-04-02 | null | null
        1988/4/2               | 1988-04-02 | null | null
        19880402               | 1988-04-02 | null | null
        02.04.1988             | 1988-04-02 | null | null
        2.4.1988               | 1988-04-02 | null | null
        1988-04-02 00:00:00    | 1988-04-02 | null | null
        1988-04-02T00:00:00    | 1988-04-02 | null | null
        02.04.1988 0:00        | 1988-04-02 | null | null
        04/04/1988             | 1988-04-04 | null | null
        4-4-1988 12:00:00 AM   | 1988-04-04 | null | null
        29.02.1988             | 1988-02-29 | null | null
        1900-01-01             | 1900-01-01 | null | null
        2026-11-22             | 2026-11-22 | null | null
                               |            | null | null
        """,
    )


def test_what_is_no_date_of_birth_says_why() -> None:
    assert_reads(
        read,
        """
        cell                | value | code             | detail
        --------------------+-------+------------------+---------------------------------------
        02/04/88            | null  | CUST_DATE_YEAR   | with four digits: 1988
        02.04.15            | null  | CUST_DATE_YEAR   | with four digits: 1915 or 2015
        88-04-02            | null  | CUST_DATE_YEAR   | with four digits: 1988
        880402              | null  | CUST_DATE_YEAR   | with four digits: 1988
        32235               | null  | CUST_DATE_SERIAL | it would be 2 April 1988
        32235.0             | null  | CUST_DATE_SERIAL | it would be 2 April 1988
        1000                | null  | CUST_DATE_SERIAL | it would be 26 September 1902
        60000               | null  | CUST_DATE_SERIAL | it would be 8 April 2064
        999                 | null  | CUST_DATE        | ""
        60001               | null  | CUST_DATE        | ""
        1988                | null  | CUST_DATE        | a year alone, without month and day
        2026-11-23          | null  | CUST_DATE_RANGE  | it is in the future
        1899-12-31          | null  | CUST_DATE_RANGE  | it is before 1900
        1987-02-29          | null  | CUST_DATE        | there is no such day
        0000-00-00          | null  | CUST_DATE        | there is no such day
        13/13/1988          | null  | CUST_DATE        | there is no such day
        02041988            | null  | CUST_DATE        | there is no such day
        1988-04-01 22:00:00 | null  | CUST_DATE        | a time stands in it
        1988-04-02/05       | null  | CUST_DATE        | ""
        02/04-1988          | null  | CUST_DATE        | ""
        spring 1988         | null  | CUST_DATE        | ""
        19880402-1234       | null  | CUST_DATE        | ""
        3.2E+4              | null  | CELL_SCI_NOTATION | ""
        #VALUE!             | null  | CELL_ERROR       | ""
        """,
    )


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        ("02/04/1988 | 13/04/1988", "day first"),
        ("02/04/1988 | 04/13/1988", "month first"),
        ("02-04-1988 | 13/04/1988 00:00:00", "day first"),
        ("02/04/1988 | 03/04/1988", "unsettled"),
        ("13/04/1988 | 04/13/1988", "unsettled"),
        ("02/04/1988 | 31/02/1988", "unsettled"),
        ("02/04/1988 | 29/02/1988", "day first"),
        ("02/04/1988 | 13.04.1988 | 1988-04-13", "unsettled"),
        ("02/04/1988 | 13/04/88", "unsettled"),
        ("", "unsettled"),
    ],
)
def test_the_order_is_concluded_from_cells_that_have_only_one_reading(cells, order) -> None:
    assert concluded_order(column(cells)) == order


def test_a_settled_order_holds_for_the_whole_column() -> None:
    assert_reads(
        read,
        """
        cell       | value      | code      | detail
        -----------+------------+-----------+---------------------
        02/04/1988 | 1988-04-02 | null      | null
        13/04/1988 | 1988-04-13 | null      | null
        05-06-1990 | 1990-06-05 | null      | null
        1988-04-02 | 1988-04-02 | null      | null
        31/02/1988 | null       | CUST_DATE | there is no such day
        """,
    )


def test_an_american_column_is_read_month_first() -> None:
    cells = column("02/04/1988 | 04/13/1988")
    assert read(cells).values.to_list() == ["1988-02-04", "1988-04-13"]


def test_where_nothing_settles_the_order_both_readings_are_shown() -> None:
    assert_reads(
        read,
        """
        cell       | value      | code                | detail
        -----------+------------+---------------------+--------------------------------
        02/04/1988 | null       | CUST_DATE_AMBIGUOUS | 2 April 1988 or 4 February 1988
        03-12-2001 | null       | CUST_DATE_AMBIGUOUS | 3 December 2001 or 12 March 2001
        07/07/1977 | 1977-07-07 | null                | null
        02.04.1988 | 1988-04-02 | null                | null
        """,
    )


def test_a_column_of_both_orders_reads_only_what_can_be_read_one_way() -> None:
    assert_reads(
        read,
        """
        cell       | value      | code                | detail
        -----------+------------+---------------------+--------------------------------
        13/04/1988 | 1988-04-13 | null                | null
        04/13/1988 | 1988-04-13 | null                | null
        02/04/1988 | null       | CUST_DATE_AMBIGUOUS | 2 April 1988 or 4 February 1988
        """,
    )


@given(st.lists(BIRTHS, min_size=1), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y-%m-%d 00:00:00"]))
def test_any_day_written_in_a_clear_way_is_read_back(days, form) -> None:
    cells = pl.Series([day.strftime(form) for day in days])
    assert read(cells).values.to_list() == [day.isoformat() for day in days]


@given(st.lists(BIRTHS, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]))
def test_a_day_is_read_back_or_sent_back_and_never_read_as_another(days, form) -> None:
    found = outcomes(pl.Series([day.strftime(form) for day in days]), read)
    read_as = [(value, code) for value, code in found.select("value", "code").rows()]
    wanted = [(day.isoformat(), None) for day in days]
    settled = any(day.day > 12 for day in days)
    assert all(
        got == day or (not settled and got == (None, "CUST_DATE_AMBIGUOUS"))
        for got, day in zip(read_as, wanted, strict=True)
    )


@given(st.integers(1_000, 60_000))
def test_a_number_of_days_is_never_read(number) -> None:
    column_read = read(pl.Series([str(number)]))
    shown = date(1899, 12, 30) + timedelta(days=number)
    codes = column_read.rejects["code"].to_list()
    assert codes == ["CUST_DATE" if 1900 <= number <= TODAY.year else "CUST_DATE_SERIAL"]
    assert codes == ["CUST_DATE"] or str(shown.year) in column_read.rejects["detail"][0]
