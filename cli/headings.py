"""The command that learns what the headings of a file mean: without a run, so it needs no Prefect server."""

import importlib
from typing import Any

from cli.answers import Answer
from cli.inbox import put_in_inbox
from infra.systems import open_systems
from schemas.customers import CUSTOMERS
from schemas.problems import FileNeedsFixing


@open_systems("storage")
def learn_headings(flow: str, typed: dict[str, Any]) -> Answer:
    """Learn what the headings of a file mean, and save that under a name.

    Raises:
        FileNeedsFixing: The file cannot be read, or what was said of its columns does not fit it.
    """
    dialect, name = typed["dialect"], typed["save_as"]
    columns = dict(_pair(column) for column in typed["columns"])
    learning = importlib.import_module(flow.rpartition(".")[0])
    learnt = learning.learn_from_sample(put_in_inbox(CUSTOMERS.name, typed["inbox_key"]), dialect, name, columns)
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
