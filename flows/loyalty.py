"""Sweep the failures of the loyalty programmes: every day, automatically, after closing."""

from datetime import date
from functools import partial

from prefect import flow

from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.loyalty.steps import Collected, Found, Swept
from schemas.named_plans import NamedPlan
from schemas.records import Answer, Mode, Plan, Receipt, Run, RunReport, Verification
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.decide import decide
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.run_day import day_of_run
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.loyalty.collect_evidence import collect_evidence
from tasks.loyalty.collect_failures import collect_failures
from tasks.loyalty.collect_sales import collect_sales, with_sales
from tasks.loyalty.diagnose_failures import diagnose_failures
from tasks.loyalty.notify_news import notify_news
from tasks.loyalty.plan_actions import plan_actions
from tasks.loyalty.report_sweep import describe_sweep, report_sweep
from tasks.loyalty.settle_failures import settle_cut_off, settle_failures
from tasks.loyalty.sweep_failures import sweep_failures


@with_titles
@flow(name="sweep-loyalty-failures", flow_run_name="sweep loyalty failures: {mode}")
@with_readable_state
def sweep_loyalty_failures(
    inbox_keys: list[str] | None = None,
    sales_keys: list[str] | None = None,
    day: date | None = None,
    mode: Mode = "preview",
    act: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    believe_short_report: bool = False,
    max_customers: int = 500,
    max_changed_rows: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Sweep the failures of the loyalty programmes.

    What Astro's report shows is taken in, remembered beyond its 30 days, looked up in Astro and in the till,
    and explained; what people have to do becomes a worklist, what a call can do is done where that is allowed.
    Safe to repeat, on any day: a retry sweeps the day it was for.

    Args:
        inbox_keys: Reports and journals in the inbox, e.g. loyalty/failures-2026-11-20.csv. Empty means every
            new one in the folder loyalty.
        sales_keys: Files of sales in the inbox, for days of which the till has none, e.g.
            loyalty-sales/sales-2026-11-20.csv. Empty means every recent one in the folder loyalty-sales.
        day: The day to sweep. Empty means today, or the day this run was scheduled for.
        mode: preview shows everything and remembers nothing. review asks here in Prefect before it changes
            anything in Astro. apply does what the policy allows.
        act: Classes of failures to put right in this run beside those of the policy, with commas between.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        believe_short_report: Whether a report that lacks most of what was open is right: someone dealt with it.
        max_customers: How many customers are looked up in Astro at most; two a second or fewer.
        max_changed_rows: How many records in Astro may change without approval, if more than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(LOYALTY_ACTIONS).raised(rows=max_changed_rows)
    on = day_of_run(day)
    run = begin(
        domain=LOYALTY_ACTIONS.name,
        flow="sweep-loyalty-failures",
        mode=mode,
        target="astro",
        source=", ".join(inbox_keys or ()) or f"failures of {on}",
        options={"day": on.isoformat(), "act": act},
        submitted_by=submitted_by,
    )
    settle_cut_off(run)
    sales = collect_sales(run, sales_keys or (), on)
    collected = with_sales(collect_failures(run, inbox_keys or (), on), sales)
    swept = sweep_failures(run, collected, on, believe_short=believe_short_report)
    evidence = collect_evidence(run, swept.open, sales.lines, max_customers)
    found = diagnose_failures(run, swept, evidence)
    plan = plan_actions(run, LOYALTY_ACTIONS, swept, found, act, limits)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(_reported, run, collected, swept, found, plan)
    decision = decide(run, plan, named, reported, describe_sweep)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, LOYALTY_ACTIONS)
    verification = verify(run, receipt, LOYALTY_ACTIONS)
    settle_failures(run, swept, receipt)
    return reported(decision.answer, receipt=receipt, verification=verification)


def _reported(
    run: Run,
    collected: Collected,
    swept: Swept,
    found: Found,
    plan: Plan,
    answer: Answer,
    *,
    receipt: Receipt | None = None,
    verification: Verification | None = None,
) -> RunReport:
    report = report_sweep(run, collected, swept, found, plan, answer, receipt=receipt, verification=verification)
    notify_news(run, swept, found, receipt)
    return report
