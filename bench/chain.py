"""The chain: the flow's own body, its steps called as the plain functions they are, each measured.

Storage, ledger, target and the Prefect server are real ones; only the engine between steps is left out.
"""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any

from prefect import Task, flow

from bench.measuring import Stage, timed
from bench.scenario import Scenario
from infra.context import ledger, storage, target
from infra.systems import open_systems
from tasks.chain.begin import current_run_id

_NO_LIMIT = 10**9


Stopwatch = Callable[[list[Stage], str], AbstractContextManager[None]]
"""Adds what happens inside to stages, under a name."""


@open_systems()
def run_chain(file: Path, scenario: Scenario, stopwatch: Stopwatch = timed) -> list[Stage]:
    """Import *file* into the target of this process's settings, and return the stages.

    Raises:
        RuntimeError: The run did not do what the scenario asks for; then its times mean nothing.
    """
    importlib.import_module("pandas")  # with the workbook; imports are not what is measured
    storage().put(f"inbox/{file.name}", file.read_bytes())
    ledger()
    target("sql")
    stages: list[Stage] = []
    measure_steps(resolve_name(scenario.flow.partition(":")[0]), stages, stopwatch)
    entry = ledger().get_run(_import(scenario.flow, file.name, scenario.options))
    found = entry.report and (entry.report.rows.rejected, entry.report.changes)
    if found != (scenario.rejected, scenario.expected):
        raise RuntimeError(f"The run went wrong: {entry.outcome}, {entry.says}, {found}")
    return stages


@flow(name="benchmark")
def _import(name: str, inbox_key: str, options: dict[str, Any]) -> str:
    """Run the body of the import *name*, and return its run id."""
    body = resolve_name(name).fn
    body(inbox_key=inbox_key, mode="apply", max_changed_rows=_NO_LIMIT, max_changed_percent=100, **options)
    return current_run_id()


def measure_steps(module: ModuleType, stages: list[Stage], stopwatch: Stopwatch = timed) -> None:
    """Put a stopwatch around every step that the flow's body calls."""
    for name, value in list(vars(module).items()):
        step = value.fn if isinstance(value, Task) else value
        if isinstance(value, Task) or name == "decide":
            setattr(module, name, _measured(stages, step, stopwatch))


def _measured(stages: list[Stage], step: Callable[..., Any], stopwatch: Stopwatch) -> Callable[..., Any]:
    @wraps(step)
    def call(*args: Any, **kwargs: Any) -> Any:
        with stopwatch(stages, step.__name__):
            return step(*args, **kwargs)

    return call
