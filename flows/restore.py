"""Undo a run: put back what it changed, where nobody has changed it since."""

from prefect import flow

from schemas.domains import DOMAINS
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.named_plans import NamedPlan
from schemas.orders.records import ORDERS
from schemas.records import Answer, Mode, RunReport
from tasks.chain.apply import apply
from tasks.chain.begin import begin_about
from tasks.chain.decide import decide
from tasks.chain.dependent_records import report_dependent_records
from tasks.chain.flow_states import with_readable_state
from tasks.chain.former_names import taking_former_names
from tasks.chain.forms import with_titles
from tasks.chain.lease import acquire_lease
from tasks.chain.plan_restore import plan_dependent_records, plan_restore
from tasks.chain.report import report
from tasks.chain.run_history import recall
from tasks.chain.snapshot import snapshot
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.core.planning.dependent_plans import in_order, joined
from tasks.customers.undone_uploads import tell_in_words_of_register
from tasks.loyalty.reopen_failures import reopen_failures
from tasks.orders.verify_stock import verify_returned_stock
from tasks.stock.snapshot import snapshot_stock_of


@with_titles
@taking_former_names
@flow(name="restore", flow_run_name="restore: {mode} {run_id}")
@with_readable_state
def restore(
    run_id: str,
    mode: Mode = "preview",
    only: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    max_changed_percent: int | None = None,
    max_added: int | None = None,
    max_amount: int | None = None,
    max_minutes: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Undo a run: put back what it changed, where nobody has changed it since.

    Records that were edited after the run are left alone and listed with their value before, ours
    and now. A restore is a run like any other, and can itself be restored.

    Args:
        run_id: The run to undo: its id, the one that Prefect shows, or a link to its page.
        mode: preview shows what would go back. review asks here in Prefect first. apply does it if there
            are no concerns.
        only: An inbox file with one key (such as a card number) a line, to undo just those. Empty means all.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many records may change without approval, if more than usual.
        max_changed_percent: Which share of the existing records may change without approval, if more than usual.
        max_added: How much may be added in all without approval, in whole units, if more than usual.
        max_amount: How much one record may be worth without approval, in whole units, if more than usual.
        max_minutes: How long writing may take without approval, in a system that counts calls, if longer than usual.
        submitted_by: Who starts this run, for the record.
    """
    run = begin_about(run_id, flow="restore", mode=mode, options={"only": only}, submitted_by=submitted_by)
    domain = DOMAINS[run.domain]
    limits = usual_limits(domain).raised(
        rows=max_changed_rows, percent=max_changed_percent, added=max_added, amount=max_amount, minutes=max_minutes
    )
    done = recall(run, domain, only)
    acquire_lease(run)
    before = snapshot(run, domain, done)
    done = tell_in_words_of_register(run, domain, done, before)
    stocked = snapshot_stock_of(run, domain)
    dependent = plan_dependent_records(run, domain, done, before, only)
    plan = plan_restore(run, domain, done, before, limits, dependent)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)

    def reported(answer: Answer) -> RunReport:
        return report(run, plan, answer, report_tables=report_dependent_records(run, dependent))

    decision = decide(run, plan, named, reported)
    if decision.report:
        return decision.report

    receipts = {each.domain: apply(run, each, DOMAINS[each.domain]) for each in in_order(plan, dependent)}
    verifications = {name: verify(run, receipt, DOMAINS[name]) for name, receipt in receipts.items()}
    proven = verify_returned_stock(run, stocked, receipts.get(ORDERS.name), joined(verifications, domain.name))
    reopen_failures(run, done, receipts.get(LOYALTY_ACTIONS.name))
    report_tables = proven.report_tables + report_dependent_records(run, dependent, receipts)
    return report(
        run,
        plan,
        decision.answer,
        receipt=receipts[domain.name],
        verification=proven.verification,
        report_tables=report_tables,
    )
