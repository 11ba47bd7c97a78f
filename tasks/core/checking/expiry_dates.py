"""Reading dates until which something counts: as days are read anywhere, but a month alone means its last day."""

import polars as pl

from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.days import days_meant

TIME = r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?i:am|pm))?(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?$"
"""A time behind a date, which says nothing of the day."""

_MONTH = r"^(?:(?<y1>[0-9]{4})[-/](?<m1>[0-9]{1,2})|(?<m2>[0-9]{1,2})[-/.](?<y2>[0-9]{4}))$"


def last_days_meant(texts: pl.Series, order: DayOrder) -> pl.DataFrame:
    """Return the ``earliest, latest`` day until which each text may mean; both are null where it is no date."""
    month = pl.col("text").str.extract_groups(_MONTH).struct
    year_and_month = (
        pl.coalesce(month.field("y1"), month.field("y2")),
        pl.coalesce(month.field("m1"), month.field("m2")),
    )
    first = pl.format("{}-{}-1", *year_and_month).str.to_date("%Y-%m-%d", strict=False)
    months = pl.DataFrame({"text": texts}).select(last=first.dt.month_end()).to_series()
    return days_meant(texts, order).select(pl.all().fill_null(months))
