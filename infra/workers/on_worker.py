"""What runs in a Dask worker: one task with the systems of the worker's own environment.

Nothing that a run is told travels here but names, and nothing is raised here: Dask would write it, with what it was
about, into its log.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from infra.artifacts.incidents import record_incident
from infra.context import Systems, uploads, working_with
from infra.shops import read_settings
from infra.system_settings import PREFIX
from infra.systems import systems_of_worker
from infra.workers.places import places_of
from schemas.problems import Bug, Problem, SettingsNeedFixing

Asked = TypeVar("Asked")
Got = TypeVar("Got")


@dataclass(frozen=True, kw_only=True)
class Answered(Generic[Got]):
    """What came of a task: what it returned, or why it did not."""

    got: Got | None = None
    problem: Problem | None = None


def perform(work: Callable[[Asked], Got], asked: Asked, shop: str, places: str) -> Answered[Got]:
    """Do *work* for a shop of the group, whose ledger, target, store and code are these (``places_of``)."""
    try:
        with working_with(_systems_of_shop(shop)) as systems:
            _expect_same(systems, places)
            return _performed(work, asked)
    except Problem as problem:
        return Answered(problem=problem)


def keys_to_do(dask_worker: Any) -> list[str]:
    """Name the tasks that this worker has before it or is at, also if they were cancelled since they began."""
    return [str(key) for key, task in dask_worker.state.tasks.items() if task.state not in ("memory", "error")]


def _expect_same(systems: Systems, places: str) -> None:
    if places_of(systems.settings) != places:
        raise SettingsNeedFixing(
            "A Dask worker has another ledger, target or store than this run, or another version of Counterfoil. "
            "Install the same version on all machines, and give all of them the same COUNTERFOIL_LEDGER_URL, "
            "COUNTERFOIL_TARGET_URL, COUNTERFOIL_S3_ENDPOINT_URL and COUNTERFOIL_S3_BUCKET, "
            "start the workers anew and run again. Nothing was done by that worker."
        )


def _performed(work: Callable[[Asked], Got], asked: Asked) -> Answered[Got]:
    try:
        got = work(asked)
        uploads().join()
        return Answered(got=got)
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it may quote rows
        return Answered(problem=Bug(record_incident(error)))


@cache
def _systems_of_shop(shop: str) -> Systems:
    """Open them once for all tasks of this process; they end with it."""
    if shop:
        os.environ[f"{PREFIX}SHOP"] = shop
    return systems_of_worker(read_settings())
