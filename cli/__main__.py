"""The command line, for people and scripts: ``counterfoil`` (= ``python -m cli``).

Each command prints an account people can read, or with ``--json`` one JSON object and nothing else. Exit codes: 0 done,
previewed or nothing to do; 2 the file, the command or a setting needs fixing; 3 needs approval; 4 finished with
rejects, held rows, conflicts or unknowns; 5 a system was unavailable; 1 a fault of ours.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from cli import flow_runs, ledger, suppressions
from cli.answers import CommandMode, answered, with_approval
from cli.decisions import drop, turn_down
from cli.inbox import put
from cli.loyalty import resolve, simulate, sweep_loyalty
from cli.target import prepare_target
from cli.template import template
from cli.web_shop import reconcile_orders, sync_orders
from schemas.orders.steps import MissingProducts
from schemas.records import (
    CustomerDialect,
    CustomerTarget,
    ExistingCards,
    ExportDialect,
    GiftCardTarget,
    HeadingsDialect,
)
from schemas.stock import StockEffect, TillTarget
from tasks.core.checking.number_formats import NUMBER_FORMAT_CHOICES
from tasks.core.customers.checks import BlankCells
from tasks.core.customers.export_file import EXPORT_FORMATS


def with_limits(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that raise a limit for one run."""
    options = {
        "--max-changed-rows": "How many records may change without approval.",
        "--max-changed-percent": "Which share of the existing records may change without approval.",
        "--max-added": "How much may be added in all without approval, in whole units.",
        "--max-card": "How much one card may hold without approval, in whole units.",
    }
    for name, text in options.items():
        command = click.option(name, type=int, help=text)(command)
    return command


@click.group()
def counterfoil() -> None:
    """Change a retailer's data in bulk: checked, shown, approved, applied once, read back, undoable."""


counterfoil.add_command(sync_orders)
counterfoil.add_command(reconcile_orders)
counterfoil.add_command(resolve)
counterfoil.add_command(simulate)
counterfoil.add_command(put)
counterfoil.add_command(prepare_target)
counterfoil.add_command(template)
counterfoil.add_command(drop)
counterfoil.add_command(turn_down)


@counterfoil.group()
def run() -> None:
    """Import a file."""


run.add_command(sweep_loyalty)


@run.command("gift-cards")
@click.argument("file")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@with_approval
@click.option("--existing-cards", type=click.Choice(get_args(ExistingCards)), default="hold", show_default=True)
@click.option("--target", type=click.Choice(get_args(GiftCardTarget)), default="sql", show_default=True)
@click.option("--number-format", type=click.Choice(NUMBER_FORMAT_CHOICES), default="auto", show_default=True)
@click.option("--zero-balances", type=click.Choice(["reject", "keep"]), default="reject", show_default=True)
@click.option("--reference", default="", help="For top_up: what it is called; a card is topped up once per reference.")
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@with_limits
@answered
def run_gift_cards(file: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Import gift-card balances from FILE (a local file, or a name in the inbox)."""
    return flow_runs.run_gift_cards(file, options)


@run.command("customers")
@click.argument("file")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--dialect", type=click.Choice(get_args(CustomerDialect)), default="auto", show_default=True)
@click.option("--target", type=click.Choice(get_args(CustomerTarget)), default="sql", show_default=True)
@click.option("--blank-cells", type=click.Choice(get_args(BlankCells)), default="keep", show_default=True)
@click.option("--headings", default="", help="The name of saved headings, where the file's own are unusual.")
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many customers may change without approval.")
@click.option("--max-changed-percent", type=int, help="Which share of the customers may change without approval.")
@answered
def run_customers(file: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Import customers from FILE (a local file, or a name in the inbox)."""
    return flow_runs.run_customers(file, options)


@run.command("stock")
@click.argument("file")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--outlet", default="Main", show_default=True, help="Where the stock lies; made if it is not there.")
@click.option(
    "--register", "at_register", default="Counter", show_default=True, help="A register there; made if it is not there."
)
@click.option("--target", type=click.Choice(get_args(TillTarget)), default="sql", show_default=True)
@click.option("--number-format", type=click.Choice(NUMBER_FORMAT_CHOICES), default="auto", show_default=True)
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many levels may be opened without approval.")
@answered
def run_stock(file: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Let a till begin with the products and the stock of FILE (a local file, or a name in the inbox)."""
    return flow_runs.run_stock(file, options)


@run.command("orders")
@click.argument("file", required=False, default="")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--at-register", default="", help="The register the sales are booked on; its outlet's stock moves.")
@click.option("--from", "from_on", default="", metavar="DAY", help="From the web shop: orders of this day on.")
@click.option("--to", "to_on", default="", metavar="DAY", help="From the web shop: orders up to this day.")
@click.option("--status", "statuses", multiple=True, help="From the web shop: orders of this status only.")
@click.option("--order", "order_ids", multiple=True, metavar="ID", help="From the web shop: just this order.")
@click.option("--on-missing-product", type=click.Choice(get_args(MissingProducts)), default="hold", show_default=True)
@click.option("--stock", type=click.Choice(get_args(StockEffect)), default="deduct", show_default=True)
@click.option("--target", type=click.Choice(get_args(TillTarget)), default="sql", show_default=True)
@click.option("--number-format", type=click.Choice(NUMBER_FORMAT_CHOICES), default="auto", show_default=True)
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many sales may change without approval.")
@click.option("--max-changed-percent", type=int, help="Which share of the existing sales may change without approval.")
@click.option("--max-added", type=int, help="How much may be added in all without approval, in whole units.")
@click.option("--max-order", type=int, help="How much one order may be worth without approval, in whole units.")
@answered
def run_orders(file: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Import orders of FILE (a local file, or a name in the inbox), or else from the web shop of the settings."""
    return flow_runs.run_orders(file, options)


@counterfoil.group()
def export() -> None:
    """Write what a target holds as a file."""


@export.command("customers")
@click.option("--dialect", type=click.Choice(get_args(ExportDialect)), required=True)
@click.option("--target", type=click.Choice(get_args(CustomerTarget)), default="sql", show_default=True)
@click.option("--format", type=click.Choice(EXPORT_FORMATS), default="csv", show_default=True)
@click.option("--headings", default="", help="The name of saved headings, where the file's are to be unusual.")
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it; its own name by default.")
@answered
def export_customers(output: Path | None, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Export the register of customers."""
    return flow_runs.export_customers(options, output)


@counterfoil.command()
@click.argument("file")
@click.option("--dialect", type=click.Choice(get_args(HeadingsDialect)), required=True)
@click.option("--save", "name", required=True, help="The name to save the headings under.")
@click.option("--column", "columns", multiple=True, metavar="HEADING=COLUMN", help="What a heading means.")
@answered
def headings(file: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Learn the headings of FILE (a local file, or a name in the inbox) for imports with --headings NAME.

    Those of failure reports and of files of sales are named in COUNTERFOIL_LOYALTY_HEADINGS.
    """
    return flow_runs.save_headings(file, **options)


@counterfoil.command()
@click.argument("run_id")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--only", default="", help="A file with one key (such as a card number) a line, to undo just those.")
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@with_limits
@click.option("--max-order", type=int, help="How much one order may be worth without approval, in whole units.")
@answered
def restore(run_id: str, only: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Undo RUN_ID where nobody has changed it since."""
    return flow_runs.run_restore(run_id, only, options)


@counterfoil.command()
@click.argument("run_id")
@click.argument("file", required=False, default="")
@answered
def confirm(run_id: str, file: str) -> tuple[dict[str, Any], str, int]:
    """Say what the shop did with the upload file of RUN_ID: FILE is the CSV of errors, or the next export."""
    return flow_runs.run_confirm(run_id, file)


@counterfoil.command()
@click.argument("source")
@click.option("--campaign", default="move", show_default=True, help="Nobody gets two mails of one campaign.")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--channel", type=click.Choice(["mail", "mailing-list"]), default="mail", show_default=True)
@click.option("--max-recipients", type=click.IntRange(1), help="How many people are invited now at most.")
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@answered
def invite(source: str, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Tell people how to set a password: the customers that run SOURCE created, or those of a file."""
    return flow_runs.run_invite(source, options)


@counterfoil.command("push-products")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--fields", default="stock", show_default=True, help="stock, price, name, description, sku; with commas.")
@click.option("--outlet", "outlet_id", default="", help="The outlet whose stock is offered; all outlets by default.")
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many products may change without approval.")
@answered
def push_products(**options: Any) -> tuple[dict[str, Any], str, int]:
    """Bring the web shop's products in line with the till."""
    return flow_runs.run_flow("push_products", options)


@counterfoil.command()
@click.argument("order_ids", nargs=-1)
@click.option("--from", "from_on", default="", help="The first day of orders to look at, such as 2024-03-01.")
@click.option("--to", "to_on", default="", help="The last day; up to now by default.")
@click.option("--statuses", default="processing, completed", show_default=True, help="Statuses to look at.")
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--reference", default="", help="What this nudge is called; today's date by default.")
@with_approval
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@click.option("--max-changed-rows", type=int, help="How many orders may be nudged without approval.")
@answered
def nudge(order_ids: tuple[str, ...], **options: Any) -> tuple[dict[str, Any], str, int]:
    """Make orders of the web shop sync again: those named by ORDER_IDS, or those that never arrived in the till."""
    return flow_runs.run_flow("nudge", {"order_ids": " ".join(order_ids), **options})


@counterfoil.command()
@click.argument("source")
@answered
def suppress(source: str) -> tuple[dict[str, Any], str, int]:
    """Never mail an address again: SOURCE is the address, or a file with one a line."""
    return suppressions.suppress(source)


@counterfoil.command()
@click.argument("run_id")
@answered
def show(run_id: str) -> tuple[dict[str, Any], str, int]:
    """Show one run."""
    return ledger.show(run_id)


@counterfoil.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@answered
def runs(limit: int) -> tuple[dict[str, Any], str, int]:
    """List the latest runs."""
    return ledger.list_runs(limit)


@counterfoil.command()
@click.argument("run_id")
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it; its own name by default.")
@answered
def get(run_id: str, name: str, output: Path | None) -> tuple[dict[str, Any], str, int]:
    """Fetch a file of RUN_ID by NAME, such as rejects, report or plan."""
    return ledger.get(run_id, name, output)


@counterfoil.command()
@click.argument("plan_id")
@click.option("--by", "approver", required=True, help="Your name.")
@click.option("--why", "reason", required=True, help="Why, for the record.")
@answered
def approve(plan_id: str, approver: str, reason: str) -> tuple[dict[str, Any], str, int]:
    """Approve exactly PLAN_ID; then run the same again with --mode apply."""
    return ledger.approve(plan_id, approver, reason)


@counterfoil.command("verify-run")
@click.argument("run_id")
@answered
def verify_run(run_id: str) -> tuple[dict[str, Any], str, int]:
    """Recompute the SHA-256 of every file of RUN_ID, and its plan id, without asking any target."""
    return ledger.verify_run(run_id)


if __name__ == "__main__":
    counterfoil(prog_name="counterfoil")
