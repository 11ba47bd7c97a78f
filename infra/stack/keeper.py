"""The one process that starts, watches and stops the services of a home folder.

It is one for people (everything, until told to stop) or embedded (what commands hold a
lease on, until nobody did for a while). If it is killed, its children end with it.
"""

import logging
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from infra.stack.leases import claim, in_use, lease
from infra.stack.services import START_SECONDS, Child, Service, await_ready, start, stop
from infra.stack.state import (
    Mode,
    ProcessIdentity,
    StackState,
    end_processes,
    identify,
    last_state,
    state_file,
    write_state,
)
from schemas.problems import Unavailable

MOST_RESTARTS = 5
STEADY_SECONDS = 600
ENDED_BY_SIGTERM = 128 + signal.SIGTERM  # not 0, which says that another keeper was first
LEASED = ("storage", "server")
log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Keeper:
    """``always`` names what runs in any case; the rest runs once a command holds its lease."""

    home: Path
    mode: Mode
    services: tuple[Service, ...]
    always: frozenset[str]
    idle_seconds: float
    start_seconds: float = START_SECONDS
    notes: tuple[str, ...] = ()
    identity: ProcessIdentity = field(default_factory=lambda: identify(os.getpid()))
    children: dict[str, Child] = field(default_factory=dict)
    ready: dict[str, Service] = field(default_factory=dict)
    started_at: dict[str, float] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    used_at: float = field(default_factory=time.monotonic)
    claimed: list[IO[bytes]] = field(default_factory=list)

    def run(self) -> None:
        """Keep the services until told to stop or until nobody needs them any more.

        Raises:
            Unavailable: A service does not start or keeps ending. All are stopped then.
        """
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED_BY_SIGTERM))
        try:
            self._publish_state()
            while not self._is_unused():
                for service in self.services:
                    if self._is_wanted(service.name):
                        self._tend(service)
                time.sleep(0.1)
        finally:
            self._stop_all()

    def _is_wanted(self, name: str) -> bool:
        return name in self.always or name in self.children or (name in LEASED and in_use(lease(self.home, name)))

    def _tend(self, service: Service) -> None:
        child = self.children.get(service.name)
        if child and child.poll() is None:
            return
        if child:
            self._note_crash(service, child)
        self.children[service.name] = child = start(service)
        self.started_at[service.name] = time.monotonic()
        self._publish_state()
        await_ready(service, child, self.start_seconds)
        self.ready[service.name] = service
        self._publish_state()

    def _note_crash(self, service: Service, child: Child) -> None:
        name = service.name
        log.warning("The %s ended with status %s. It is started again.", name, child.returncode)
        self.ready.pop(name, None)
        if time.monotonic() - self.started_at[name] > STEADY_SECONDS:
            self.restarts[name] = 0
        self.restarts[name] += 1
        if self.restarts[name] > MOST_RESTARTS:
            raise Unavailable(f"The {name} keeps ending. Look at {service.log}, then start again.")

    def _is_unused(self) -> bool:
        """Whether to end. The leases are claimed then, so that a new command waits and starts anew."""
        if self.always or any(in_use(lease(self.home, name)) for name in LEASED):
            self.used_at = time.monotonic()
        if time.monotonic() - self.used_at < self.idle_seconds:
            return False
        claims = [claim(lease(self.home, name)) for name in LEASED]
        self.claimed = [file for file in claims if file]
        return len(self.claimed) == len(LEASED)

    def _publish_state(self) -> None:
        state = StackState(
            mode=self.mode,
            keeper=self.identity,
            children={name: identify(child.pid) for name, child in self.children.items() if child.poll() is None},
            ready=tuple(self.ready),
            addresses={name: url for service in self.ready.values() for name, url in service.addresses.items()},
            notes=self.notes,
        )
        write_state(self.home, state)

    def _stop_all(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for service in reversed(self.services):
            if service.name in self.children:
                stop(service, self.children[service.name])
        state_file(self.home).unlink(missing_ok=True)


def become_keeper(home: Path) -> IO[bytes] | None:
    """Return the lock that makes this process the one keeper of *home*, None if there is one.

    What a killed predecessor left running is ended first.
    """
    lock = None
    for _ in range(10):
        lock = claim(home / "stack.lock")
        if lock:
            break
        time.sleep(0.02)  # someone may only have looked
    killed = last_state(home) if lock else None
    if killed:
        end_processes(killed)
        state_file(home).unlink(missing_ok=True)
    return lock
