"""From where to follow a shop, and how far a run came.

A shop tells changes to the second, and saves while it is asked. So each run asks again for what was changed
shortly before the last one ended; orders that are there already cost nothing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from schemas.orders.cursor import Cursor
from schemas.problems import FileNeedsFixing
from tasks.core.orders.instants import WRITTEN, in_utc
from tasks.core.orders.objects import read_pages

_CHANGED = pl.Schema({"id": pl.String, "date_modified_gmt": pl.String})
_NOTHING = ("", 0)


def asked_from(cursor: Cursor, overlap: timedelta) -> str:
    """Return the instant after which changes are asked for."""
    return (datetime.strptime(cursor.modified_at, WRITTEN) - overlap).strftime(WRITTEN)


def start_of(day: str, zone: ZoneInfo) -> str:
    """Return the instant after which everything is of *day* of the shop, or later.

    Raises:
        FileNeedsFixing: It is no day.
    """
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise FileNeedsFixing(f"{day!r} is no day. Write it like 2024-03-31.") from None
    begins = datetime.combine(on, time(), tzinfo=zone).astimezone(UTC)
    return (begins - timedelta(seconds=1)).strftime(WRITTEN)


def reached_cursor(pages: Iterable[bytes], source: str, before: Cursor | None, up_to: str) -> Cursor | None:
    """Return how far the orders on these *pages* reach, or *before* where that is further; never beyond *up_to*.

    All that were fetched count: what became of an order that could not be taken in is in the run's own files.
    What was ordered from *up_to* on was not asked for. An old order may have been changed later than that and still be
    on a page that came late: to go by it would leave out what was ordered in between.
    """
    at, order_id = max((_newest(page) for page in pages), default=_NOTHING)
    reached = (min(at, up_to), order_id)
    if not reached[0] or (before and _place(before) >= reached):
        return before
    return Cursor(source=source, modified_at=reached[0], order_id=str(order_id))


def still_held(changes: pl.DataFrame, source: str) -> pl.Series:
    """Return the ids of the shop's orders that a plan holds, or leaves to people as conflicts."""
    held = changes.filter(pl.col("kind").is_in(["held", "conflict"])).get_column("order_key")
    ours = held.filter(held.str.starts_with(f"{source}:")).str.strip_prefix(f"{source}:").alias("order_id")
    return ours.unique().sort()


def _newest(page: bytes) -> tuple[str, int]:
    """Return when the last changed order of a page was changed, and its id."""
    changed = in_utc(pl.col("date_modified_gmt"), pl.lit(None, pl.String), "UTC")
    changed_orders = read_pages([page], _CHANGED).select(changed.alias("at"), pl.col("id").str.to_integer(strict=False))
    return max((row for row in changed_orders.drop_nulls().iter_rows()), default=_NOTHING)


def _place(cursor: Cursor) -> tuple[str, int]:
    return cursor.modified_at, int(cursor.order_id)
