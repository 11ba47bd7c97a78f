"""Prove afterwards that stock moved just as the sales say, and that days add up on both sides."""

from dataclasses import replace

import polars as pl

from infra.artifacts import load_frame, save_bytes
from infra.targets import target
from schemas.order_runs import Booked, Stocked
from schemas.orders import ORDERS, PRODUCTS
from schemas.records import Receipt, Run, Validated, Verification
from tasks.core.orders.proving import find_discrepancies, show_days, show_stock, stock_proof, totals_by_day
from tasks.core.writing.files import write_escaped
from tasks.plan_orders import keep_exhibits
from tasks.snapshot_stock import stock_of
from tasks.step import step


@step
def verify_stock(
    run: Run, validated: Validated, stocked: Stocked, receipt: Receipt, made: Verification, sold: Verification
) -> Booked:
    """Compare the movements of the run with its sales, levels with movements, and orders with sales by day.

    *made* and *sold* are what the read-back of the products and of the sales found already.
    """
    stock = stock_of(run.target, target(run.target))
    outcomes = load_frame(receipt.outcomes)
    moved = stock.movements(run.run_id).filter(plan_id=receipt.plan_id)
    proof = stock_proof(outcomes, moved, load_frame(stocked.levels), stock.levels(None))
    products = target(run.target).read(PRODUCTS.resource, proof["product_id"].unique())
    uneven = stock.uneven_levels()
    if uneven.height:
        save_bytes(run.run_id, "uneven-levels.csv", write_escaped(uneven))
    days = _days(run, validated, outcomes)
    found = find_discrepancies(proof, uneven.height, days)
    return Booked(
        verification=replace(sold, discrepancies=made.discrepancies + sold.discrepancies + found),
        exhibits=keep_exhibits(run, [show_stock(proof, products), show_days(days)]),
    )


def _days(run: Run, validated: Validated, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Total the orders that are in the till now; those that wait, or that others moved, are told elsewhere."""
    apart = outcomes.filter(~pl.col("outcome").is_in(["written", "done"]))["order_key"]
    orders = load_frame(validated.accepted).filter(~pl.col("order_key").is_in(apart.implode()))
    return totals_by_day(orders, target(run.target).read(ORDERS.resource, orders["order_key"]))
