"""Bring supplier costs in line with a price list."""

from functools import partial
from typing import Literal

from prefect import flow
from schemas.supplier_costs import SUPPLIER_COSTS

from schemas.named_plans import NamedPlan
from schemas.records import Mode, RunReport
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.close_rejects import follow_up
from tasks.chain.decide import decide
from tasks.chain.extract import extract
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.lease import acquire_lease
from tasks.chain.plan_set import plan_set
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot
from tasks.chain.usual_limits import usual_limits
from tasks.chain.validate_rows import validate_rows
from tasks.chain.verify import verify
from tasks.core.checking.number_formats import NumberFormatName


@with_titles
@flow(name="supplier-costs", flow_run_name="supplier costs: {mode} {inbox_key}")
@with_readable_state
def import_supplier_costs(
    inbox_key: str,
    mode: Mode = "preview",
    target: Literal["sql", "memory"] = "sql",
    number_format: NumberFormatName = "auto",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_changed_percent: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Bring supplier costs in line with a price list.

    Args:
        inbox_key: The file in the inbox, e.g. supplier-costs/prices.csv.
        mode: preview changes nothing. review asks here in Prefect first. apply goes on if there are no concerns.
        target: Where the costs are: the database (sql), or nowhere, for practice (memory).
        number_format: How amounts are written in the file. auto concludes it when every amount agrees.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many costs may change without approval, if more than usual.
        max_changed_percent: Which share of the costs may change without approval, if more than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(SUPPLIER_COSTS).raised(rows=max_changed_rows, percent=max_changed_percent)
    name = SUPPLIER_COSTS.name
    run = begin(
        domain=name, flow=name, mode=mode, target=target, source=inbox_key, options={}, submitted_by=submitted_by
    )
    batch = extract(run)
    validated = validate_rows(run, batch, SUPPLIER_COSTS, number_format=number_format)
    acquire_lease(run)
    before = snapshot(run, SUPPLIER_COSTS, validated.accepted)
    plan = plan_set(run, SUPPLIER_COSTS, validated, before, limits)
    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plan, validated=validated)
    decision = decide(run, plan, named, reported)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, SUPPLIER_COSTS)
    verification = verify(run, receipt, SUPPLIER_COSTS)
    follow_up(run, SUPPLIER_COSTS, validated)
    return reported(decision.answer, receipt=receipt, verification=verification)
