"""Find the orders that never arrived in the till, and plan what makes just those sync again."""

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.context import settings, target, web_shop
from schemas.domain import Limits
from schemas.orders.pages import Fetched, OrdersAsked
from schemas.orders.records import SALES
from schemas.problems import FileNeedsFixing
from schemas.records import Plan, Run, Snapshot, Validated
from schemas.tables import Concern
from schemas.web_shop import WEB_ORDERS
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.orders.objects import parsed
from tasks.core.web_shop.nudges import decide_nudges, not_arrived
from tasks.core.wording.words import counted, were
from tasks.orders.fetch import load_pages
from tasks.web_shop.products import listed


def orders_asked(order_ids: str, from_on: str, to_on: str, statuses: str) -> OrdersAsked:
    """Read what a person wrote on a form.

    Raises:
        FileNeedsFixing: Neither days nor orders are named, or both.
    """
    if order_ids.strip() and (from_on or to_on):
        raise FileNeedsFixing("Name either orders (order_ids) or days (from_on, to_on), then run again.")
    if not (order_ids.strip() or from_on):
        raise FileNeedsFixing("Name the orders (order_ids), or the first day to look at (from_on), then run again.")
    ids, wanted = (tuple(text.replace(",", " ").split()) for text in (order_ids, statuses))
    return OrdersAsked(order_ids=ids, from_on=from_on, to_on=to_on, statuses=wanted)


@step
def list_named(run: Run, asked: OrdersAsked) -> Validated:
    """Take the orders that a person named, whether they arrived or not.

    Raises:
        FileNeedsFixing: One of them is no id of an order.
    """
    wrong = [text for text in asked.order_ids if not (text.isascii() and text.isdigit())]
    if wrong:
        raise FileNeedsFixing(f"{wrong[0]!r} is no id of an order. Ids are numbers, such as 1042; see the shop's list.")
    ids = pl.Series("order_id", sorted({str(int(text)) for text in asked.order_ids}, key=int), dtype=pl.String)
    return listed(
        run,
        ids.to_frame(),
        (f"{counted(ids.len(), 'order')} {were(ids.len())} named; whether they arrived was not asked",),
    )


@step
def list_not_arrived(run: Run, fetched: Fetched) -> Validated:
    """Take the fetched orders of which the till has no sale."""
    ids = [str(order["id"]) for page in load_pages(fetched, "orders") for order in parsed(page)]
    shop_orders = pl.Series("order_id", ids, dtype=pl.String).unique()
    source = settings().woo_source
    sales = target("sql").read(SALES, f"{source}:" + shop_orders)["order_key"]
    missing = not_arrived(shop_orders, source, sales)
    arrived = shop_orders.len() - missing.height
    return listed(run, missing, (*fetched.reading, f"{arrived:,} of them are in the till"))


@step
def plan_nudge(run: Run, rows: Validated, before: Snapshot, limits: Limits) -> Plan:
    """Plan a mark for each order that does not bear this one yet."""
    changes, unchanged = decide_nudges(load_frame(rows.accepted), load_frame(before.records), reference_of(run))
    concerns = _concerns(changes.filter(kind="update").height)
    draft = Draft(changes=changes, unchanged=unchanged, options={"reference": reference_of(run)}, concerns=concerns)
    return finalise_plan(run, WEB_ORDERS, draft, before, limits)


def _concerns(marked: int) -> tuple[Concern, ...]:
    """Say whether whoever asks the shop what changed will not see the marks."""
    if not marked or web_shop().stores_orders_in != "posts":
        return ()
    says = (
        f"{counted(marked, 'order')} would get a mark, but this web shop stores orders the old way, where a mark does "
        "not move the date of change: an integration that asks what changed does not see them, one that is told by "
        "the shop does"
    )
    return (Concern(code="WEB_ORDERS_IN_POSTS", says=says),)


def reference_of(run: Run) -> str:
    """Return what this nudge is called: an order is nudged once under each name."""
    return run.options["reference"] or run.started_at.strftime("%Y-%m-%d")
