"""A spreadsheet's number of days -> the day, the time or the duration that its cell shows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tasks.core.reading.cell_formats import CellFormat, number_text

DAY_ZERO = datetime(1899, 12, 30)
DAY_ZERO_1904 = datetime(1904, 1, 1)
LEAP_DAY = 60
"""29 February 1900, which was none, but is one in workbooks."""
LAST_DAY = 2_958_466
MILLISECONDS = 86_400_000


@dataclass(frozen=True, kw_only=True, slots=True)
class NoDay:
    """A cell with a date format that says no whole day: ``text`` is what it holds, ``why`` what is missing."""

    text: str
    why: str


Moment = date | datetime | time | timedelta | NoDay


def moment_of(number: float, shown: CellFormat, *, since_1904: bool) -> Moment:
    """Return what a cell with a date format says; a part of a date that it does not show is not made up."""
    form = shown.sections[0]
    if not 0 <= number < LAST_DAY:
        return NoDay(text=number_text(number), why="no day of the calendar")
    if form.elapsed:
        return timedelta(milliseconds=round(number * MILLISECONDS))
    if number < 1:
        return (datetime.min + timedelta(milliseconds=min(round(number * MILLISECONDS), MILLISECONDS - 1))).time()
    at = _instant(number, since_1904=since_1904)
    if at is None or not form.names_a_day:
        written = number_text(number) if at is None else at.isoformat()
        why = "no day of the calendar" if at is None else "the sheet does not show day, month and year"
        return NoDay(text=f"{written} ({shown.code})", why=why)
    return at.date() if at.time() == time() else at


def _instant(number: float, *, since_1904: bool) -> datetime | None:
    if since_1904:
        return DAY_ZERO_1904 + timedelta(milliseconds=round(number * MILLISECONDS))
    if LEAP_DAY <= number < LEAP_DAY + 1:
        return None
    before_leap_day = timedelta(days=number < LEAP_DAY)
    return DAY_ZERO + before_leap_day + timedelta(milliseconds=round(number * MILLISECONDS))
