"""Prove afterwards that stock moved just as the sales say, and that days add up on both sides."""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes
from infra.context import ledger, target
from schemas import file_names
from schemas.orders.records import ORDERS
from schemas.orders.steps import Booked
from schemas.records import Receipt, Run, Validated, Verification
from schemas.stock import PRODUCTS, Stocked
from tasks.chain.step import step
from tasks.core.orders.stock_checks import (
    days_that_differ,
    moved_by_others,
    show_days,
    show_returned,
    show_stock,
    stock_proof,
    stock_that_differs,
    totals_by_day,
    without_products,
)
from tasks.core.planning.changes import AS_WANTED
from tasks.core.writing.files import write_escaped
from tasks.orders.plan import keep_report_tables
from tasks.stock.snapshot import stock_of


@step
def verify_stock(
    run: Run, validated: Validated, stocked: Stocked, receipt: Receipt, made: Verification, sold: Verification
) -> Booked:
    """Compare the movements of the run with its sales, levels with movements, and orders with sales by day.

    *made* and *sold* are what the read-back of the products and of the sales found already.
    """
    proof = _prove(run, stocked, receipt)
    days = _days(run, validated, load_frame(receipt.outcomes))
    found = _uneven(run, proof) + days_that_differ(days)
    return Booked(
        verification=replace(sold, discrepancies=made.discrepancies + sold.discrepancies + found),
        report_tables=keep_report_tables(run, [show_stock(proof, _products(run, proof)), show_days(days)]),
    )


@step
def verify_returned_stock(
    run: Run, stocked: Stocked | None, receipt: Receipt | None, verification: Verification
) -> Booked:
    """Compare what a restore of sales moved with these sales, and levels with movements.

    Nothing is added to *verification* where no sales went back (``receipt``).
    """
    if stocked is None or receipt is None:
        return Booked(verification=verification, report_tables=())
    backup, moved = load_frame(stocked.products), _prove(run, stocked, receipt)
    there = _products(run, moved)["product_id"]
    proof = without_products(moved, moved.filter(~pl.col("product_id").is_in(there.implode()))["product_id"])
    shown = show_returned(proof, backup, _moved_since(run, stocked))
    return Booked(
        verification=replace(verification, discrepancies=verification.discrepancies + _uneven(run, proof)),
        report_tables=keep_report_tables(run, [shown]),
    )


def _prove(run: Run, stocked: Stocked, receipt: Receipt) -> pl.DataFrame:
    stock = stock_of(run.target, target(run.target))
    moved = stock.movements(run.run_id).filter(plan_id=receipt.plan_id)
    return stock_proof(load_frame(receipt.outcomes), moved, load_frame(stocked.levels), stock.levels(None))


def _products(run: Run, proof: pl.DataFrame) -> pl.DataFrame:
    return target(run.target).read(PRODUCTS.resource, proof["product_id"].unique())


def _uneven(run: Run, proof: pl.DataFrame) -> tuple[str, ...]:
    """Say what of the stock does not add up, and keep the levels that do not."""
    uneven = stock_of(run.target, target(run.target)).uneven_levels()
    if uneven.height:
        save_bytes(run.run_id, file_names.UNEVEN_LEVELS, write_escaped(uneven))
    return stock_that_differs(proof, uneven.height)


def _moved_since(run: Run, stocked: Stocked) -> pl.DataFrame:
    """Say what others moved from the first backup of the run that is undone to that of this one."""
    kept = [each for each in ledger().list_artifacts(run.source) if each.name == file_names.LEVELS]
    own = stock_of(run.target, target(run.target)).movements(run.source)
    return moved_by_others(own, load_frame(kept[0]) if kept else None, load_frame(stocked.levels))


def _days(run: Run, validated: Validated, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Total the orders that are in the till now; those that wait, or that others moved, are told elsewhere."""
    apart = outcomes.filter(~pl.col("outcome").is_in(AS_WANTED))["order_key"]
    orders = load_frame(validated.accepted).filter(~pl.col("order_key").is_in(apart.implode()))
    return totals_by_day(orders, target(run.target).read(ORDERS.resource, orders["order_key"]))
