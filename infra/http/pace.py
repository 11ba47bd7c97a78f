"""Not faster than a system likes it, and no oftener than is of use."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock


@dataclass
class Pace:
    """Keeps things apart in time: so many a minute at most, the first one too. Threads may share one."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(init=False)
    _turn: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        """Count from now on: whatever came before this may have been just now."""
        self._last = self.clock()

    def wait(self) -> None:
        """Return when the next one may go."""
        with self._turn:
            self.sleep(max(0.0, self._last + 60 / self.per_minute - self.clock()))
            self._last = self.clock()


@lru_cache(maxsize=32)
def shared_pace(
    site: str,  # noqa: ARG001 - what it is kept by
    per_minute: int,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Pace:
    """Return the pace of a site, the same for all connections of this process: it is the site that has a limit."""
    return Pace(per_minute, clock, sleep)


@dataclass
class Seldom:
    """Lets through what comes often: once in so many seconds at most, and not the first time."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _last: float = field(init=False)

    def __post_init__(self) -> None:
        """Count from now on."""
        self._last = self.clock()

    def due(self) -> bool:
        """Say whether it is time again; if so, it is not again for a while."""
        if self.clock() - self._last < self.seconds:
            return False
        self._last = self.clock()
        return True
