"""Bring the register of customers in line with a file."""

from functools import partial

from prefect import flow

from schemas.customers import CUSTOMERS
from schemas.named_plans import NamedPlan
from schemas.records import CustomerDialect, Mode, RunReport
from schemas.target_names import CustomerTarget
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.close_rejects import follow_up
from tasks.chain.decide import decide
from tasks.chain.extract import extract
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.lease import acquire_lease
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot_all
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.core.customers.checks import BlankCells
from tasks.core.planning.chosen_lines import LINES
from tasks.customers.dialect import recognise_dialect
from tasks.customers.plan import plan_customers
from tasks.customers.spot_check import spot_check
from tasks.customers.validate import validate_customers


@with_titles
@flow(name="customers", flow_run_name="customers: {mode} {inbox_key}")
@with_readable_state
def import_customers(
    inbox_key: str,
    mode: Mode = "preview",
    dialect: CustomerDialect = "auto",
    target: CustomerTarget = "sql",
    blank_cells: BlankCells = "keep",
    headings: str = "",
    lines: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_changed_percent: int | None = None,
    max_minutes: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Bring the register of customers in line with a file.

    Every row is checked, the whole register is backed up, and the plan is shown before anything
    changes. Nobody's card becomes another person's: rows that would do so are held. Safe to retry.

    Args:
        inbox_key: The file in the inbox, e.g. customers/register.csv.
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        dialect: How the file is written: as Tixly exports it (semicolons, CustomerID 0 for a new customer)
            or as Lightspeed eCom does (commas, known by Internal ID, else by e-mail). auto goes by the headings.
        target: Where the customers are: the database (sql), a table of a database of your own (own_database), a file
            to upload in Tixly (tixly) or in Lightspeed eCom (lightspeed_ecom_csv) made against the shop's last export,
            eCom itself (lightspeed_ecom), Lightspeed X-Series (lightspeed_x_customers) or a WooCommerce shop
            (woocommerce_customers) by its interface, or nowhere, for practice (memory).
        blank_cells: keep leaves what the register holds where the file has a blank cell. clear empties it.
        headings: The name of saved headings, where the file's own are others than usual.
        lines: Which lines of the file are carried out, as a spreadsheet numbers them, e.g. 2-40, 57. The others are
            held. Empty means all.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many customers may change without approval, if more than usual.
        max_changed_percent: Which share of the existing customers may change without approval, if more
            than usual.
        max_minutes: How long writing may take without approval, in a system that counts calls, if longer than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(CUSTOMERS).raised(rows=max_changed_rows, percent=max_changed_percent, minutes=max_minutes)
    run = begin(
        domain=CUSTOMERS.name,
        flow="customers",
        mode=mode,
        target=target,
        source=inbox_key,
        options={"dialect": dialect, "blank_cells": blank_cells, "headings": headings, LINES: lines},
        submitted_by=submitted_by,
    )
    batch = extract(run)
    form = recognise_dialect(run, batch, dialect, headings)
    validated = validate_customers(run, batch, CUSTOMERS, form, blank_cells=blank_cells)
    acquire_lease(run)
    before = snapshot_all(run, CUSTOMERS, validated.accepted)
    plan = plan_customers(run, CUSTOMERS, form, validated, before, limits)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plan, validated=validated)
    decision = decide(run, plan, named, reported)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, CUSTOMERS)
    verification = verify(run, receipt, CUSTOMERS)
    spot_check(run, CUSTOMERS, form, batch, receipt, verification)
    follow_up(run, CUSTOMERS, validated)
    return reported(decision.answer, receipt=receipt, verification=verification)
