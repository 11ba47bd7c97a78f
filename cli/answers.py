"""How a command answers: an account for people or one JSON object, and an exit code."""

import sys
from collections.abc import Callable
from typing import Any

from cli.output import say, say_problem
from schemas.problems import Problem

Answer = tuple[dict[str, Any], str, int]
"""A document for programs, a text for people, an exit code."""


def answer(carry_out: Callable[[], Answer], *, as_json: bool) -> None:
    """Print what a command answers, or the problem it met, and exit with its code."""
    try:
        document, text, code = carry_out()
    except Problem as problem:
        sys.exit(say_problem(problem, as_json=as_json))
    say(document, text, as_json=as_json)
    sys.exit(code)
