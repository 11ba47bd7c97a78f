"""How a command answers: an account for people or one JSON object, and an exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from flows.telling import say, say_problem
from schemas.problems import Problem

CommandMode = click.Choice(["preview", "apply"])


def answered(command: Callable[..., tuple[dict[str, Any], str, int]]) -> Callable[..., None]:
    """Print what *command* answers (document, text, exit code), or the problem it met, and exit with its code."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
    @wraps(command)
    def answering(*, as_json: bool, **options: Any) -> None:
        try:
            document, text, code = command(**options)
        except Problem as problem:
            sys.exit(say_problem(problem, as_json=as_json))
        say(document, text, as_json=as_json)
        sys.exit(code)

    return answering
