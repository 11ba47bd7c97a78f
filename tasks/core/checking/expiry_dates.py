"""Reading a date until which something counts. Birthdays are read more strictly, and elsewhere."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime

from tasks.core.checking.day_order import DayOrder

TIME = r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?i:am|pm))?(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?$"
"""A time behind a date, which says nothing of the day."""

_PLAIN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y")
_MONTHS = ("%Y-%m", "%Y/%m", "%m/%Y", "%m-%Y", "%m.%Y")


def days_of(text: str, order: DayOrder) -> set[date]:
    """Return the days that *text* may mean, none where it is no date; a month means its last day.

    Where the column does not settle the *order* of day and month, both are meant.
    """
    forms = (*_PLAIN, *(_DAY_FIRST if order != "month first" else ()), *(_MONTH_FIRST if order != "day first" else ()))
    months = {day.replace(day=monthrange(day.year, day.month)[1]) for day in _read(text, _MONTHS)}
    return months | set(_read(text, forms))


def _read(text: str, forms: Sequence[str]) -> Iterator[date]:
    for form in forms:
        with suppress(ValueError):
            yield datetime.strptime(text, form).date()
