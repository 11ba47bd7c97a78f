"""Processes: what this one is called, whether another has ended, and heartbeats beside the work."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Self

from schemas.problems import Problem

_NAMESPACE = Path("/proc/self/ns/pid")


def this_process() -> str:
    """Name this process among all of all machines."""
    return f"{_machine()}/{os.getpid()}"


def has_ended(process: str) -> bool:
    """Say whether a process is known to have ended; of another machine's, or where its number is in use again, no."""
    machine, _, number = process.rpartition("/")
    if machine != _machine():
        return False
    try:
        os.kill(int(number), 0)  # signal 0 asks whether there is one, and does nothing to it
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    """Name the machine, and on it the container: containers may share a host's name, and number processes alike."""
    inside = _NAMESPACE.stat().st_ino if _NAMESPACE.exists() else ""
    return f"{socket.gethostname()}:{inside}"


class Heartbeat:
    """Calls a function every so many seconds, in a thread of its own, until it is ended."""

    def __init__(self, act: Callable[[], object], seconds: float) -> None:
        """*act* sees what is open here. It may fail with a Problem: it is called again next time."""
        self._act, self._seconds, self._ended = act, seconds, Event()
        self._thread = Thread(target=copy_context().run, args=(self._go,), name="heartbeat", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop, and wait for the thread to end."""
        self._ended.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._ended.wait(self._seconds):
            with suppress(Problem):
                self._act()


@dataclass(frozen=True)
class Heartbeats:
    """Heartbeats by name, each started once and ended once; leaving the block ends those that are left."""

    _running: dict[str, Heartbeat] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._running):
            self.end(name)

    def start(self, name: str, act: Callable[[], object], seconds: float) -> None:
        """Start the heartbeat of that name, unless it goes already."""
        if name not in self._running:
            self._running[name] = Heartbeat(act, seconds)

    def end(self, name: str) -> bool:
        """End the heartbeat of that name, and say whether it went."""
        heartbeat = self._running.pop(name, None)
        if heartbeat:
            heartbeat.end()
        return heartbeat is not None
