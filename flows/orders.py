"""Bring the order history of a web shop into the till, with its stock right to the unit."""

from prefect import flow

from schemas.named_plans import NamedPlan
from schemas.orders.pages import OrdersAsked
from schemas.orders.records import ORDERS
from schemas.orders.steps import MissingProducts
from schemas.records import Mode, Run, RunReport, Validated
from schemas.stock import StockEffect
from schemas.target_names import SaleTarget
from tasks.chain.begin import begin
from tasks.chain.extract import extract
from tasks.chain.flow_states import with_readable_state
from tasks.chain.former_names import taking_former_names
from tasks.chain.forms import with_titles
from tasks.chain.usual_limits import usual_limits
from tasks.core.checking.number_formats import NumberFormatName
from tasks.core.planning.chosen_lines import LINES
from tasks.orders.catalogue import AskedOf
from tasks.orders.fetch import fetch_orders
from tasks.orders.sales import book_sales, plan_sales
from tasks.orders.validate import validate_fetched_orders, validate_order_file
from tasks.stock.snapshot import find_place
from tasks.web_shop.overwrites import preview_overwrites


@with_titles
@taking_former_names
@flow(name="orders", flow_run_name="orders: {mode} {inbox_key}")
@with_readable_state
def import_orders(
    inbox_key: str = "",
    at_register: str = "",
    from_on: str = "",
    to_on: str = "",
    statuses: tuple[str, ...] = (),
    order_ids: tuple[str, ...] = (),
    on_missing_product: MissingProducts = "hold",
    stock: StockEffect = "deduct",
    mode: Mode = "preview",
    number_format: NumberFormatName = "auto",
    lines: str = "",
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
    """Bring the order history of a web shop into the till, with its stock right to the unit.

    Every order is checked to the cent, products and stock are backed up, and what the orders do to stock is
    shown before anything changes. An order is in the till once, however often it is imported; one that
    changed since moves stock by the difference. Safe to retry.

    Args:
        inbox_key: A file in the inbox, e.g. orders/history.json, or the corrections of orders that wait. Empty
            to fetch the orders from the web shop of the settings.
        at_register: The register the sales are booked on, by name or id; its outlet's stock moves. Empty for
            that of the settings, or the only one.
        from_on: From the web shop, orders of this day on, e.g. 2024-01-31. Empty means from the first.
        to_on: From the web shop, orders up to this day.
        statuses: From the web shop, orders of these statuses only, e.g. completed. Empty means all.
        order_ids: From the web shop, just these orders, by id; then no days and no statuses.
        on_missing_product: What to do with an order one of whose products the till does not have. hold leaves
            the whole order for later. create makes the product. map looks it up in mappings/orders.csv of the
            inbox, and holds what is not in there.
        stock: deduct takes what was sold out of today's stock. neutral writes the history and puts the same
            back at once, so that today's stock stays.
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        number_format: How amounts are written in a file. auto concludes it when every amount agrees.
        lines: In a file, which lines are carried out, as a spreadsheet numbers them, e.g. 2-40, 57. The others are
            held. Empty means all.
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
        flow="orders",
        mode=mode,
        target=target,
        source=inbox_key or "the web shop",
        options={"at_register": at_register, "on_missing_product": on_missing_product, "stock": stock, LINES: lines},
        submitted_by=submitted_by,
    )
    place = find_place(run, at_register, stock)
    validated = _of_file(run, number_format) if inbox_key else _of_shop(run, from_on, to_on, statuses, order_ids)
    about: AskedOf = "new" if inbox_key else "all"
    planned = plan_sales(run, validated, place, on_missing_product, limits, about=about)
    foreseen = () if inbox_key else preview_overwrites(run, planned.matched, planned.stocked, planned.plans, place)
    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    return book_sales(run, validated, planned, planned.plans.report_tables + foreseen, named).report


def _of_file(run: Run, number_format: NumberFormatName) -> Validated:
    return validate_order_file(run, extract(run), number_format=number_format)


def _of_shop(run: Run, from_on: str, to_on: str, statuses: tuple[str, ...], order_ids: tuple[str, ...]) -> Validated:
    asked = OrdersAsked(from_on=from_on, to_on=to_on, statuses=tuple(statuses), order_ids=tuple(order_ids))
    return validate_fetched_orders(run, fetch_orders(run, asked))
