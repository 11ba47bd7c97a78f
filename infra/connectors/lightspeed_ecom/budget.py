"""The three budgets of calls that eCom gives, as its answers tell them, and waiting for the one that is spent.

Every answer says, for five minutes, an hour and a day, how many calls are given, how many are left, and in how many
seconds the budget opens again. Others may call too, so only the last answer counts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from infra.clock import now
from schemas.capabilities import CallWindow
from schemas.problems import BudgetSpent

_NAMES = {"five-minute": 300, "hourly": 3_600, "daily": 86_400}
_TRIPLE = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*/\s*(\d{1,9})\s*")
_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@dataclass(frozen=True, kw_only=True)
class Window:
    """One budget as it was answered."""

    name: str
    seconds: int
    calls: int
    left: int
    opens_at: datetime


class Budget:
    """What is left. Threads may share it: each answer replaces all that was known."""

    def __init__(self, zone: str, clock: Callable[[], datetime] = now) -> None:
        """*zone* is that of the times that people are shown."""
        self._zone = ZoneInfo(zone)
        self._clock = clock
        self._windows: tuple[Window, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any answer has told."""
        return bool(self._windows)

    def note(self, headers: Mapping[str, str]) -> None:
        """Take what an answer tells; one that tells nothing of budgets is passed over."""
        found = [_TRIPLE.fullmatch(headers.get(name, "")) for name in _HEADERS]
        if None not in found:
            calls, left, resets = ([int(part) for part in match.groups()] for match in found if match)
            self.set(calls, left, resets)

    def set(self, calls: list[int], left: list[int], resets: list[int]) -> None:
        """Take what is given, left, and the seconds until each opens: of five minutes, an hour and a day."""
        at = self._clock()
        self._windows = tuple(
            Window(name=name, seconds=seconds, calls=c, left=n, opens_at=at + timedelta(seconds=min(reset, seconds)))
            for (name, seconds), c, n, reset in zip(_NAMES.items(), calls, left, resets, strict=True)
        )

    def windows(self) -> tuple[CallWindow, ...]:
        """Return what is given and left now: a budget that has opened since is whole again."""
        at = self._clock()
        return tuple(
            CallWindow(calls=each.calls, seconds=each.seconds, left=each.left if each.opens_at > at else each.calls)
            for each in self._windows
        )

    def expect(self, calls: int) -> None:
        """Expect so many calls to be left, or as many as are ever given.

        Raises:
            BudgetSpent: Until the latest of the budgets opens that do not suffice.
        """
        at = self._clock()
        short = [each for each in self._windows if each.left < min(calls, each.calls) and each.opens_at > at]
        if short:
            last = max(short, key=lambda each: each.opens_at)
            until = last.opens_at.astimezone(self._zone)
            says = f"Waiting for the {last.name} budget of Lightspeed eCom until {until:%H:%M}"
            raise BudgetSpent(says, opens_at=last.opens_at)
