"""Compare the orders of a web shop with the sales of the till, and change nothing."""

from prefect import flow

from schemas.orders.records import ORDERS
from schemas.records import RunReport
from schemas.target_names import SaleTarget
from tasks.chain.begin import begin
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.chain.report_observed import report_observed
from tasks.orders.compare import ask_for_days, compare_orders, snapshot_compared
from tasks.orders.fetch import fetch_orders
from tasks.orders.validate import validate_fetched_orders


@with_titles
@flow(name="reconcile-orders", flow_run_name="reconcile-orders")
@with_readable_state
def reconcile_orders(
    days: int = 31,
    from_on: str = "",
    to_on: str = "",
    target: SaleTarget = "sql",
    submitted_by: str = "",
) -> RunReport:
    """Compare the orders of the web shop with the sales of the till, and change nothing.

    A shop does not tell of every change: an order that is trashed or deleted moves no date, nor do some edits
    of lines, nor refunds in old shops. This run looks at every order of the last days: which the till does not
    have, which are not the same on both sides, and which the shop no longer has.

    Args:
        days: How many days back orders are compared.
        from_on: The day from which on orders are compared, instead of so many days back.
        to_on: The last day of orders that are compared. Empty means today.
        target: Where the sales are: the till's database (sql), Lightspeed Retail by its API (lightspeed_x_till, asked
            for sale by sale), or nowhere, for practice (memory).
        submitted_by: Who starts this run, for the record.
    """
    run = begin(
        domain=ORDERS.name,
        flow="reconcile-orders",
        mode="preview",
        target=target,
        source="the web shop",
        options={"days": str(days), "from_on": from_on, "to_on": to_on},
        submitted_by=submitted_by,
    )
    asked = ask_for_days(days, from_on, to_on)
    fetched = fetch_orders(run, asked)
    validated = validate_fetched_orders(run, fetched)
    held = snapshot_compared(run, asked, validated)
    return report_observed(run, compare_orders(run, asked, fetched, validated, held))
