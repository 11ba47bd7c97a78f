"""Counts of failures as series of days, those too on which nothing happened. Days are the shop's.

pandas lays them out: a row for every day of a range, what was last known carried on.
"""

from datetime import date
from typing import TYPE_CHECKING, get_args

import polars as pl

from schemas.loyalty.records import ReasonCode

if TYPE_CHECKING:
    import pandas as pd

SHOWN_DAYS = 30


def by_reason(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the last thirty days, with a column for each reason, of *rows* (``day, reason_code, failures``)."""
    counted = _of_days(rows).pivot(columns="reason_code", values="failures")
    return _shown(counted.reindex(columns=list(get_args(ReasonCode))), day)


def open_at_the_end(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return of the last thirty days how many were ``open`` at the end of each, of *rows* (``day, new, settled``)."""
    moved = _of_days(rows).sort_index()
    still_open = (moved["new"] - moved["settled"]).cumsum().reindex(_days(day), method="ffill")
    return _shown(moved.reindex(_days(day)).assign(open=still_open)[["open", "new", "settled"]], day)


def _of_days(rows: pl.DataFrame) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a quarter of a second to load, which no run spends before its first step

    days = pd.DatetimeIndex(rows["day"].to_list(), name="day")
    return pd.DataFrame(rows.drop("day").to_dict(as_series=False), index=days)


def _days(day: date) -> "pd.DatetimeIndex":
    import pandas as pd  # noqa: PLC0415

    return pd.date_range(end=day, periods=SHOWN_DAYS, name="day")


def _shown(counts: "pd.DataFrame", day: date) -> pl.DataFrame:
    days = _days(day)
    whole = counts.reindex(days).fillna(0).astype("int64")
    return pl.DataFrame(
        {"day": [each.date() for each in days], **{name: whole[name].tolist() for name in whole.columns}}
    )
