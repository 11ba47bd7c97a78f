"""Compare the orders of the web shop with the sales of the till. Nothing is changed on either side."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

import polars as pl

from infra.artifacts.run_files import load_frame, save_report_table
from infra.clock import now
from infra.connectors import BooksByOrder
from infra.context import settings, target, web_shop
from infra.parallel import in_parallel
from schemas.observed import Observed
from schemas.orders.pages import Fetched, OrdersAsked
from schemas.orders.records import ORDERS
from schemas.records import Run, Snapshot, Validated
from tasks.chain.snapshot import take_snapshot, take_whole_snapshot
from tasks.chain.step import step
from tasks.core.orders.comparison import compared, different, summary_line, unseen_sales
from tasks.core.orders.cursor import start_of
from tasks.core.orders.instants import WRITTEN
from tasks.core.orders.objects import ORDER_SHAPE, read_pages
from tasks.orders.fetch import load_pages
from tasks.orders.match import lines_among
from tasks.stock.snapshot import stock_of

_TITLE = "Orders, shop and till compared"


@step
def ask_for_days(days: int, from_on: str, to_on: str) -> OrdersAsked:
    """Return which orders are compared: those of the days that are named, or of the last *days*."""
    if from_on:
        return OrdersAsked(from_on=from_on, to_on=to_on)
    today = now().astimezone(ZoneInfo(settings().time_zone)).date()
    return OrdersAsked(from_on=(today - timedelta(days=days)).isoformat(), to_on=to_on)


@step
def snapshot_compared(run: Run, asked: OrdersAsked, validated: Validated) -> Snapshot:
    """Read the sales that orders are compared with: all, or where each is asked for by itself, those of the days."""
    connector = target(run.target)
    if not isinstance(connector, BooksByOrder):
        return take_whole_snapshot(run, ORDERS)
    after, before = _between(asked)
    keys = pl.concat([load_frame(validated.accepted)["order_key"], connector.booked(after, before)])
    return take_snapshot(run, ORDERS, keys.unique(maintain_order=True))


@step
def compare_orders(run: Run, asked: OrdersAsked, fetched: Fetched, validated: Validated, held: Snapshot) -> Observed:
    """Compare by id, by worth and by content, and ask the shop what became of orders that it no longer lists."""
    orders, sales = load_frame(validated.accepted), load_frame(held.records)
    source = settings().woo_source
    after, before = _between(asked)
    unseen = unseen_sales(_seen(fetched, source), sales, source=source, after=after, before=before)
    shown = compared(orders, sales, _different(run, validated, sales), _with_fates(unseen))
    differ = (
        sum(rows.height for report_table, rows in shown if report_table.name != "comparison") + validated.rows.rejected
    )
    return Observed(
        title=_TITLE,
        outcome="differences" if differ else "looked",
        says=summary_line(shown),
        report_tables=tuple(
            save_report_table(run.run_id, report_table, rows) for report_table, rows in shown if rows.height
        ),
        rows=validated.rows,
        reading=validated.reading,
        next_steps=_next_steps(shown[1][1]["order_id"].to_list()),
    )


def _different(run: Run, validated: Validated, sales: pl.DataFrame) -> pl.DataFrame:
    orders, lines = load_frame(validated.accepted), load_frame(lines_among(validated))
    both = sales["order_key"].filter(sales["order_key"].is_in(orders["order_key"].implode()))
    return different(orders, lines, sales, stock_of(run.target, target(run.target)).edited_lines(both))


def _seen(fetched: Fetched, source: str) -> pl.Series:
    """Return the keys of all orders that came, those that could not be read too."""
    slim = pl.Schema({"id": ORDER_SHAPE["id"]})
    ids = read_pages([*load_pages(fetched, "orders")], slim)
    return ids.select(pl.format("{}:{}", pl.lit(source), "id").alias("order_key")).to_series().drop_nulls()


def _between(asked: OrdersAsked) -> tuple[str, str]:
    """Return the instants between which orders are compared."""
    zone = ZoneInfo(settings().time_zone)
    return start_of(asked.from_on, zone), _end(asked, zone)


def _end(asked: OrdersAsked, zone: ZoneInfo) -> str:
    """Return the end of the days that are compared; the last hour of today is left to the next run."""
    latest = now() - timedelta(hours=1)
    if asked.to_on:
        day = datetime.fromisoformat(asked.to_on).date() + timedelta(days=1)
        latest = min(latest, datetime.combine(day, time(), tzinfo=zone))
    return latest.astimezone(UTC).strftime(WRITTEN)


def _with_fates(unseen: pl.DataFrame) -> pl.DataFrame:
    """Return the sales whose orders are in the shop's trash, or deleted for good; others are elsewhere in it."""
    ids = [key.rpartition(":")[2] for key in unseen["order_key"]]
    trashed = _trash() if ids else set()
    rest = [order_id for order_id in ids if order_id not in trashed]
    there = dict(zip(rest, in_parallel(partial(_is_there), rest, settings().woo_connections), strict=True))
    fates = ["trashed" if order_id in trashed else None if there[order_id] else "deleted" for order_id in ids]
    return unseen.with_columns(fate=pl.Series(fates, dtype=pl.String)).filter(pl.col("fate").is_not_null())


def _trash() -> set[str]:
    """List the ids in the shop's trash: they are in no other list."""
    ids: set[str] = set()
    for number in count(1):
        page = web_shop().orders({"status": "trash", "_fields": "id"}, number)
        ids |= {str(item["id"]) for item in page.items}
        if not page.items:
            return ids
    return ids


def _is_there(order_id: str) -> bool:
    return web_shop().order(order_id) is not None


def _next_steps(missing: list[str]) -> tuple[str, ...]:
    if not missing:
        return ()
    return (f"Import the missing orders by their ids: {', '.join(missing[:20])}.",)
