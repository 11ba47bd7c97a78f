"""What a report's clock said, as instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.loyalty.times import Clock, ReadTimes, read_times

PARIS = Clock(zone="Europe/Paris", today=date(2026, 11, 26))


def read(*cells: str, clock: Clock = PARIS) -> ReadTimes:
    return read_times(pl.Series(cells, dtype=pl.String), clock)


def times_of(*cells: str, clock: Clock = PARIS) -> list[str]:
    """Say each cell: its instant, or the code of its reject."""
    times = read(*cells, clock=clock).at
    codes = dict(times.rejects.select("index", "code").iter_rows())
    return [codes.get(at) or f"{value:%Y-%m-%d %H:%M:%S}" for at, value in enumerate(times.values)]


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-11-20 17:45", "2026-11-20 16:45:00"),
        ("2026-11-20T17:45:30", "2026-11-20 16:45:30"),
        ("2026-11-20 17:45:30.250", "2026-11-20 16:45:30"),
        ("2026-11-20 17h45", "2026-11-20 16:45:00"),
        ("2026/11/20 5:45 PM", "2026-11-20 16:45:00"),
        ("20.11.2026 17.45", "2026-11-20 16:45:00"),
        ("11/20/2026, 5:45 p.m.", "2026-11-20 16:45:00"),
        ("11/20/2026 12:05 AM", "2026-11-19 23:05:00"),
        ("11/20/2026 12:05 PM", "2026-11-20 11:05:00"),
        ("2026-11-20", "2026-11-19 23:00:00"),
        ("2026-11-20T17:45:00Z", "2026-11-20 17:45:00"),
        ("2026-11-20 17:45:00-05:00", "2026-11-20 22:45:00"),
        ("2026-07-20 17:45", "2026-07-20 15:45:00"),
        ("", "LOYALTY_TIME"),
        ("yesterday", "LOYALTY_TIME"),
        ("2026-02-30 10:00", "LOYALTY_TIME"),
        ("2026-11-20 25:00", "LOYALTY_TIME"),
        ("2026-11-20 13:00 PM", "LOYALTY_TIME"),
        ("20/11/26 17:45", "LOYALTY_TIME"),
        ("2026-11-27 00:01", "LOYALTY_TIME_AHEAD"),
        ("2026-11-26 23:59", "2026-11-26 22:59:00"),
    ],
)
def test_a_cell_is_one_instant_or_says_why_not(cell: str, instant: str):
    assert times_of(cell) == [instant]


def test_an_hour_that_the_clocks_skip_is_a_reject_and_of_a_repeated_one_the_first_is_taken_and_counted():
    spring = Clock(zone="Europe/Paris", today=date(2026, 3, 30))
    assert times_of("2026-03-29 01:59", "2026-03-29 02:30", "2026-03-29 03:00", clock=spring) == [
        "2026-03-29 00:59:00",
        "LOYALTY_TIME_SKIPPED",
        "2026-03-29 01:00:00",
    ]
    autumn = Clock(zone="Europe/Paris", today=date(2026, 10, 26))
    cells = ("2026-10-25 01:59", "2026-10-25 02:30", "2026-10-25 03:00", "2026-10-25T02:30:00+01:00")
    assert times_of(*cells, clock=autumn) == [
        "2026-10-24 23:59:00",
        "2026-10-25 00:30:00",
        "2026-10-25 02:00:00",
        "2026-10-25 01:30:00",
    ]
    assert read(*cells, clock=autumn).twice == 1


@pytest.mark.parametrize(
    ("cells", "instants"),
    [
        # one cell that has only one reading settles all
        (("11/20/2026", "11/05/2026"), ["2026-11-20", "2026-11-05"]),
        (("20/11/2026", "05/11/2026"), ["2026-11-20", "2026-11-05"]),
        # and so does the month that a report shows
        (("11/05/2026",), ["2026-11-05"]),
        (("05/11/2026",), ["2026-11-05"]),
        # what is no day at all settles nothing
        (("11/20/2026", "31/31/2026", "soon"), ["2026-11-20", "LOYALTY_TIME", "LOYALTY_TIME"]),
        # the same day either way
        (("11/11/2026",), ["2026-11-11"]),
        # both orders are within these weeks: nobody can tell, unless it is the same day
        (
            ("11/10/2026", "10/11/2026", "11/11/2026"),
            ["LOYALTY_TIME_AMBIGUOUS", "LOYALTY_TIME_AMBIGUOUS", "2026-11-11"],
        ),
        # the two orders exclude each other
        (("20/11/2026", "11/20/2026"), ["LOYALTY_TIME_AMBIGUOUS", "LOYALTY_TIME_AMBIGUOUS"]),
    ],
)
def test_the_order_of_day_and_month_is_concluded_from_the_column(cells: tuple[str, ...], instants: list[str]):
    utc = Clock(zone="UTC", today=date(2026, 11, 26))
    assert [text.removesuffix(" 00:00:00") for text in times_of(*cells, clock=utc)] == instants


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 25)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_any_instant_comes_back_from_the_clock_on_the_wall(instant: datetime, zone: str):
    instant = instant.replace(tzinfo=UTC)
    wall = instant.astimezone(ZoneInfo(zone))
    came = read(f"{wall:%Y-%m-%d %H:%M:%S}", clock=Clock(zone=zone, today=date(2026, 11, 26)))
    difference = instant - came.at.values[0]
    assert difference == timedelta() or (wall.fold and came.twice and difference > timedelta())
