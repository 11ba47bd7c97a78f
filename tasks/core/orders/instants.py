"""Dates and times of a shop as instants: ISO-8601 in UTC, to the second."""

from datetime import date, timedelta

import polars as pl

WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
EARLIEST_ON = date(1995, 1, 1)
"""Nothing was sold on the web before; a day that is nearer to year 0 or 1970 is a fault of some clock or default."""

_FORM = "%Y-%m-%dT%H:%M:%S"


def in_utc(utc: pl.Expr, local: pl.Expr, time_zone: str) -> pl.Expr:
    """Return the instant that *utc* says, or else *local* in the shop's *time_zone*; null where neither does.

    Of an hour that the clocks run through twice, the first is meant; one that they leave out is none.
    """
    there = _read(local).dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    ours = there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    zulu = pl.when(local.str.ends_with("Z")).then(_read(local))
    return pl.coalesce(_read(utc), zulu, ours).dt.strftime(WRITTEN)


def believable(instant: pl.Expr, today: date) -> pl.Expr:
    """Tell instants at which an order can have been placed, paid, changed or refunded; null is none.

    A day more than *today* is believed, for clocks and zones differ.
    """
    first, last = EARLIEST_ON.isoformat(), (today + timedelta(days=2)).isoformat()
    return (instant >= first) & (instant < last) & (instant.str.len_chars() == len("2024-03-09T14:02:11Z"))


def is_instant(text: pl.Expr, today: date) -> pl.Expr:
    """Tell texts that say when something was, in some zone, and can be believed; null is none."""
    return _read(text).dt.date().is_between(EARLIEST_ON, today + timedelta(days=1)).fill_null(False)


def _read(text: pl.Expr) -> pl.Expr:
    return text.str.strip_suffix("Z").str.replace(" ", "T", literal=True).str.to_datetime(_FORM, strict=False)
