"""Days and times of a report, told in the shop's time zone -> instants in UTC.

An hour that the clocks skip is an hour that nothing failed in: a reject. Of one that they repeat the first is
taken: the failure then expires an hour too early rather than too late.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from schemas.loyalty.records import DAYS_SHOWN
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn
from tasks.core.checking.wall_times import read_wall_times

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
    shown = (clock.today - timedelta(days=DAYS_SHOWN + _SLACK), clock.today)
    times = read_wall_times(cells, shown)
    settled = pl.col("either").is_null() | pl.lit(times.order != "unsettled")
    walled = times.read.with_columns(wall=pl.when(settled).then("wall"), settled=settled)
    read = walled.with_columns(at=_instants(clock.zone), earliest=_localised(clock.zone, "earliest"))
    local = pl.col("at").dt.convert_time_zone(clock.zone).dt.date()
    coded = read.with_columns((local > clock.today).alias("ahead of today")).with_columns(code=_code())
    rejects = coded.with_row_index("index").filter(pl.col("code").is_not_null())
    values = coded.select(pl.when(pl.col("code").is_null()).then("at")).to_series()
    twice = coded.filter(pl.col("code").is_null() & (pl.col("earliest") != _localised(clock.zone, "latest"))).height
    return ReadTimes(
        at=ReadColumn(
            values=values, rejects=rejects.select("index", "code", detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
        ),
        twice=twice,
    )


def _localised(zone: str, which: Literal["earliest", "latest"]) -> pl.Expr:
    local = pl.col("wall").dt.replace_time_zone(zone, ambiguous=which, non_existent="null")
    return pl.when(pl.col("ahead").is_null()).then(local.dt.convert_time_zone("UTC"))


def _instants(zone: str) -> pl.Expr:
    """Return the instants: by the zone that stands there, else by the shop's clock."""
    absolute = pl.col("wall").dt.replace_time_zone("UTC") - pl.duration(minutes="ahead")
    return pl.when(pl.col("ahead").is_null()).then(_localised(zone, "earliest")).otherwise(absolute)


def _code() -> pl.Expr:
    """Say why a cell gave no instant."""
    return (
        pl.when(pl.col("at").is_not_null())
        .then(pl.when("ahead of today").then(pl.lit("LOYALTY_TIME_AHEAD")))
        .when(pl.col("wall").is_not_null())
        .then(pl.lit("LOYALTY_TIME_SKIPPED"))
        .when("settled")
        .then(pl.lit("LOYALTY_TIME"))
        .otherwise(pl.lit("LOYALTY_TIME_AMBIGUOUS"))
    )
