"""Decide which products and sales orders ask for, and what a person should look at before they are written."""

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_exhibit, save_frame
from infra.context import target
from schemas import file_names
from schemas.domain import Limits, Resource
from schemas.exhibits import Exhibit, ShownExhibit
from schemas.orders.records import ORDERS
from schemas.orders.steps import Matched, OrderPlans
from schemas.records import GOES_WITH, Plan, Run, Snapshot, Validated
from schemas.stock import PRODUCTS, Place, Stocked
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.chain.usual_limits import usual_limits
from tasks.core.orders.details import details_added
from tasks.core.orders.held_orders import held_rows
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
from tasks.core.stock.products import decide_product_changes
from tasks.core.writing.files import write_escaped
from tasks.stock.snapshot import stock_of

_ADDRESSES = Resource(name="customers", key="customer_id", columns=("email",), known_by="email")
"""Of customers, no more is read than by what buyers are known."""


@step
def plan_orders(
    run: Run,
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
    wanted = load_frame(matched.wanted)
    first = _plan_products(run, wanted, products, stocked)
    every = pl.concat([products, wanted.join(products, on="product_id", how="anti")])
    there = load_frame(before.records)
    edited = stock_of(run.target, target(run.target)).edited_lines(there["order_key"])
    changes, unchanged = decide_sales(book(orders, lines, every, _customers(run), place, there), there, edited)
    effect = stock_effect(changes, every, levels)
    seen_here = (*sold_below_zero(effect), *voided_again(changes))
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={**run.options, GOES_WITH: first.plan_id if _writes(first) else ""},
        file=validated.totals,
        concerns=(*validated.concerns, *matched.concerns, *first.concerns, *seen_here),
    )
    sales = finalise_plan(run, ORDERS, draft, before, limits)
    _write_held(run, lines, orders, changes)
    stock = save_frame(run.run_id, file_names.STOCK_EFFECT, effect)
    shown = [
        orders_by_time(changes),
        *stock_by_product(effect),
        new_products(load_frame(first.changes), load_frame(matched.origins) if matched.origins else None),
        held_lines(lines, orders, changes),
        changed_lines(changes),
        details_added(changes),
        lines_on_both_sides(changes),
    ]
    return OrderPlans(products=first, sales=sales, stock=stock, exhibits=keep_exhibits(run, shown))


def keep_exhibits(run: Run, shown: list[ShownExhibit]) -> tuple[Exhibit, ...]:
    """Store the exhibits that have rows."""
    return tuple(save_exhibit(run.run_id, exhibit, rows) for exhibit, rows in shown if rows.height)


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
