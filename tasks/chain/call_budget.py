"""Waiting in place for a system that takes no more calls for now.

Everything a step did before is kept: it is called again, and finds what is left. A run of a deployment that would wait
for long ends its process instead (``tasks.chain.reschedule``); one of the command line has nobody to start it again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from prefect import runtime

from infra.clock import now
from infra.connectors import Connector, CountsCalls
from infra.terminal import announce
from schemas.capabilities import CallCosts, CallWindow
from schemas.problems import BudgetSpent

P = ParamSpec("P")
R = TypeVar("R")

_SOON = timedelta(minutes=10)
_LOOKS_AFTER_SECONDS = 5.0


def costs_of(connector: Connector) -> tuple[CallCosts, Sequence[CallWindow]] | None:
    """Return what records cost in calls, and how many the system takes; None where it does not count them."""
    costs = connector.can.costs
    return (costs, connector.windows()) if costs and isinstance(connector, CountsCalls) else None


def waiting_for_calls(function: Callable[P, R]) -> Callable[P, R]:
    """Call *function* again once the budget opens that it ran out of, if that is soon or nobody else would."""

    @wraps(function)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        while True:
            try:
                return function(*args, **kwargs)
            except BudgetSpent as spent:
                if runtime.deployment.id and spent.opens_at - now() > _SOON:
                    raise
                _wait_until(spent.opens_at, str(spent))

    return patient


def _wait_until(opens_at: datetime, says: str) -> None:
    announce(says)
    while (left := (opens_at - now()).total_seconds()) > 0:  # looking at the clock: a machine may sleep meanwhile
        time.sleep(min(left, _LOOKS_AFTER_SECONDS))
