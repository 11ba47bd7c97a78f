"""Orders become sales: what importing a history and following a shop have in common, whatever the orders came from."""

from dataclasses import dataclass
from functools import partial

from schemas.domain import Domain, Limits
from schemas.named_plans import NamedPlan
from schemas.orders.records import ORDERS
from schemas.orders.steps import Matched, MissingProducts, OrderPlans
from schemas.records import Receipt, Run, RunReport, Validated
from schemas.report_tables import ReportTable
from schemas.stock import PRODUCTS, Place, Stocked
from tasks.chain.apply import apply
from tasks.chain.close_rejects import follow_up
from tasks.chain.decide import decide
from tasks.chain.lease import acquire_lease
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot
from tasks.chain.verify import verify
from tasks.orders.catalogue import AskedOf, ask_catalogue
from tasks.orders.match import match_orders
from tasks.orders.payments import orders_as_kept
from tasks.orders.plan import plan_orders
from tasks.orders.verify_stock import verify_stock
from tasks.stock.snapshot import snapshot_stock


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is known before anything is written: the backup, the lines with their products, and the plans.

    The *domain* is that of orders, with what each sale is paid with or without.
    """

    domain: Domain
    stocked: Stocked
    matched: Matched
    plans: OrderPlans


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How it ended. ``receipt`` is missing where nothing was to be written."""

    report: RunReport
    receipt: Receipt | None = None


def plan_sales(
    run: Run,
    validated: Validated,
    place: Place,
    on_missing_product: MissingProducts,
    limits: Limits,
    *,
    about: AskedOf = "new",
) -> Planned:
    """Back the till up, find the products, and plan; the shop's catalogue is asked *about* new products, or all."""
    acquire_lease(run)
    domain = orders_as_kept(run)
    stocked = snapshot_stock(run)
    before = snapshot(run, domain, validated.accepted)
    matched = match_orders(run, validated, stocked, before, on_missing_product)
    matched = ask_catalogue(run, matched, stocked, about)
    plans = plan_orders(run, domain, validated, matched, stocked, before, place, limits)
    return Planned(domain=domain, stocked=stocked, matched=matched, plans=plans)


def book_sales(
    run: Run, validated: Validated, planned: Planned, report_tables: tuple[ReportTable, ...], named: NamedPlan
) -> Ended:
    """Carry the plans out, if they may be: products first, then sales; read back, prove the stock, and report."""
    plans = planned.plans
    reported = partial(report, run, plans.sales, validated=validated, report_tables=report_tables)
    decision = decide(run, plans.sales, named, reported)
    if decision.report:
        return Ended(report=decision.report)

    made = verify(run, apply(run, plans.products, PRODUCTS), PRODUCTS)
    receipt = apply(run, plans.sales, planned.domain)
    read_back = verify(run, receipt, planned.domain)
    booked = verify_stock(run, validated, planned.stocked, receipt, made, read_back)
    follow_up(run, ORDERS, validated)
    proven = booked.report_tables + report_tables
    ended = reported(decision.answer, receipt=receipt, verification=booked.verification, report_tables=proven)
    return Ended(report=ended, receipt=receipt)
