"""Bring the web shop's products in line with the till: their stock, and details that are asked for."""

from functools import partial

from prefect import flow

from schemas.named_plans import NamedPlan
from schemas.records import Mode, RunReport
from schemas.web_shop import WEB_PRODUCTS
from tasks.chain.apply import apply
from tasks.chain.begin import begin
from tasks.chain.decide import decide
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.report import report
from tasks.chain.snapshot import snapshot_all
from tasks.chain.usual_limits import usual_limits
from tasks.chain.verify import verify
from tasks.web_shop.products import fields_named, offer_products, plan_push


@with_titles
@flow(name="push-products", flow_run_name="push products: {mode} {fields}")
@with_readable_state
def push_products(
    mode: Mode = "preview",
    fields: str = "stock",
    outlet_id: str = "",
    approved: str = "",
    approved_by: str = "",
    approval_reason: str = "",
    max_changed_rows: int | None = None,
    submitted_by: str = "",
) -> RunReport:
    """Bring the web shop's products in line with the till.

    Only products that both have are changed, and only where they differ; none is made or removed. The shop's
    products are backed up first. A product that somebody edits meanwhile is left alone. Safe to retry.

    Args:
        mode: preview shows the plan and changes nothing. review asks here in Prefect before it changes
            anything. apply carries the plan out if there are no concerns.
        fields: What to bring in line, with commas between - stock, price, name, description, sku. Prices are
            taken as they stand in the till, so both must keep them with tax, or both without.
        outlet_id: The outlet whose stock is offered in the web shop. Empty means that of all outlets together.
        approved: The id of a plan that someone looked at and found right.
        approved_by: Who did, for the record. Empty means whoever starts this run.
        approval_reason: Why they did, for the record.
        max_changed_rows: How many products may change without approval, if more than usual.
        submitted_by: Who starts this run, for the record.
    """
    limits = usual_limits(WEB_PRODUCTS).raised(rows=max_changed_rows)
    named = fields_named(fields)
    run = begin(
        domain=WEB_PRODUCTS.name,
        flow="push-products",
        mode=mode,
        target="woocommerce",
        source="the till",
        options={"fields": ",".join(named), "outlet_id": outlet_id},
        submitted_by=submitted_by,
    )
    before = snapshot_all(run, WEB_PRODUCTS)
    offered = offer_products(run, before, outlet_id=outlet_id)
    plan = plan_push(run, offered, before, limits, named)

    looked_at = NamedPlan(plan_id=approved, approver=approved_by, reason=approval_reason)
    reported = partial(report, run, plan, validated=offered)
    decision = decide(run, plan, looked_at, reported)
    if decision.report:
        return decision.report

    receipt = apply(run, plan, WEB_PRODUCTS)
    verification = verify(run, receipt, WEB_PRODUCTS)
    return reported(decision.answer, receipt=receipt, verification=verification)
