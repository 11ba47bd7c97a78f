"""How flows end: states that people understand, for every way it can go.

A state has a name and one line with counts; values of rows never reach it.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.exceptions import MissingContextError
from prefect.states import Completed, Failed

from infra.artifacts.pieces import drop_pieces
from infra.clock import now
from infra.context import ledger
from infra.systems import open_systems
from schemas.problems import BudgetSpent, Problem
from schemas.records import RunOutcome, RunReport
from tasks.chain.begin import current_run_id
from tasks.chain.heartbeat import stop_heartbeat
from tasks.chain.lease import release_lease
from tasks.chain.reschedule import reschedule
from tasks.chain.step import without_row_values
from tasks.chain.tell import tell_of_run
from tasks.core.reporting.run_outcome import outcome_of
from tasks.core.wording.words import TITLES

P = ParamSpec("P")


def with_readable_state(body: Callable[P, RunReport]) -> Callable[P, State[Any]]:
    """Turn what a flow body returns or raises into the final state of its run."""

    @wraps(body)
    def concluded(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            with open_systems():
                return _concluded(body, *args, **kwargs)
        except Problem as problem:  # without settings there is no ledger to enter it in
            return _failed(outcome_of(problem), str(problem))

    del concluded.__annotations__["return"]  # Prefect shows the body's own signature
    return concluded


def _concluded(body: Callable[P, RunReport], *args: P.args, **kwargs: P.kwargs) -> State[Any]:
    try:
        return _state(without_row_values(body)(*args, **kwargs))
    except BudgetSpent as spent:
        reschedule(current_run_id(), spent)
    except Problem as problem:
        return _problem_state(problem)
    finally:
        with suppress(Problem):  # it is no evidence, and the store may be what is unavailable
            drop_pieces(current_run_id())
        release_lease(current_run_id())
        stop_heartbeat(current_run_id())
        tell_of_run(current_run_id())


def _state(report: RunReport) -> State[Any]:
    """A run that waits for a person is red in the list: money waits with it, and Retry goes on once approved."""
    if report.outcome == "needs_approval":
        return _failed(report.outcome, f"{report.says}. {report.next_steps[0]}")
    return Completed(name=TITLES[report.outcome], message=report.says)


def _problem_state(problem: Problem) -> State[Any]:
    outcome = outcome_of(problem)
    with suppress(Problem):  # the ledger itself may be what is unavailable
        ledger().end_run(current_run_id(), outcome, str(problem), now())
    return _failed(outcome, str(problem))


def _failed(outcome: RunOutcome, says: str) -> State[Any]:
    """End as failed, in words that stand in the run's log too: there its page opens."""
    with suppress(MissingContextError):  # outside of Prefect's engine nobody reads a log
        get_run_logger().error("%s: %s", TITLES[outcome], says)
    return Failed(name=TITLES[outcome], message=says)
