"""Make orders of the web shop sync again that never arrived in the till, and no others."""

from functools import partial

from prefect import flow

from schemas.named_plans import NamedPlan
from schemas.records import Mode, RunReport
from schemas.web_shop import WEB_ORDERS
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.decide import decide
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.orders.fetch import fetch_orders
from tasks.web_shop.nudges import list_named, list_not_arrived, orders_asked, plan_nudge


@with_titles
@flow(name="nudge", flow_run_name="nudge: {mode} {order_ids}{from_on}")
@with_readable_state
def nudge(
    order_ids: str = "",
    from_on: str = "",
    to_on: str = "",
    statuses: str = "processing, completed",
    mode: Mode = "preview",
    reference: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Make orders of the web shop sync again that never arrived in the till.

    For shops that keep the till's own integration, which takes an order when it changes. Each order gets a
    note that only the shop's people see, and a mark that moves its date of change; nothing else of it is
    touched and no buyer is told. Safe to retry: an order is nudged once per reference.

    Args:
        order_ids: The ids of the orders, with commas or blanks between. They are nudged whether they arrived
            or not. Empty means to look for those that did not.
        from_on: The first day of orders to look at, such as 2024-03-01.
        to_on: The last day. Empty means up to now.
        statuses: The statuses of orders to look at. Empty means all but those in the trash.
        mode: preview shows which orders, and changes nothing. review asks here in Prefect first. apply nudges
            them if there are no concerns.
        reference: What this nudge is called; it stands in the note. Empty means today's date.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many orders may be nudged without approval, if more than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(WEB_ORDERS).raised(rows=max_changed_rows)
    asked = orders_asked(order_ids, from_on, to_on, statuses)
    run = begin(
        domain=WEB_ORDERS.name,
        flow="nudge",
        mode=mode,
        target="woocommerce_orders",
        source="the web shop",
        options={"reference": reference},
        submitted_by=submitted_by,
    )
    rows = list_named(run, asked) if asked.order_ids else list_not_arrived(run, fetch_orders(run, asked))
    before = snapshot(run, WEB_ORDERS, rows.accepted)
    plan = plan_nudge(run, rows, before, limits)

    named = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plan, validated=rows)
    decision = decide(run, plan, named, reported)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, WEB_ORDERS)
    verification = verify(run, receipt, WEB_ORDERS)
    return reported(decision.answer, receipt=receipt, verification=verification)
