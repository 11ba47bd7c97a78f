"""Commands for closing time: sweep loyalty failures, take in what people decided, ask what an act would settle."""

from datetime import datetime
from typing import Any

import click

from cli import flow_runs, simulation
from cli.answers import CommandMode, answered, with_approval


@click.command("loyalty")
@click.argument("files", nargs=-1)
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--sales", multiple=True, help="A file of sales, for days of which the till has none.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to sweep; today by default.")
@click.option("--act", default="", help="Classes of failures to put right in this run, with commas between.")
@with_approval
@click.option("--believe-short-report", is_flag=True, help="The report lacks most of what was open, and that is right.")
@click.option("--max-customers", type=click.IntRange(0), default=500, show_default=True, help="Looked up in Astro.")
@click.option("--max-changed-rows", type=int, help="How many records in Astro may change without approval.")
@click.option("--by", "submitted_by", default="", help="Who starts this run.")
@answered
def sweep_loyalty(files: tuple[str, ...], day: datetime | None, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Sweep loyalty failures: FILES are reports and journals (local, or in the inbox); none means every new one."""
    return flow_runs.run_loyalty(files, {**options, "day": day.date() if day else None})


@click.command("resolve")
@click.argument("files", nargs=-1)
@click.option("--mode", type=CommandMode, default="preview", show_default=True)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="When it was decided; today by default.")
@click.option("--by", "submitted_by", default="", help="Who decided.")
@answered
def resolve(files: tuple[str, ...], day: datetime | None, **options: Any) -> tuple[dict[str, Any], str, int]:
    """Take in what people decided about loyalty failures: FILES are worklists; none means every new one."""
    return flow_runs.run_resolve(files, {**options, "day": day.date() if day else None})


@click.command("simulate")
@click.argument("act")
@click.argument("about", default="")
@answered
def simulate(act: str, about: str) -> tuple[dict[str, Any], str, int]:
    """Say what ACT would settle, before it is done: enrol, add_exception, link_customer, enter_contact, redeem or
    add_purchases. ABOUT is a programme, a UPC or a customer; without it, all of them.
    """
    return simulation.what_if(act, about)
