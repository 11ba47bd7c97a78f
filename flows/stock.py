"""Let a till begin: the products of a list, and how many there are of each."""

from functools import partial

from prefect import flow

from schemas.named_plans import NamedPlan
from schemas.records import Mode, RunReport
from schemas.stock import PRODUCTS, STOCK
from schemas.target_names import SaleTarget
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.close_rejects import follow_up
from tasks.chain.decide import decide
from tasks.chain.dependent_records import report_dependent_records
from tasks.chain.extract import extract
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.lease import acquire_lease
from tasks.chain.report import report
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.core.checking.number_formats import NumberFormatName
from tasks.core.planning.chosen_lines import LINES
from tasks.core.planning.dependent_plans import joined
from tasks.stock.opening import furnish, plan_opening, validate_stock
from tasks.stock.snapshot import snapshot_stock


@with_titles
@flow(name="stock", flow_run_name="stock: {mode} {inbox_key}")
@with_readable_state
def open_stock(
    inbox_key: str,
    outlet: str = "Main",
    at_register: str = "Counter",
    mode: Mode = "preview",
    number_format: NumberFormatName = "auto",
    target: SaleTarget = "sql",
    lines: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_minutes: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Let a till begin: the products of a list, and how many there are of each.

    Products that the till does not have, by their SKU, are made. Stock is taken from the list only where
    nothing has moved yet: what the till counted or sold since is never overwritten.

    Args:
        inbox_key: The file in the inbox, e.g. stock/products.csv, with SKU, Name, Price and Stock.
        outlet: The name of the outlet where the stock lies. It is made if the till has none of that name.
        at_register: The name of a register in this outlet. It is made if the till has none of that name.
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        number_format: How numbers are written in the file. auto concludes it when every number agrees.
        target: Where the till is: its database (sql), Lightspeed Retail by its API (lightspeed_x_till), or nowhere,
            for practice (memory).
        lines: Which lines of the file are carried out, as a spreadsheet numbers them, e.g. 2-40, 57. The others are
            held. Empty means all.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many levels may be opened without approval, if more than usual.
        max_minutes: How long writing may take without approval, in a system that counts calls, if longer than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(STOCK).raised(rows=max_changed_rows, minutes=max_minutes)
    run = begin(
        domain=STOCK.name,
        flow="stock",
        mode=mode,
        target=target,
        source=inbox_key,
        options={"outlet": outlet, "register": at_register, LINES: lines},
        submitted_by=submitted_by,
    )
    batch = extract(run)
    validated = validate_stock(run, batch, number_format=number_format)
    acquire_lease(run)
    plans = plan_opening(run, validated, snapshot_stock(run), outlet, at_register, limits)
    shown = plans.report_tables + report_dependent_records(run, plans.products)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plans.levels, validated=validated, report_tables=shown)
    decision = decide(run, plans.levels, named, reported)
    if decision.report:
        return decision.report

    furnish(run, outlet, at_register)
    made, opened = apply(run, plans.products, PRODUCTS), apply(run, plans.levels, STOCK)
    checked = {PRODUCTS.name: verify(run, made, PRODUCTS), STOCK.name: verify(run, opened, STOCK)}
    follow_up(run, STOCK, validated)
    report_tables = plans.report_tables + report_dependent_records(run, plans.products, {PRODUCTS.name: made})
    verification = joined(checked, STOCK.name)
    return reported(decision.answer, receipt=opened, verification=verification, report_tables=report_tables)
