"""Asking one thing of a system, and turning whatever comes of it into a line."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.health import Check
from schemas.problems import Problem

Question = Callable[[], str]
"""Asks a system something, and returns what is good about the answer.

Raises:
    Attention: It works, but a person should look.
    Problem: It does not.
"""


class Attention(Exception):  # noqa: N818 - it is no error
    """What a person should look at, though the system works."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question to one system."""

    system: str
    what: str
    ask: Question


def answer_to(asked: Asked) -> Check:
    """Ask, and say what came of it."""
    try:
        return _line(asked, asked.ask())
    except Attention as doubt:
        return Check(system=asked.system, what=asked.what, state="attention", says=str(doubt), exit_code=0)
    except Problem as problem:
        return Check(
            system=asked.system, what=asked.what, state="fails", says=str(problem), exit_code=problem.exit_code
        )


def _line(asked: Asked, says: str) -> Check:
    return Check(system=asked.system, what=asked.what, state="works", says=says)


def not_set(system: str, says: str) -> Check:
    """Say that the settings name no such system."""
    return Check(system=system, what="settings", state="not_set", says=says)
