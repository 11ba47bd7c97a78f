"""When an order of an export was placed: on the clocks of the shop, or in UTC where the cell names its zone."""

from dataclasses import dataclass

import polars as pl

from tasks.core.checking.wall_times import read_wall_times

_WRITTEN = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, kw_only=True)
class DatesRead:
    """A column of dates, cell by cell: ``local`` or ``utc``, each as ``2024-03-09T14:02:11`` and null where the other
    holds or neither can be read; and ``twofold``, the two readings of a cell that nothing settles.
    """

    read: pl.DataFrame
    says: str


def read_dates(cells: pl.Series) -> DatesRead:
    """Read a column of dates, null where nothing stands; and say which order of day and month it has, if any."""
    times = read_wall_times(cells)
    wall, ahead = pl.when("timed").then("wall"), pl.col("ahead")
    doubtful = pl.col("wall").is_null() & pl.lit(times.order == "unsettled")
    read = times.read.select(
        "cell",
        local=pl.when(ahead.is_null()).then(wall).dt.strftime(_WRITTEN),
        utc=pl.when(ahead.is_not_null()).then(wall - pl.duration(minutes=ahead)).dt.strftime(_WRITTEN),
        twofold=pl.when(doubtful).then("either"),
    )
    says = "" if times.order == "unsettled" else f"dates: {times.order} (concluded from the column)"
    return DatesRead(read=read, says=says)
