"""Counts of failures as series of days and weeks, those too in which nothing happened. Days are the shop's.

pandas lays them out: a row for every day or week of a range, what was last known carried on, a mean that moves along.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args

import polars as pl

from schemas.loyalty.records import ReasonCode

if TYPE_CHECKING:
    import pandas as pd

SHOWN_DAYS = 30
SHOWN_WEEKS = 12
USUAL_WEEKS = 4
"""So many weeks are what is usual: fewer are chance, more no longer say what has changed."""

REASONS: tuple[ReasonCode, ...] = get_args(ReasonCode)


def by_reason(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the last thirty days, with a column for each reason, of *rows* (``day, reason_code, failures``)."""
    return _whole(_pivot(rows).reindex(_days(day)), "day")


def by_week(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the last twelve weeks, up to *day*, with their failures in all and by reason, of *rows* as above.

    Weeks begin on Monday, and none is shown before that of the first failure: nobody looked. ``change_share`` is by
    how much a week has more failures than the four before it had on average; null where it is not over, or one of
    these is not known.
    """
    import pandas as pd  # noqa: PLC0415

    counts = _pivot(rows.filter(pl.col("day") <= day)).resample("W-MON", closed="left", label="left").sum()
    this_week = pd.Timestamp(day - timedelta(days=day.weekday()))
    weekly = counts.reindex(pd.date_range(min([*counts.index, this_week]), this_week, freq="W-MON")).fillna(0)
    failures = weekly.sum(axis="columns")
    usual = failures.rolling(USUAL_WEEKS).mean().shift()
    over = weekly.index <= pd.Timestamp(day - timedelta(days=6))
    change = (failures / usual - 1).where((usual > 0) & over).tail(SHOWN_WEEKS)
    shares = pl.Series("change_share", change.tolist(), pl.Float64).fill_nan(None)
    shown = _whole(weekly.assign(failures=failures).tail(SHOWN_WEEKS), "week_of")
    return shown.select("week_of", "failures", shares, *REASONS)


def open_at_the_end(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return of the last thirty days how many were ``open`` at the end of each, of *rows* (``day, new, settled``)."""
    days = _days(day)
    moved = _of_days(rows).sort_index()
    still_open = (moved["new"] - moved["settled"]).cumsum().reindex(days, method="ffill")
    return _whole(moved.reindex(days).assign(open=still_open)[["open", "new", "settled"]], "day")


def _pivot(rows: pl.DataFrame) -> "pd.DataFrame":
    return _of_days(rows).pivot(columns="reason_code", values="failures").reindex(columns=list(REASONS))


def _of_days(rows: pl.DataFrame) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a quarter of a second to load, which no run spends before its first step

    days = pd.DatetimeIndex(rows["day"].to_list(), name="day")
    return pd.DataFrame(rows.drop("day").to_dict(as_series=False), index=days)


def _days(day: date) -> "pd.DatetimeIndex":
    import pandas as pd  # noqa: PLC0415

    return pd.date_range(end=day, periods=SHOWN_DAYS)


def _whole(counts: "pd.DataFrame", name: str) -> pl.DataFrame:
    """Return counts beside the days of their rows, under *name*; what was not counted is 0."""
    whole = counts.fillna(0).astype("int64")
    days = pl.Series(name, [each.date() for each in whole.index], pl.Date)
    return pl.DataFrame([days, *(pl.Series(str(column), whole[column].tolist(), pl.Int64) for column in whole)])
