"""Decide which products and sales orders ask for, and what a person should look at before they are written."""

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame, save_report_table
from infra.context import target
from schemas import file_names
from schemas.domain import Domain, Limits, Resource
from schemas.orders.steps import Matched, OrderPlans
from schemas.records import GOES_WITH, Plan, Run, Snapshot, Validated
from schemas.report_tables import ReportTable, ShownTable
from schemas.stock import PRODUCTS, Place, Stocked
from tasks.chain.hold_impossible import hold_impossible
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.chain.usual_limits import usual_limits
from tasks.core.orders.details import details_added
from tasks.core.orders.held_orders import held_rows
from tasks.core.orders.new_products import sold_in
from tasks.core.orders.payment_types import payments_by_method, with_payment_types
from tasks.core.orders.plan import decide_sales, voided_again
from tasks.core.orders.report_tables import (
    changed_lines,
    held_lines,
    lines_on_both_sides,
    new_products,
    orders_by_time,
    stock_by_product,
)
from tasks.core.orders.sale_changes import book
from tasks.core.orders.stock import sold_below_zero, stock_effect
from tasks.core.planning.chosen_lines import LINES, hold_other_lines, is_chosen
from tasks.core.stock.products import decide_product_changes
from tasks.core.writing.files import write_escaped
from tasks.orders.payments import types_of_payment
from tasks.stock.snapshot import stock_of

_ADDRESSES = Resource(name="customers", key="customer_id", columns=("email",), known_by="email")
"""Of customers, no more is read than by what buyers are known."""


@step
def plan_orders(
    run: Run,
    domain: Domain,
    validated: Validated,
    matched: Matched,
    stocked: Stocked,
    before: Snapshot,
    place: Place,
    limits: Limits,
) -> OrderPlans:
    """Plan the products to be made and the sales, and show what they do to stock."""
    orders, lines = load_frame(validated.accepted), load_frame(matched.lines)
    products, levels = load_frame(stocked.products), load_frame(stocked.levels)
    chosen = run.options.get(LINES, "")
    wanted = sold_in(orders.filter(is_chosen(chosen)), lines, load_frame(matched.wanted))
    first = _plan_products(run, wanted, products, stocked)
    every = pl.concat([products, wanted.join(products, on="product_id", how="anti")])
    there = load_frame(before.records)
    till = target(run.target)
    edited = stock_of(run.target, till).edited_lines(there["order_key"])
    types = types_of_payment(run)
    booked = with_payment_types(book(orders, lines, every, _customers(run), place, there), orders, types)
    decided, unchanged = decide_sales(booked, there, edited, till.can.buyer_stays, domain.resource)
    changes = hold_impossible(run, domain.resource, hold_other_lines(decided, chosen))
    effect = stock_effect(changes, every, levels)
    seen_here = (*sold_below_zero(effect), *voided_again(changes))
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={**run.options, GOES_WITH: first.plan_id if _writes(first) else ""},
        file=validated.totals,
        concerns=(*validated.concerns, *matched.concerns, *first.concerns, *seen_here),
    )
    sales = finalise_plan(run, domain, draft, before, limits)
    _write_held(run, lines, orders, changes)
    stock = save_frame(run.run_id, file_names.STOCK_EFFECT, effect)
    made = new_products(load_frame(first.changes), load_frame(matched.origins) if matched.origins else None)
    paid = [payments_by_method(changes, orders, types)] if types else []
    shown = [orders_by_time(changes), *paid, *stock_by_product(effect), made, *_shown_lines(lines, orders, changes)]
    return OrderPlans(products=first, sales=sales, stock=stock, report_tables=keep_report_tables(run, shown))


def _shown_lines(lines: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame) -> list[ShownTable]:
    held = held_lines(lines, orders, changes)
    return [held, changed_lines(changes), details_added(changes), lines_on_both_sides(changes)]


def keep_report_tables(run: Run, shown: list[ShownTable]) -> tuple[ReportTable, ...]:
    """Store the report tables that have rows."""
    return tuple(save_report_table(run.run_id, report_table, rows) for report_table, rows in shown if rows.height)


def _plan_products(run: Run, wanted: pl.DataFrame, products: pl.DataFrame, stocked: Stocked) -> Plan:
    """Plan what goes before the sales. The backup of the products is the *before* of this plan too."""
    changes = decide_product_changes(wanted, products, PRODUCTS.resource)
    before = Snapshot(records=stocked.products, totals=target(run.target).totals(PRODUCTS.resource))
    draft = Draft(changes=changes, unchanged=0, options={})
    return finalise_plan(run, PRODUCTS, draft, before, usual_limits(PRODUCTS))


def _customers(run: Run) -> pl.DataFrame:
    known = target(run.target).read(_ADDRESSES, None)
    return known.select(pl.col("email").str.to_lowercase(), "customer_id")


def _writes(plan: Plan) -> bool:
    return plan.counts.created + plan.counts.updated > 0


def _write_held(run: Run, lines: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame) -> None:
    rows = held_rows(lines, orders, changes, run_id=run.run_id)
    if rows.height:
        save_bytes(run.run_id, file_names.HELD, write_escaped(rows))
