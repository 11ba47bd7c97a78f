"""Days and times of a report, told in the shop's time zone -> instants in UTC.

An hour that the clocks skip is an hour that nothing failed in: a reject. Of one that they repeat the first is
taken: the failure then expires an hour too early rather than too late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from schemas.loyalty.records import DAYS_SHOWN
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn
from tasks.core.checking.day_order import DayOrder

_TIME = r"(?:(?:[T ]+|, *)(?P<hour>[0-9]{1,2})[:.h](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?)?"
_HALF = r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
_OFFSET = r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
_YEAR_FIRST = r"(?P<year>[0-9]{4})[-/.](?P<one>[0-9]{1,2})[-/.](?P<two>[0-9]{1,2})"
_YEAR_LAST = r"(?P<one>[0-9]{1,2})[-/.](?P<two>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"
_SLACK = 2
"""Days by which a report may show more than it should: clocks differ, and files lie about."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """In which time zone a source tells its times, and the last day that can have failures."""

    zone: str
    today: date


@dataclass(frozen=True, kw_only=True)
class ReadTimes:
    """``at`` holds instants in UTC, null where unreadable. ``twice`` counts those of a repeated hour."""

    at: ReadColumn
    twice: int


def read_times(cells: pl.Series, clock: Clock) -> ReadTimes:
    """Read *cells* (trimmed text without nulls), by one order of day and month for the whole column.

    Read are year-month-day, and day and month in either order before the year, with or without a time,
    am and pm, or an offset from UTC. Without a time, the day begins.
    """
    parts = _parts(cells)
    order = _concluded(parts, clock.today)
    walled = parts.with_columns(wall=_wall(order))
    read = walled.with_columns(at=_instants(clock.zone), earliest=_localised(clock.zone, "earliest"))
    local = pl.col("at").dt.convert_time_zone(clock.zone).dt.date()
    coded = read.with_columns(ahead=local > clock.today).with_columns(code=_code(order))
    rejects = coded.with_row_index("index").filter(pl.col("code").is_not_null())
    values = coded.select(pl.when(pl.col("code").is_null()).then("at")).to_series()
    twice = coded.filter(pl.col("code").is_null() & (pl.col("earliest") != _localised(clock.zone, "latest"))).height
    return ReadTimes(
        at=ReadColumn(
            values=values, rejects=rejects.select("index", "code", detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
        ),
        twice=twice,
    )


def _parts(cells: pl.Series) -> pl.DataFrame:
    """Take each cell apart into numbers; all are null where it is no day."""
    first, last = (f"^{day}{_TIME}{_HALF}{_OFFSET}$" for day in (_YEAR_FIRST, _YEAR_LAST))
    taken = pl.DataFrame({"cell": cells}).select(
        first=pl.col("cell").str.extract_groups(first), last=pl.col("cell").str.extract_groups(last)
    )
    names = ("year", "one", "two", "hour", "minute", "second")
    numbers = [pl.coalesce(_field("first", name), _field("last", name)).cast(pl.Int32).alias(name) for name in names]
    texts = [pl.coalesce(_field("first", name), _field("last", name)).alias(name) for name in ("half", "offset")]
    return taken.select(*numbers, *texts, year_first=_field("first", "year").is_not_null())


def _field(group: str, name: str) -> pl.Expr:
    return pl.col(group).struct.field(name)


def _concluded(parts: pl.DataFrame, today: date) -> DayOrder:
    """Conclude the order from the days that are possible, and that a report of these weeks can show."""
    orders: Sequence[DayOrder] = ("day first", "month first")
    some_day = pl.any_horizontal(_day(order).is_not_null() for order in orders)
    unsure = parts.filter(~pl.col("year_first"), some_day)
    if unsure.is_empty():
        return "day first"
    possible = [order for order in orders if unsure.select(_day(order).is_not_null().all()).item()]
    since = today - timedelta(days=DAYS_SHOWN + _SLACK)
    shown = [order for order in possible if unsure.select(_day(order).is_between(since, today).all()).item()]
    return next((found[0] for found in (shown, possible) if len(found) == 1), "unsettled")


def _day(order: DayOrder) -> pl.Expr:
    """Return the day by one order; of an unsettled one only where both are the same."""
    last_day, last_month = ("one", "two") if order == "day first" else ("two", "one")
    month = pl.when("year_first").then("one").otherwise(last_month)
    day = pl.when("year_first").then("two").otherwise(last_day)
    settled = pl.col("year_first") | (pl.col("one") == pl.col("two")) | pl.lit(order != "unsettled")
    text = pl.format("{}-{}-{}", "year", month, day).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(settled).then(text)


def _wall(order: DayOrder) -> pl.Expr:
    """Return what the clock on the wall showed, null where no clock does."""
    half = pl.col("half").str.to_lowercase()
    hour = pl.col("hour").fill_null(0)
    of_day = (
        pl.when(half.is_null())
        .then(hour)
        .when(hour.is_between(1, 12))
        .then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    )
    text = pl.format("{} {}:{}:{}", _day(order), of_day, pl.col("minute").fill_null(0), pl.col("second").fill_null(0))
    return text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)


def _localised(zone: str, which: Literal["earliest", "latest"]) -> pl.Expr:
    local = pl.col("wall").dt.replace_time_zone(zone, ambiguous=which, non_existent="null")
    return pl.when(pl.col("offset").is_null()).then(local.dt.convert_time_zone("UTC"))


def _instants(zone: str) -> pl.Expr:
    """Return the instants: by the offset that stands there, else by the shop's clock."""
    digits = pl.col("offset").replace({"Z": "+0000"}).str.replace(":", "", literal=True)
    minutes = digits.str.slice(1, 2).cast(pl.Int64) * 60 + digits.str.slice(3, 2).cast(pl.Int64)
    east = pl.when(digits.str.starts_with("-")).then(-minutes).otherwise(minutes)
    absolute = pl.col("wall").dt.replace_time_zone("UTC") - pl.duration(minutes=east)
    return pl.when(pl.col("offset").is_null()).then(_localised(zone, "earliest")).otherwise(absolute)


def _code(order: DayOrder) -> pl.Expr:
    """Say why a cell gave no instant."""
    unsettled = (order == "unsettled") & ~pl.col("year_first") & pl.col("year").is_not_null()
    return (
        pl.when(pl.col("at").is_not_null())
        .then(pl.when("ahead").then(pl.lit("LOYALTY_TIME_AHEAD")))
        .when(pl.col("wall").is_not_null())
        .then(pl.lit("LOYALTY_TIME_SKIPPED"))
        .when(unsettled)
        .then(pl.lit("LOYALTY_TIME_AMBIGUOUS"))
        .otherwise(pl.lit("LOYALTY_TIME"))
    )
