"""Reading days: one day a cell, or a reject that says which two it may be."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.days import read_days
from tasks.core.checking.expiry_dates import last_days_meant
from tests.readers import outcomes

FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y")


@pytest.mark.parametrize(
    ("order", "cell", "value", "code"),
    [
        ("unsettled", "2026-11-20", date(2026, 11, 20), None),
        ("unsettled", "20261120", date(2026, 11, 20), None),
        ("unsettled", "3.4.2026", date(2026, 4, 3), None),
        ("unsettled", "31/12/2026", date(2026, 12, 31), None),
        ("unsettled", "12/31/2026", date(2026, 12, 31), None),
        ("unsettled", "04/04/2026", date(2026, 4, 4), None),
        ("unsettled", "03/04/2026", None, "DAY_AMBIGUOUS"),
        ("day first", "03/04/2026", date(2026, 4, 3), None),
        ("month first", "03/04/2026", date(2026, 3, 4), None),
        ("day first", "12/31/2026", None, "DAY_UNREADABLE"),
        ("unsettled", "2026-02-30", None, "DAY_UNREADABLE"),
        ("unsettled", "20.11.26", None, "DAY_UNREADABLE"),
        ("unsettled", "261120", None, "DAY_UNREADABLE"),
        ("unsettled", "2026-11", None, "DAY_UNREADABLE"),
        ("unsettled", "2026-11/20", None, "DAY_UNREADABLE"),
        ("unsettled", "soon", None, "DAY_UNREADABLE"),
        ("unsettled", "", None, "CELL_EMPTY"),
    ],
)
def test_a_cell_is_the_day_it_names_or_is_rejected(order: DayOrder, cell: str, value: date | None, code: str | None):
    read = outcomes(pl.Series([cell]), lambda cells: read_days(cells, order)).row(0, named=True)
    assert (read["value"], read["code"]) == (value, code)


def test_a_day_that_can_be_two_is_rejected_with_both():
    read = outcomes(pl.Series(["03/04/2026"]), lambda cells: read_days(cells, "unsettled"))
    assert read["detail"].to_list() == ["2026-03-04 or 2026-04-03"]


@given(st.lists(st.tuples(st.dates(date(1000, 1, 1)), st.sampled_from(FORMS)), min_size=1))
def test_a_day_is_read_back_however_it_is_written(written: list[tuple[date, str]]):
    cells = pl.Series([day.strftime(form) for day, form in written])
    assert read_days(cells, "unsettled").values.to_list() == [day for day, _ in written]


@pytest.mark.parametrize(
    ("cell", "earliest", "latest"),
    [
        ("2026-02", date(2026, 2, 28), date(2026, 2, 28)),
        ("02/2028", date(2028, 2, 29), date(2028, 2, 29)),
        ("03/04/2026", date(2026, 3, 4), date(2026, 4, 3)),
        ("260824", None, None),
        ("13/2026", None, None),
    ],
)
def test_something_that_expires_in_a_month_counts_until_its_last_day(
    cell: str, earliest: date | None, latest: date | None
):
    assert last_days_meant(pl.Series([cell]), "unsettled").row(0) == (earliest, latest)
