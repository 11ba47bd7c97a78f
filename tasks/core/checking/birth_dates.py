"""Reading dates of birth into ISO 8601: what is a date, and which day it is when it can be two.

No order of day and month is taken for granted: the column settles it, or the cell goes back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.distinct_values import Reading, Unreadable, known_where, read_unread

EARLIEST = date(1900, 1, 1)
DAY_ZERO = date(1899, 12, 30)
"""Of a spreadsheet's number of days, from 1 March 1900 on (Excel counts a 29 February 1900)."""

FIRST_SERIAL, LAST_SERIAL = 1_000, 60_000
"""Numbers that are taken for a number of days: 26 September 1902 to 7 April 2064."""

_MIDNIGHT = re.compile(r"[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?[Aa][Mm])$")
_TIME = re.compile(r"[0-9]:[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})([-/.])[0-9]{1,2}\2([0-9]{2})")
_SIX_DIGITS = re.compile(r"([0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_SERIAL = re.compile(r"([0-9]{4,5})(?:[.,]0+)?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Readings:
    """The days that a cell with the year last may mean; None: there is no such day."""

    day_first: date | None
    month_first: date | None


def read_birth_dates(cells: pl.Series, order: DayOrder, *, today: date) -> ReadColumn:
    """Read dates of birth as ``1988-04-02``, by one *order* of day and month, that of the whole column.

    *cells* is trimmed text without nulls. Read are year-month-day, eight digits, ``dd.mm.yyyy``,
    and day and month in either order before the year, each with or without a midnight behind it.
    Rejects: CUST_DATE_AMBIGUOUS, CUST_DATE_YEAR (two digits), CUST_DATE_SERIAL, CUST_DATE_RANGE
    (after *today*, or before 1900), CUST_DATE for all others.
    """
    known = known_where(cells, _is_written_as_we_do(cells, today) | (cells == ""))
    return read_unread(cells, known, lambda cell: _read(cell, order, today))


def _is_written_as_we_do(cells: pl.Series, today: date) -> pl.Series:
    days = cells.str.to_date("%Y-%m-%d", strict=False)
    plain = cells.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    return plain & days.is_between(EARLIEST, today).fill_null(False)


def concluded_order(cells: pl.Series) -> DayOrder:
    """Conclude the order of day and month from the cells that have only one reading.

    They must agree, and there must be one: otherwise the order is unsettled.
    """
    year_last = cells.filter(cells.str.contains("[-/][0-9]{4}")).unique()
    found = {order for cell in year_last if (order := _only_order(_YEAR_LAST.fullmatch(_day(cell))))}
    return found.pop() if len(found) == 1 else "unsettled"


def _only_order(match: re.Match[str] | None) -> DayOrder | None:
    readings = match and _readings(match)
    if not readings or (readings.day_first is None) == (readings.month_first is None):
        return None
    return "day first" if readings.day_first else "month first"


def _day(cell: str) -> str:
    """Take off the midnight that a spreadsheet put behind a date. Other times stay: they may be of another zone."""
    return _MIDNIGHT.sub("", cell)


def _read(cell: str, order: DayOrder, today: date) -> Reading:
    text = _day(cell)
    if match := _YEAR_LAST.fullmatch(text):
        return _in_order(_readings(match), order, today)
    if match := _YEAR_FIRST.fullmatch(text):
        return _in_range(_date(match[1], match[3], match[4]), today)
    if match := _EIGHT_DIGITS.fullmatch(text):
        return _in_range(_date(*match.groups()), today)
    if match := _DOTTED.fullmatch(text):
        return _in_range(_date(match[3], match[2], match[1]), today)
    return _no_date(text, today)


def _readings(match: re.Match[str]) -> _Readings:
    first, _, second, year = match.groups()
    return _Readings(day_first=_date(year, second, first), month_first=_date(year, first, second))


def _in_order(readings: _Readings, order: DayOrder, today: date) -> Reading:
    if order == "day first":
        return _in_range(readings.day_first, today)
    if order == "month first":
        return _in_range(readings.month_first, today)
    days = dict.fromkeys(day for day in (readings.day_first, readings.month_first) if day)
    if len(days) == 2:
        return Unreadable(code="CUST_DATE_AMBIGUOUS", detail=_either(days))
    return _in_range(next(iter(days), None), today)


def _in_range(day: date | None, today: date) -> Reading:
    if day is None:
        return Unreadable(code="CUST_DATE", detail="there is no such day")
    if day > today:
        return Unreadable(code="CUST_DATE_RANGE", detail="it is in the future")
    if day < EARLIEST:
        return Unreadable(code="CUST_DATE_RANGE", detail=f"it is before {EARLIEST.year}")
    return day.isoformat()


def _no_date(text: str, today: date) -> Reading:
    """Say what a text looks like that is no date: a short year, a year alone, a number of days."""
    if match := _SHORT_YEAR.fullmatch(text):
        return _short_year(match[1] if int(match[1]) > 31 else match[3], today)
    if match := _SIX_DIGITS.fullmatch(text):
        return _short_year(match[1], today)
    if text.isdecimal() and EARLIEST.year <= int(text) <= today.year:
        return Unreadable(code="CUST_DATE", detail="a year alone, without month and day")
    if (match := _SERIAL.fullmatch(text)) and FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        day = DAY_ZERO + timedelta(days=int(match[1]))
        return Unreadable(code="CUST_DATE_SERIAL", detail=f"it would be {_spelled(day)}")
    return Unreadable(code="CUST_DATE", detail="a time stands in it" if _TIME.search(text) else "")


def _short_year(digits: str, today: date) -> Unreadable:
    years = range(EARLIEST.year + int(digits), today.year + 1, 100)
    return Unreadable(code="CUST_DATE_YEAR", detail=f"with four digits: {' or '.join(map(str, years))}")


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _either(days: Iterable[date]) -> str:
    return " or ".join(_spelled(day) for day in days)


def _spelled(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
