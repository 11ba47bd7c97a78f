"""What makes a function a step of a run: a Prefect task that retries only faults that may be transient.

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
from prefect.context import FlowRunContext

from infra.artifacts.incidents import record_incident
from infra.terminal import announce
from schemas.problems import Bug, Problem, Unavailable
from tasks.chain.call_budget import waiting_for_calls

P = ParamSpec("P")
R = TypeVar("R")
_WAITS_SECONDS: list[float] = [1, 4, 15]
_PATIENT_WAITS_SECONDS: list[float] = [*_WAITS_SECONDS, 120, 900, 1800]
"""Nobody waits for a scheduled run, so it outlasts an outage of half an hour."""


def step(function: Callable[P, R]) -> Task[P, R]:
    """Make a step of *function*. It is retried, with jittered waits, only when a system was Unavailable."""
    return _step(function, _WAITS_SECONDS, _may_pass)


def long_retrying_step(function: Callable[P, R]) -> Task[P, R]:
    """Make a step of *function* that a scheduled run retries for longer: its system may be down for half an hour."""
    return _step(function, _PATIENT_WAITS_SECONDS, _may_pass_for_long)


def _step(function: Callable[P, R], waits: list[float], may_pass: Callable[..., bool]) -> Task[P, R]:
    as_task = task(
        retries=len(waits),
        retry_delay_seconds=waits,
        retry_jitter_factor=0.5,
        retry_condition_fn=may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return as_task(waiting_for_calls(without_row_values(function)))


def without_row_values(function: Callable[P, R]) -> Callable[P, R]:
    """Keep values of rows out of whatever *function* raises."""

    @wraps(function)
    def shielded(*args: P.args, **kwargs: P.kwargs) -> R:
        announce(function.__name__.replace("_", " "))
        try:
            return function(*args, **kwargs)
        except Problem:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it may quote rows
            raise Bug(record_incident(error)) from None

    return shielded


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), Unavailable)


def _may_pass_for_long(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Go on retrying where nobody waits; a person sees the failure after the usual retries."""
    return _may_pass(task, run, state) and (run.run_count <= len(_WAITS_SECONDS) or _is_scheduled())


def _is_scheduled() -> bool:
    context = FlowRunContext.get()
    return bool(context and context.flow_run and context.flow_run.auto_scheduled)
