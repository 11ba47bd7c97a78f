"""Take in what people decided about loyalty failures: worklists with the columns decision and note filled in."""

from datetime import date
from typing import Literal

from prefect import flow

from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.records import RunReport
from tasks.chain.begin import begin
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.report_observed import report_observed
from tasks.chain.run_day import day_of_run
from tasks.loyalty.collect_evidence import collect_evidence
from tasks.loyalty.collect_sales import collect_sales, with_sales
from tasks.loyalty.read_worklists import read_worklists
from tasks.loyalty.record_decisions import record_decisions


@with_titles
@flow(name="resolve-loyalty-failures", flow_run_name="resolve loyalty failures: {mode}")
@with_readable_state
def resolve_loyalty_failures(
    inbox_keys: list[str] | None = None,
    day: date | None = None,
    mode: Literal["preview", "apply"] = "preview",
    max_customers: int = 500,
    submitted_by: str = "",
) -> RunReport:
    """Take in what people decided about loyalty failures.

    Each decision is held against what Astro and the till say now. What nothing is against is remembered; the
    rest comes back with the reason. Safe to repeat.

    Args:
        inbox_keys: Filled-in worklists in the inbox, e.g. loyalty-decisions/worklist.xlsx. Empty means every new
            one in the folder loyalty-decisions.
        day: The day on which it was decided. Empty means today, or the day this run was scheduled for.
        mode: preview shows what would be entered. apply enters it.
        max_customers: How many customers are looked up in Astro at most; two a second or fewer.
        submitted_by: Who decided, for the record.
    """
    on = day_of_run(day)
    run = begin(
        domain=LOYALTY_ACTIONS.name,
        flow="resolve-loyalty-failures",
        mode=mode,
        target="astro",
        source=", ".join(inbox_keys or ()) or f"worklists of {on}",
        options={"day": on.isoformat()},
        submitted_by=submitted_by,
    )
    filled = read_worklists(run, inbox_keys or ())
    sales = collect_sales(run, (), on)
    evidence = collect_evidence(run, filled.failures, sales.lines, max_customers)
    return report_observed(run, with_sales(record_decisions(run, filled, evidence, on), sales))
