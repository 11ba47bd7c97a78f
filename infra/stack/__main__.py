"""``python -m infra.stack up | down | status``: the services that people use on this machine."""

import logging
import os
import sys
from pathlib import Path
from typing import get_args

import click

from infra.settings import read_installation
from infra.stack.client import Services, exported_environment
from infra.stack.credentials import credentials_file, login_file
from infra.stack.desk import own_link
from infra.stack.keeper import Keeper, become_keeper
from infra.stack.leases import in_use, lease
from infra.stack.recipes import embedded_recipe, people_recipe
from infra.stack.startup import await_stack
from infra.stack.state import Mode, StackState, end_processes, last_state, protect, read_state
from schemas.problems import FileNeedsFixing, Problem, Refused

EVERYTHING = frozenset({"worker"})  # it is started last


@click.group()
def cli() -> None:
    """Start, stop and look at the services of this machine."""


@cli.command()
def up() -> None:
    """Start everything for people; says where things are, again if it runs already."""
    chosen, folder = read_installation(), Path.cwd()
    home = chosen.home.resolve()
    state = read_state(home)
    if state and state.mode == "embedded":
        _make_way(home, state)
        state = None
    if not (folder / "prefect.yaml").exists():
        raise FileNeedsFixing(f"There is no prefect.yaml in {folder}. Go to the folder of Counterfoil and try again.")
    click.echo("It runs already." if state else f"Starting, in half a minute or more. Logs: {home / 'logs'}")
    state = await_stack(home, EVERYTHING, "people", chosen, folder)
    services = Services.of(chosen, state.addresses)
    _show(services, state)
    _show_desk(services, state, folder)


@cli.command()
def down() -> None:
    """Stop everything and see that nothing is left. Data stays."""
    home = read_installation().home.resolve()
    state = last_state(home)
    running = state.processes if state else []
    if not (state and running):
        click.echo(f"Nothing runs for {home}.")
        return
    end_processes(state)
    if state.processes:
        raise Refused(f"These processes do not end: {[process.pid for process in state.processes]}.")
    click.echo(f"Stopped {len(running)} processes; none is left. The data stays in {home}.")


@cli.command()
def status() -> None:
    """Say what runs and where; ends with 1 if nothing does."""
    chosen = read_installation()
    home = chosen.home.resolve()
    state = read_state(home)
    if not state:
        click.echo(f"Nothing runs for {home}.")
        sys.exit(1)
    for name, child in state.children.items():
        click.echo(f"{name:<10} {'ready' if name in state.ready else 'starting':<10} process {child.pid}")
    _show(Services.of(chosen, state.addresses), state)


@cli.command(hidden=True)
@click.argument("mode", type=click.Choice(get_args(Mode)))
@click.option("--idle-seconds", type=float, required=True)
def keep(mode: Mode, idle_seconds: float) -> None:
    """Be the keeper."""
    os.umask(0o077)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    chosen = read_installation()
    home = chosen.home.resolve()
    protect(home)
    lock = become_keeper(home)
    if not lock:
        return
    recipe = embedded_recipe(home, chosen) if mode == "embedded" else people_recipe(home, chosen, Path.cwd())
    keeper = Keeper(
        home=home,
        mode=mode,
        services=recipe.services,
        always=recipe.always,
        notes=recipe.notes,
        idle_seconds=idle_seconds,
        start_seconds=chosen.start_minutes * 60,
    )
    keeper.run()


def _make_way(home: Path, state: StackState) -> None:
    if any(in_use(lease(home, name)) for name in ("storage", "server")):
        raise Refused("A command is at work with services of its own. Wait until it is done, then start again.")
    end_processes(state)


def _show(services: Services, state: StackState) -> None:
    shown = {
        "Prefect": services.prefect_ui_url,
        "Login": _login(services),
        "Inbox": "counterfoil put FOLDER FILE, such as: ./counterfoil put gift-cards cards.csv",
        "S3": f"{services.s3_endpoint_url} (keys: {credentials_file(services.home)})",
        "Stop": "make down, or python -m infra.stack down",
    }
    for name, text in shown.items():
        click.echo(f"{name:<10} {text or '-'}")
    for note in state.notes:
        click.echo(f"Note: {note}")


def _show_desk(services: Services, state: StackState, folder: Path) -> None:
    """Show where the desk is; to a person at a terminal also how to get in, once: a log is read by others."""
    click.echo(f"{'Desk':<10} {state.addresses.get('desk_url', '-')}")
    link = own_link(folder, {**os.environ, **exported_environment(services)}) if sys.stdout.isatty() else ""
    click.echo(f"{'Sign in':<10} {link or 'counterfoil people link NAME'}")


def _login(services: Services) -> str:
    """Show the login to a person at a terminal; what may end up in a log gets the file it lies in."""
    place = login_file(services.home)
    if not services.prefect_login:
        return "that of your own server"
    return f"{services.prefect_login} (also in {place})" if sys.stdout.isatty() else f"in {place}"


def main() -> None:
    """Run the command line; a problem is one line on standard error and its own exit code."""
    try:
        cli()
    except Problem as problem:
        click.echo(str(problem), err=True)
        sys.exit(problem.exit_code)


if __name__ == "__main__":
    main()
