"""Go on following the web shop where the last run ended, and remember how far this one came."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from infra.clock import now
from infra.opening import ledger
from infra.settings import settings
from schemas.fetched import Fetched, OrdersAsked
from schemas.problems import FileNeedsFixing
from schemas.records import Receipt, Run
from schemas.syncing import Following
from tasks.core.orders.following import asked_from, came_to, start_of
from tasks.fetch_orders import load_pages
from tasks.step import step


@step
def follow_from(_run: Run, since: str) -> Following:
    """Ask for what has changed since the last run; *since* is for the first one only, which has none before it.

    Raises:
        FileNeedsFixing: The shop was never followed, and nobody says from when.
    """
    ours = settings()
    cursor = ledger().find_cursor(ours.woo_source)
    if cursor:
        after = asked_from(cursor, timedelta(minutes=ours.woo_overlap_minutes))
        return Following(asked=OrdersAsked(modified_after=after), since=cursor)
    if not since:
        raise FileNeedsFixing(
            "This shop was never followed. Say from which day on, with since=2024-03-31; what was ordered before and "
            "has not changed since comes in by importing orders."
        )
    return Following(asked=OrdersAsked(modified_after=start_of(since, ZoneInfo(ours.time_zone))), since=None)


@step
def come_to(run: Run, following: Following, fetched: Fetched, receipt: Receipt) -> None:
    """Remember how far the shop was followed, if everything that was planned is done.

    After a conflict, a refusal or an answer that got lost, the next run asks for the same again.
    """
    counts = receipt.counts
    cursor = came_to(load_pages(fetched, "orders"), settings().woo_source, following.since)
    if cursor and cursor != following.since and not (counts.conflict or counts.refused or counts.unknown):
        ledger().advance_cursor(cursor, run.run_id, now())
