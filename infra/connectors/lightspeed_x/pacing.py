"""Not more calls than Lightspeed takes: 300 a register and 50 more in five minutes, whoever makes them.

The count is kept where all processes of the installation see it. What Lightspeed itself says about it counts more.
"""

import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from infra.clock import now as clock
from infra.http.backoff import asked_to_wait, server_time
from schemas.capabilities import CallWindow
from schemas.problems import BudgetSpent

WINDOW = timedelta(minutes=5)
CALLS_OF_ONE_REGISTER = 350
"""300 x registers + 50; Lightspeed's answers say how many it allows in truth."""
PATIENCE = timedelta(seconds=330)
_NAP_SECONDS = 15.0


class Budget(Protocol):
    """A count of calls that all processes share."""

    def reserve(self, at: datetime, calls: int = 1) -> datetime:
        """Reserve calls; return *at* where they may go, else when to ask again."""
        ...

    def calls_left(self, at: datetime) -> int:
        """Return how many calls could be made now."""
        ...

    def calls_allowed(self) -> int:
        """Return how many calls the system takes in a window."""
        ...

    def observe(self, *, limit: int, remaining: int, at: datetime) -> None:
        """Take what the system says of it."""
        ...

    def close(self, until: datetime) -> None:
        """Let no call go before then."""
        ...


class Pacer(httpx.Auth):
    """Reserves every request before it leaves, and reads of every answer how many are left and what time it is."""

    def __init__(
        self, budget: Budget, now: Callable[[], datetime] = clock, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._budget = budget
        self._now = now
        self._sleep = sleep
        self._ahead = timedelta()
        """How far Lightspeed's clock is ahead of ours, by its last answer."""

    def server_now(self) -> datetime:
        """Return what time it is for Lightspeed, as far as it was asked anything yet."""
        return self._now() + self._ahead

    def window(self) -> CallWindow:
        """Return how many calls Lightspeed takes in five minutes, and how many of them are left now."""
        left = self._budget.calls_left(self._now())
        return CallWindow(calls=self._budget.calls_allowed(), seconds=round(WINDOW.total_seconds()), left=left)

    def wait(self) -> None:
        """Return when one more request may go.

        Raises:
            BudgetSpent: That is longer than one waits.
        """
        began = at = self._now()
        while (opens := self._budget.reserve(at)) > at:
            if opens - began > PATIENCE:
                raise BudgetSpent(f"Lightspeed takes no more calls before {opens:%H:%M} UTC", opens_at=opens)
            self._sleep(min(_NAP_SECONDS, (opens - at).total_seconds()))
            at = self._now()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Read the headers of the answer."""
        response = yield request
        limit, left = (response.headers.get(f"X-RateLimit-{name}", "") for name in ("Limit", "Remaining"))
        at = self._now()
        self._ahead = (server_time(response.headers.get("Date")) or at) - at
        if limit.isdigit() and left.isdigit():
            self._budget.observe(limit=int(limit), remaining=int(left), at=at)
        if response.status_code == 429:
            self._budget.close(at + timedelta(seconds=_asked(response.headers, at)))


def _asked(headers: httpx.Headers, at: datetime) -> float:
    """Return the seconds that a 429 asks for, by the clock of the server that says until when."""
    return asked_to_wait(headers.get("Retry-After"), server_time(headers.get("Date")) or at)
