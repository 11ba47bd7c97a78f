"""The chain: the flow's own body, its steps called as the plain functions they are, each measured.

Storage, ledger, target and Prefect's artifacts are real ones; only Prefect's engine is left out.
"""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import uuid4

from prefect import Task

from bench.cards import Scenario
from bench.measuring import Stage, timed
from flows import gift_cards
from infra.opening import ledger, storage
from infra.targets import target

_NO_LIMIT = 10**9
_RUN_ID = "PREFECT__RUNTIME__FLOW_RUN__ID"


def run_chain(file: Path, scenario: Scenario) -> list[Stage]:
    """Import *file* into the target of this process's settings, and return the stages.

    Raises:
        RuntimeError: The run did not do what the scenario asks for; then its times mean nothing.
    """
    storage().put(f"inbox/gift-cards/{file.name}", file.read_bytes())
    ledger()
    target("sql")
    stages: list[Stage] = []
    _measure_steps(stages)
    flow_run_id = os.environ[_RUN_ID] = str(uuid4())
    gift_cards.import_gift_cards.fn(
        inbox_key=f"gift-cards/{file.name}",
        mode="apply",
        existing_cards="set",
        max_changed_rows=_NO_LIMIT,
        max_changed_percent=100,
        max_added=_NO_LIMIT,
        max_card=_NO_LIMIT,
    )
    entry = ledger().get_run(flow_run_id.replace("-", "")[:12])
    if entry.report is None or entry.report.changes != scenario.expected:
        raise RuntimeError(f"The run went wrong: {entry.outcome}, {entry.says}")
    return stages


def _measure_steps(stages: list[Stage]) -> None:
    """Put a stopwatch around every step that the flow's body calls."""
    for name, value in list(vars(gift_cards).items()):
        step = value.fn if isinstance(value, Task) else value
        if isinstance(value, Task) or name == "approve":
            setattr(gift_cards, name, _measured(stages, step))


def _measured(stages: list[Stage], step: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(step)
    def call(*args: Any, **kwargs: Any) -> Any:
        with timed(stages, step.__name__):
            return step(*args, **kwargs)

    return call
