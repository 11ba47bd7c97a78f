"""What makes a function a step of a run: a Prefect task that retries only what may pass by itself.

Nothing is cached: a retry of a run looks at the file and at the target again
(docs/decisions/0003-nothing-about-a-target-is-cached.md). No value of a row ever reaches
Prefect: an error we did not raise on purpose is stored as an incident and named by its id.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from infra.incidents import record_incident
from infra.terminal import announce
from schemas.problems import Bug, Problem, Unavailable

P = ParamSpec("P")
R = TypeVar("R")
_WAITS_SECONDS: list[float] = [1, 4, 15]


def step(function: Callable[P, R]) -> Task[P, R]:
    """Make a step of *function*. It is tried again, with jittered waits, only when a system was Unavailable."""
    as_task = task(
        retries=len(_WAITS_SECONDS),
        retry_delay_seconds=_WAITS_SECONDS,
        retry_jitter_factor=0.5,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return as_task(discreet(function))


def discreet(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the values at hand out of whatever *function* raises."""

    @wraps(function)
    def careful(*args: P.args, **kwargs: P.kwargs) -> R:
        announce(function.__name__.replace("_", " "))
        try:
            return function(*args, **kwargs)
        except Problem:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it may quote rows
            raise Bug(record_incident(error)) from None

    return careful


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), Unavailable)
