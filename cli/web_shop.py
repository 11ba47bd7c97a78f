"""Commands that follow a web shop, and that compare it with the till."""

from typing import Any, get_args

import click

from cli import flow_runs
from cli.answers import CommandMode, answered, with_approval, with_max_amount
from schemas.orders.steps import MissingProducts
from schemas.stock import StockEffect, TillTarget


@click.command("sync-orders")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--since", default="", help="For the very first run: the day from which on the shop is followed.")
@click.option("--at-register", default="", help="The register the sales are booked on; its outlet's stock moves.")
@click.option("--on-missing-product", type=click.Choice(get_args(MissingProducts)), default="hold", show_default=True)
@click.option("--stock", type=click.Choice(get_args(StockEffect)), default="deduct", show_default=True)
@click.option("--target", type=click.Choice(get_args(TillTarget)), default="sql", show_default=True)
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many sales may change without approval.")
@click.option("--max-changed-percent", type=int, help="Which share of the existing sales may change without approval.")
@click.option("--max-added", type=int, help="How much may be added in all without approval, in whole units.")
@with_max_amount("How much one order may be worth without approval, in whole units.")
@answered
def sync_orders(**options: Any) -> tuple[dict[str, Any], str, int]:
    """Bring in what was ordered and changed in the web shop since the last run."""
    return flow_runs.run_sync(options)


@click.command("reconcile-orders")
@click.option("--days", type=int, default=31, show_default=True, help="How many days back orders are compared.")
@click.option("--from", "from_on", default="", help="The day from which on, instead of so many days back.")
@click.option("--to", "to_on", default="", help="The last day; today by default.")
@click.option("--target", type=click.Choice(get_args(TillTarget)), default="sql", show_default=True)
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@answered
def reconcile_orders(**options: Any) -> tuple[dict[str, Any], str, int]:
    """Compare the orders of the web shop with the sales of the till, and change nothing."""
    return flow_runs.run_reconcile(options)
