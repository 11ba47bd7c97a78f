"""Commands that run a flow here and now, against a Prefect server that is running or is started for it."""

import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.ledger import get
from cli.output import exit_code, run_document
from infra.artifacts.run_files import by_hand_key
from infra.settings import settings
from infra.stack.credentials import login_file
from infra.systems import ledger, prepare, storage
from infra.terminal import VARIABLE
from schemas.invitations import INVITATIONS
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.pos_sales import LOYALTY_SALES
from schemas.loyalty.reports import LOYALTY
from schemas.problems import Bug, FileNeedsFixing, Problem, Refused, SettingsNeedFixing, Unavailable
from schemas.run_ids import names_run, run_id_in
from tasks.core.reporting.page import render_text
from tasks.core.wording.words import TITLES

if TYPE_CHECKING:
    from httpx import HTTPError

Answered = tuple[dict[str, Any], str, int]
_PROBLEMS: dict[str, type[Problem]] = {
    TITLES["file_needs_fixing"]: FileNeedsFixing,
    TITLES["settings_need_fixing"]: SettingsNeedFixing,
    TITLES["refused"]: Refused,
    TITLES["unavailable"]: Unavailable,
}
"""By the name of the state in which they end a run."""


def run_gift_cards(file: str, options: dict[str, Any]) -> Answered:
    """Import gift cards."""
    _start()
    key = _to_inbox("gift-cards", file)
    return _told(*_run("flows.gift_cards", "import_gift_cards", {"inbox_key": key, **options}))


def run_customers(file: str, options: dict[str, Any]) -> Answered:
    """Import customers."""
    _start()
    key = _to_inbox("customers", file)
    return _told(*_run("flows.customers", "import_customers", {"inbox_key": key, **options}))


def run_orders(file: str, options: dict[str, Any]) -> Answered:
    """Import orders, of a file or from the web shop."""
    _start()
    key = _to_inbox("orders", file) if file else ""
    return _told(*_run("flows.orders", "import_orders", {"inbox_key": key, **options}))


def run_stock(file: str, options: dict[str, Any]) -> Answered:
    """Open the stock of a till."""
    _start()
    key = _to_inbox("stock", file)
    return _told(*_run("flows.stock", "open_stock", {"inbox_key": key, **options}))


def run_loyalty(files: tuple[str, ...], options: dict[str, Any]) -> Answered:
    """Sweep the failures of the loyalty programmes: those of *files*, or of every new one in the inbox."""
    _start()
    keys = {"inbox_keys": [_to_inbox(LOYALTY, file) for file in files]}
    keys["sales_keys"] = [_to_inbox(LOYALTY_SALES, file) for file in options.pop("sales")]
    return _told(*_run("flows.loyalty", "sweep_loyalty_failures", {**keys, **options}))


def run_sync(options: dict[str, Any]) -> Answered:
    """Follow the web shop."""
    _start()
    return _told(*_run("flows.sync_orders", "sync_orders", options))


def run_reconcile(options: dict[str, Any]) -> Answered:
    """Compare the web shop with the till."""
    _start()
    return _told(*_run("flows.reconcile_orders", "reconcile_orders", options))


def run_resolve(files: tuple[str, ...], options: dict[str, Any]) -> Answered:
    """Take in what people decided about failures."""
    _start()
    keys = [_to_inbox(LOYALTY_DECISIONS, file) for file in files]
    return _told(*_run("flows.resolve_loyalty", "resolve_loyalty_failures", {"inbox_keys": keys, **options}))


def run_flow(name: str, options: dict[str, Any]) -> Answered:
    """Run a flow that takes no file."""
    _start()
    return _told(*_run(f"flows.{name}", name, options))


def save_headings(file: str, dialect: str, name: str, columns: tuple[str, ...]) -> Answered:
    """Learn what the headings of a file mean, and save that under a name."""
    prepare("storage")
    meanings = dict(_pair(column) for column in columns)
    learning = importlib.import_module("flows.learn_headings")
    learnt = learning.learn_from_sample(_to_inbox("customers", file), dialect, name, meanings)
    known = [f"{heading}: {column}" for heading, column in learnt.columns.items()]
    lines = [*known, *(f"{h}: passes through" for h in learnt.passed), *(f"{h}: not read" for h in learnt.unread)]
    document = {"saved": name, "dialect": dialect, "columns": dict(learnt.columns)}
    others = {"passed": list(learnt.passed), "unread": list(learnt.unread)}
    return document | others, "\n".join([*lines, f"Saved as {name}: {learnt.says}."]), 0


def _pair(column: str) -> tuple[str, str]:
    heading, equals, name = column.rpartition("=")
    if not equals:
        raise FileNeedsFixing(f"--column {column!r} does not say what it means. Write it like --column 'Kundnr=email'.")
    return heading, name


def export_customers(options: dict[str, Any], output: Path | None) -> Answered:
    """Export customers, and write the file where the caller wants it."""
    _start()
    document, text, code = _told(*_run("flows.export_customers", "export_customers", options))
    _, path, _ = get(document["run_id"], f"export.{options['format']}", output)
    return document | {"path": path}, f"{text}\n{path}", code


def run_restore(run_id: str, only: str, options: dict[str, Any]) -> Answered:
    """Undo a run."""
    _start()
    origin = ledger().get_run(run_id).run
    key = _to_inbox(origin.domain, only) if only else ""
    return _told(*_run("flows.restore", "restore", {"run_id": origin.run_id, "only": key, **options}))


def run_confirm(run_id: str, file: str) -> Answered:
    """Take in what the shop did with an upload file: the run that wrote it is told anew."""
    _start()
    origin = ledger().get_run(run_id).run
    key = _to_inbox(origin.domain, file) if file else ""
    state, _ = _run("flows.confirm_upload", "confirm_upload", {"run_id": origin.run_id, "inbox_key": key})
    return _told(state, origin.run_id)


def run_invite(source: str, options: dict[str, Any]) -> Answered:
    """Invite the customers of a run, or the people of a file."""
    _start()
    channel = options["channel"].replace("-", "_")
    people = _people_of(source)
    return _told(*_run("flows.invite_customers", "invite_customers", {**options, **people, "channel": channel}))


def _people_of(source: str) -> dict[str, str]:
    """Tell the id of a run from the name of a file."""
    if names_run(source) and not Path(source).is_file():
        return {"run_id": source}
    return {"inbox_key": _to_inbox(INVITATIONS, source)}


def _start() -> None:
    """Bring up what is needed, and keep Prefect's own log lines from the terminal: we tell what happens."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    logging.raiseExceptions = False  # that a line of its log could not be stored is no news for a terminal
    if sys.stderr.isatty():
        os.environ.setdefault(VARIABLE, "1")
    prepare("server")


def _to_inbox(domain: str, file: str) -> str:
    """Put a local file in the inbox under its own name; a name that is no local file must be there already.

    Raises:
        FileNeedsFixing: It is too large, or a path at which there is no file.
    """
    path = Path(file)
    if not path.is_file() and (path.is_absolute() or file.startswith(".")):
        raise FileNeedsFixing(f"{file}: there is no such file, and a path cannot be the name of a file in the inbox.")
    if not path.is_file():
        return file
    if path.stat().st_size > settings().max_file_bytes:
        raise FileNeedsFixing(f"{path.name}: larger than the {settings().max_file_bytes:,} bytes allowed. Split it.")
    key = by_hand_key(domain, path.name)
    storage().put(key, path.read_bytes())
    return key


def _run(module: str, flow: str, parameters: dict[str, Any]) -> tuple[Any, str]:
    """Run a flow in this process; return its state and its run id.

    Prefect is imported only now, when its server's address is known.
    """
    with _reaching_prefect():
        state = getattr(importlib.import_module(module), flow)(**parameters, return_state=True)
    return state, run_id_in(str(state.state_details.flow_run_id))


@contextmanager
def _reaching_prefect() -> Iterator[None]:
    """Say in words that Prefect's server did not answer, or not well; what a flow itself meets ends in its state."""
    from httpx import HTTPError  # noqa: PLC0415 - commands that need no Prefect do not wait for it

    try:
        yield
    except Exception as error:
        met = next((each for each in _causes(error) if isinstance(each, HTTPError)), None)
        if met is None:
            raise
        raise _no_prefect(met) from None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it was raised for: Prefect wraps the one in the other."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _no_prefect(met: "HTTPError") -> Refused | Unavailable:
    """Say why the server does nothing for us, by what it answered, if it did."""
    from httpx import HTTPStatusError  # noqa: PLC0415 - as above

    server = f"The Prefect server at {os.environ.get('PREFECT_API_URL', '')}"
    status = met.response.status_code if isinstance(met, HTTPStatusError) else None
    again = "then run again: what was done already is not done twice."
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused(
            f"{server} does not accept our login. Set PREFECT_API_AUTH_STRING to its user:password; that of the server "
            f"that make up started lies in {login_file(settings().home.resolve())}. Nothing was done."
        )
    if status is None:
        return Unavailable(f"{server} did not answer. Start it, or correct PREFECT_API_URL, {again}")
    return Unavailable(
        f"{server} cannot do its work ({status}). Look at its log: its database may be away, or the disk full. "
        f"Put that right, {again}"
    )


def _told(state: Any, run_id: str) -> Answered:
    """Tell how the run ended.

    Raises:
        Problem: The one that ended it before it had a report.
    """
    if not (state.is_completed() or state.name == TITLES["needs_approval"]):
        raise _PROBLEMS.get(state.name, Bug)(state.message or "The run ended without a word.")
    report = ledger().get_run(run_id).report
    if report is None:
        raise Bug(f"Run {run_id} has no report.")
    return run_document(report), render_text(report), exit_code(report)
