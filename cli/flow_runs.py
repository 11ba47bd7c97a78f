"""Commands that run a flow here and now, against a Prefect server that is running or is started for it.

Each takes the dotted name of the flow, and what was typed by the names of the flow's parameters.
"""

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any

from cli.answers import Answer
from cli.inbox import files_in_inbox, put_in_inbox
from cli.ledger import get
from cli.output import exit_code, run_document
from cli.prefect_server import reaching_prefect
from infra.context import ledger
from infra.systems import open_systems
from infra.terminal import VARIABLE
from schemas.invitations import INVITATIONS
from schemas.problems import Bug, FileNeedsFixing, Problem, Refused, SettingsNeedFixing, Unavailable
from tasks.core.reporting.page import render_text
from tasks.core.wording.run_ids import names_run, run_id_in
from tasks.core.wording.words import TITLES

Typed = dict[str, Any]
_PROBLEMS: dict[str, type[Problem]] = {
    TITLES["file_needs_fixing"]: FileNeedsFixing,
    TITLES["settings_need_fixing"]: SettingsNeedFixing,
    TITLES["refused"]: Refused,
    TITLES["unavailable"]: Unavailable,
}
"""By the name of the state in which they end a run."""


@open_systems("server")
def run_flow(flow: str, typed: Typed) -> Answer:
    """Run a flow with what was typed, its files in the folder of its domain."""
    _keep_terminal_quiet()
    return _ending(*_run(flow, typed | files_in_inbox(flow, typed)))


@open_systems("server")
def restore(flow: str, typed: Typed) -> Answer:
    """Undo a run."""
    _keep_terminal_quiet()
    origin = ledger().get_run(typed["run_id"]).run
    only = put_in_inbox(origin.domain, typed["only"])
    return _ending(*_run(flow, typed | {"run_id": origin.run_id, "only": only}))


@open_systems("server")
def confirm_upload(flow: str, typed: Typed) -> Answer:
    """Take in what the shop did with an upload file, and show the run that wrote it anew."""
    _keep_terminal_quiet()
    origin = ledger().get_run(typed["run_id"]).run
    state, _ = _run(flow, {"run_id": origin.run_id, "inbox_key": put_in_inbox(origin.domain, typed["inbox_key"])})
    return _ending(state, origin.run_id)


def export_customers(flow: str, typed: Typed, *, output: Path | None = None) -> Answer:
    """Export customers, and write the file where the caller wants it.

    Args:
        output: Where to write it; its own name by default.
    """
    document, text, code = run_flow(flow, typed)
    _, path, _ = get(document["run_id"], f"export.{typed['format']}", output=output)
    return document | {"path": path}, f"{text}\n{path}", code


@open_systems("server")
def invite_customers(flow: str, typed: Typed, *, source: str) -> Answer:
    """Invite the customers of a run, or the people of a file.

    Args:
        source: The run whose newly created customers are invited, or a list of people: a local file, or one in
            the inbox, such as invitations/people.csv.
    """
    _keep_terminal_quiet()
    is_run = names_run(source) and not Path(source).is_file()
    people = {"run_id": source} if is_run else {"inbox_key": put_in_inbox(INVITATIONS, source)}
    return _ending(*_run(flow, typed | people))


def nudge(flow: str, typed: Typed, *, order_ids: tuple[str, ...] = ()) -> Answer:
    """Nudge orders.

    Args:
        order_ids: The ids of the orders. They are nudged whether they arrived or not. None means to look for
            those that did not.
    """
    return run_flow(flow, typed | {"order_ids": " ".join(order_ids)})


def _keep_terminal_quiet() -> None:
    """Keep Prefect's own log lines from the terminal: we tell what happens."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    logging.raiseExceptions = False  # that a line of its log could not be stored is no news for a terminal
    if sys.stderr.isatty():
        os.environ.setdefault(VARIABLE, "1")


def _run(flow: str, parameters: Typed) -> tuple[Any, str]:
    """Run a flow in this process; return its state and its run id.

    Prefect is imported only now, when its server's address is known.
    """
    module, _, name = flow.rpartition(".")
    with reaching_prefect():
        state = getattr(importlib.import_module(module), name)(**parameters, return_state=True)
    return state, run_id_in(str(state.state_details.flow_run_id))


def _ending(state: Any, run_id: str) -> Answer:
    """Say how the run ended.

    Raises:
        Problem: The one that ended it before it had a report.
    """
    if not (state.is_completed() or state.name == TITLES["needs_approval"]):
        raise _PROBLEMS.get(state.name, Bug)(state.message or "The run ended without a word.")
    report = ledger().get_run(run_id).report
    if report is None:
        raise Bug(f"Run {run_id} has no report.")
    return run_document(report), render_text(report), exit_code(report)
