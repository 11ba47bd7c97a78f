"""How a command answers: an account for people or one JSON object, and an exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from cli.output import say, say_problem
from schemas.former_names import FORMER_NAMES
from schemas.problems import Problem

_FORMER = [f"--{name.replace('_', '-')}" for name, today in FORMER_NAMES.items() if today == "max_amount"]

CommandMode = click.Choice(["preview", "apply"])


def with_approval(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a plan which someone looked at, who, and why it is right."""
    options = {
        ("--why", "approval_reason"): "Why they did, for the record.",
        ("--approved-by", "approved_by"): "Who did; whoever starts this run by default.",
        ("--approved", "approved"): "The id of a plan that someone looked at and found right.",
    }
    for names, text in options.items():
        command = click.option(*names, default="", help=text)(command)
    return command


def with_max_amount(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the option that raises the limit of one record, also under the names it had."""

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(*_FORMER, "max_amount", type=int, hidden=True)(command)
        return click.option("--max-amount", type=int, help=text)(command)

    return added


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
