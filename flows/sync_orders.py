"""Follow a web shop: bring in what was ordered and changed since the last run."""

from prefect import flow

from schemas.named_plans import NamedPlan
from schemas.orders.records import ORDERS
from schemas.orders.steps import MissingProducts
from schemas.records import Mode, RunReport
from schemas.stock import StockEffect
from schemas.target_names import SaleTarget
from tasks.chain.begin import begin
from tasks.chain.flow_states import with_readable_state
from tasks.chain.former_names import taking_former_names
from tasks.chain.forms import with_titles
from tasks.chain.usual_limits import usual_limits
from tasks.orders.cursor import advance_cursor, resume_from
from tasks.orders.fetch import fetch_orders
from tasks.orders.sales import book_sales, plan_sales
from tasks.orders.validate import validate_fetched_orders
from tasks.stock.snapshot import find_place


@with_titles
@taking_former_names
@flow(name="sync-orders", flow_run_name="sync-orders: {mode}")
@with_readable_state
def sync_orders(
    mode: Mode = "preview",
    since: str = "",
    at_register: str = "",
    on_missing_product: MissingProducts = "hold",
    stock: StockEffect = "deduct",
    target: SaleTarget = "sql",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_changed_percent: int | None = None,
    max_added: int | None = None,
    max_amount: int | None = None,
    max_minutes: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Follow the web shop: bring in what was ordered and changed since the last run.

    How far the shop was followed is remembered, and moves on only when everything that was planned is done:
    after a break, however long, the next run goes on from there and never starts over. An order that changed
    after it was imported moves stock by the difference. Safe to retry.

    Args:
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        since: For the very first run, the day from which on the shop is followed, e.g. 2024-03-31.
        at_register: The register the sales are booked on, by name or id; its outlet's stock moves. Empty for
            that of the settings, or the only one.
        on_missing_product: What to do with an order one of whose products the till does not have. hold leaves
            the whole order for later. create makes the product. map looks it up in mappings/orders.csv of the
            inbox, and holds what is not in there.
        stock: deduct takes what was sold out of the stock. neutral writes the sales and leaves stock as it is.
        target: Where the sales go: the till's database (sql), Lightspeed Retail by its API (lightspeed_x_till), or
            nowhere, for practice (memory).
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many sales may change without approval, if more than usual.
        max_changed_percent: Which share of the existing sales may change without approval, if more than usual.
        max_added: How much may be added in all without approval, in whole units, if more than usual.
        max_amount: How much one order may be worth without approval, in whole units, if more than usual.
        max_minutes: How long writing may take without approval, in a system that counts calls, if longer than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(ORDERS).raised(
        rows=max_changed_rows, percent=max_changed_percent, added=max_added, amount=max_amount, minutes=max_minutes
    )
    run = begin(
        domain=ORDERS.name,
        flow="sync-orders",
        mode=mode,
        target=target,
        source="the web shop",
        options={"at_register": at_register, "on_missing_product": on_missing_product, "stock": stock},
        submitted_by=submitted_by,
    )
    place = find_place(run, at_register, stock)
    fetched = fetch_orders(run, resume_from(run, since))
    validated = validate_fetched_orders(run, fetched)
    planned = plan_sales(run, validated, place, on_missing_product, limits)
    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    ended = book_sales(run, validated, planned, planned.plans.report_tables, named)
    if ended.receipt:
        advance_cursor(run, fetched, planned.plans.sales, ended.receipt)
    return ended.report
