"""The command line as the demo types it: each command shown, carried out, and its run kept for the next step."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

Fatal = Callable[[], None]
"""Called where a process is to die."""


def title(text: str) -> None:
    """Print a heading between steps."""
    click.echo(f"\n{text}\n{'-' * len(text)}")


def counterfoil(*arguments: str) -> dict[str, str]:
    """Run one command as on the command line, show its account, and return its run for the next step."""
    from cli.__main__ import counterfoil as command  # noqa: PLC0415 - only now is its environment complete

    _show(arguments)
    try:
        command(list(arguments), prog_name="counterfoil")
    except SystemExit as end:
        if end.code in (1, 2, 5):
            sys.exit(f"That should not have happened (exit code {end.code}).")
    return _latest_run()


def counterfoil_killed(*arguments: str, when: Callable[[Fatal], None]) -> dict[str, str]:
    """Run one command in a process of its own, which dies at once *when* what it is given is called; return its run."""
    _show(arguments)
    process = subprocess.Popen([sys.executable, "-m", "cli", *arguments])
    when(lambda: process.send_signal(signal.SIGKILL))
    if process.wait() != -signal.SIGKILL:
        sys.exit(f"It was to be killed, and ended by itself (exit code {process.returncode}).")
    click.echo("Killed")  # as a shell says it
    return _latest_run()


def _show(arguments: tuple[str, ...]) -> None:
    shown = " ".join(Path(a).name if a.startswith("/") else a for a in arguments)
    click.echo(f"$ counterfoil {shown}")


def _latest_run() -> dict[str, str]:
    from infra.systems import open_systems  # noqa: PLC0415 - see above

    with open_systems() as systems:
        latest = systems.ledger().list_runs(1)[0]
    return {"run_id": latest.run.run_id, "plan_id": latest.plan_id}
