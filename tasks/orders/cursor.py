"""Go on following the web shop where the last run ended, and remember how far this one came."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from infra.artifacts.run_files import load_frame, save_frame
from infra.clock import now
from infra.context import ledger, settings
from schemas import file_names
from schemas.orders.pages import Fetched, OrdersAsked
from schemas.problems import FileNeedsFixing
from schemas.records import Plan, Receipt, Run
from tasks.chain.step import step
from tasks.core.orders.cursor import asked_from, reached_cursor, start_of, still_held
from tasks.orders.fetch import load_pages


@step
def resume_from(_run: Run, since: str) -> OrdersAsked:
    """Ask for what has changed since the last run, and what is held since; *since* is for the very first run only.

    Raises:
        FileNeedsFixing: The shop was never followed, and nobody says from when.
    """
    ours = settings()
    cursor = ledger().cursors.find(ours.woo_source)
    if cursor:
        after = asked_from(cursor, timedelta(minutes=ours.woo_overlap_minutes))
        return OrdersAsked(modified_after=after, again=_held_by(cursor.by_run))
    if not since:
        raise FileNeedsFixing(
            "This shop was never followed. Say from which day on, with since=2024-03-31; what was ordered before and "
            "has not changed since comes in by importing orders."
        )
    return OrdersAsked(modified_after=start_of(since, ZoneInfo(ours.time_zone)))


@step
def advance_cursor(run: Run, fetched: Fetched, sales: Plan, receipt: Receipt) -> None:
    """Remember how far the shop was followed and which orders are held, if everything that was planned is done.

    After a conflict that was not foreseen, a refusal or an answer that got lost, the next run asks for the same again.
    """
    counts, before = receipt.counts, ledger().cursors.find(settings().woo_source)
    met = counts.conflict - sales.counts.conflict
    cursor = reached_cursor(load_pages(fetched, "orders"), settings().woo_source, before, fetched.up_to)
    if cursor and cursor != before and not (met or counts.refused or counts.unknown):
        held = still_held(load_frame(sales.changes), settings().woo_source)
        save_frame(run.run_id, file_names.HELD_ORDERS, held.to_frame())
        ledger().cursors.advance(cursor, run.run_id, now())


def _held_by(run_id: str) -> tuple[str, ...]:
    """Return the orders that were held when a shop was followed so far: a change at the till moves no date there."""
    stored = ledger().list_latest_artifacts(run_id).get(file_names.HELD_ORDERS)
    return tuple(load_frame(stored)["order_id"]) if stored else ()
