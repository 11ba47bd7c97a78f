"""Reading a column of days, whatever its domain: which day a cell means, or which days it may mean.

Some columns are read elsewhere, as more is known of them. A birth date has a range, and its rejects name short years
and numbers of days (``birth_dates``). What happened at a time of some clock is read with it (``wall_times``). Where
something expires, a month alone is a date too (``expiry_dates``, which otherwise reads days as here).
"""

import polars as pl

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn
from tasks.core.checking.day_order import DayOrder

_YEAR_FIRST = r"^[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\.[0-9]{1,2}\.[0-9]{1,2})$"
_EIGHT_DIGITS = r"^[0-9]{8}$"
_DOTTED = r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}$"
_YEAR_LAST = r"^(?:[0-9]{1,2}-[0-9]{1,2}-|[0-9]{1,2}/[0-9]{1,2}/)[0-9]{4}$"


def days_meant(cells: pl.Series, order: DayOrder) -> pl.DataFrame:
    """Return the ``earliest, latest`` day that each cell may mean; both are null where it is no day.

    Read are year-month-day, eight digits, ``dd.mm.yyyy``, and day and month in either order before the year. Both days
    differ only where the column does not settle the *order* of day and month.
    """
    cell = pl.col("cell")
    first = (
        pl.when(cell.str.contains(_YEAR_FIRST))
        .then(_day(0, 1, 2))
        .when(cell.str.contains(_EIGHT_DIGITS))
        .then(cell.str.to_date("%Y%m%d", strict=False))
        .when(cell.str.contains(_DOTTED) | (cell.str.contains(_YEAR_LAST) & pl.lit(order != "month first")))
        .then(_day(2, 1, 0))
    )
    second = pl.when(cell.str.contains(_YEAR_LAST) & pl.lit(order != "day first")).then(_day(2, 0, 1))
    parts = pl.DataFrame({"cell": cells}).with_columns(numbers=cell.str.extract_all("[0-9]+"))
    return parts.select(earliest=pl.min_horizontal(first, second), latest=pl.max_horizontal(first, second))


def read_days(cells: pl.Series, order: DayOrder) -> ReadColumn:
    """Read days as dates, by one *order* of day and month, that of the whole column.

    *cells* is trimmed text without nulls. Rejects: CELL_EMPTY, DAY_AMBIGUOUS, DAY_UNREADABLE for all others.
    """
    meant = days_meant(cells, order).with_columns(cell=cells).with_row_index("index")
    one = pl.col("earliest") == pl.col("latest")
    code = (
        pl.when(pl.col("cell") == "")
        .then(pl.lit("CELL_EMPTY"))
        .when(pl.col("earliest").is_null())
        .then(pl.lit("DAY_UNREADABLE"))
        .otherwise(pl.lit("DAY_AMBIGUOUS"))
    )
    either = pl.format("{} or {}", "earliest", "latest").fill_null("")
    unread = meant.filter(~one.fill_null(False)).select("index", code=code, detail=either)
    return ReadColumn(
        values=meant.select(pl.when(one).then("earliest")).to_series(), rejects=unread.cast(CELL_REJECTS_SCHEMA)
    )


def _day(year: int, month: int, day: int) -> pl.Expr:
    """Return the day whose numbers stand in these places, null where the calendar has none."""
    places = [pl.col("numbers").list.get(place, null_on_oob=True) for place in (year, month, day)]
    return pl.format("{}-{}-{}", *places).str.to_date("%Y-%m-%d", strict=False)
