"""Writing a batch of customers, and dying at one of its moments: a process by a signal, or this one only as it seems.

Moments are just before and just after each write that is sent, and each entry into the journal or the book of keys,
which lie in files here, as they outlive the process.
"""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from infra.connectors.web_customers.target import WebCustomers
from infra.http.transport import Edge, Http
from schemas.records import BatchName
from tests.web_customers import CAN, SystemName, register_at, write


class Paper:
    """A journal and a book of issued keys in files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, batch: BatchName) -> list[str] | None:
        found = self._read("batches").get(str(batch.number))
        return found if found is None else list(found)

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        self._write("batches", {str(batch.number): list(outcomes)})

    def find(self, names: Iterable[str]) -> dict[str, str]:
        known = self._read("names")
        return {name: known[name] for name in names if name in known}

    def keep(self, name: str, key: str) -> None:
        self._write("keys", {key: ""})
        self._write("names", {name: key})

    def created(self, key: str) -> bool:
        return key in self._read("keys")

    def _read(self, name: str) -> dict[str, Any]:
        place = self._folder / f"{name}.json"
        return json.loads(place.read_text()) if place.exists() else {}

    def _write(self, name: str, more: dict[str, Any]) -> None:
        new = self._folder / f"{name}.new"
        new.write_text(json.dumps(self._read(name) | more))
        new.replace(self._folder / f"{name}.json")


def target_at(name: SystemName, settings: dict[str, str], folder: str) -> WebCustomers:
    """Return the target of a system that runs in another process."""
    paper = Paper(Path(folder))
    return WebCustomers(name, CAN[name], register_at(name, settings, Edge()), journal=paper, issued=paper)


def write_once(
    name: SystemName, settings: dict[str, str], folder: str, asked: list[dict[str, Any]], number: int, fatal: str | int
) -> None:
    """Write a batch, and kill this process at the moment *fatal*."""
    with dying(fatal, lambda: os.kill(os.getpid(), signal.SIGKILL)):
        write(target_at(name, settings, folder), *asked, batch=BatchName(plan_id="p", number=number, run_id="r"))


class Killed(BaseException):
    """What no code of ours catches: the end of a process, as far as all outside of it can tell."""


def seem_to_die() -> None:
    raise Killed


@contextmanager
def dying(fatal: str | int, die: Callable[[], None] = seem_to_die) -> Iterator[None]:
    """Die at the moment *fatal*: its number from 0, or its name (``before POST``) when it first comes."""
    moments, kept = _Moments(fatal, die), (Http.ask, Paper.remember, Paper.keep)
    Http.ask = moments.around(Http.ask, lambda _, call: "" if call.method == "GET" else call.method)  # type: ignore[method-assign]
    Paper.remember = moments.around(Paper.remember, lambda *_: "entry")  # type: ignore[method-assign]
    Paper.keep = moments.around(Paper.keep, lambda *_: "key")  # type: ignore[method-assign]
    try:
        yield
    finally:
        Http.ask, Paper.remember, Paper.keep = kept  # type: ignore[method-assign]


class _Moments:
    def __init__(self, fatal: str | int, die: Callable[[], None]) -> None:
        self._fatal, self._die, self._count = fatal, die, 0

    def around(self, function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*arguments: Any, **named: Any) -> Any:
            called = name(*arguments)
            if called:
                self._pass(f"before {called}")
            answer = function(*arguments, **named)
            if called:
                self._pass(f"after {called}")
            return answer

        return watched

    def _pass(self, moment: str) -> None:
        if self._fatal in (moment, self._count):
            self._die()
        self._count += 1
