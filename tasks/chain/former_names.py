"""Runs that were scheduled or suspended before a parameter of their flow was renamed."""

import inspect
from typing import Any, ParamSpec, TypeVar

from prefect import Flow

from schemas.former_names import FORMER_NAMES, with_names_of_today

P = ParamSpec("P")
R = TypeVar("R")


def taking_former_names(renamed: Flow[P, R]) -> Flow[P, R]:
    """Let a flow begin with parameters under the names they had; its form shows none but today's.

    Prefect holds what a run was given against the signature of the function, then lets the flow validate it; forms
    are made from the signature of the flow.
    """
    today = inspect.signature(renamed.fn)
    validate = renamed.validate_parameters

    def of_today(parameters: dict[str, Any]) -> dict[str, Any]:
        given = validate(with_names_of_today(parameters))
        return {name: value for name, value in given.items() if name not in FORMER_NAMES}

    vars(renamed).update(__signature__=today, validate_parameters=of_today)
    vars(renamed.fn).update(__signature__=_with_former(today))
    return renamed


def _with_former(today: inspect.Signature) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    former = [today.parameters[name].replace(name=was, kind=keyword) for was, name in FORMER_NAMES.items()]
    return today.replace(parameters=[*today.parameters.values(), *former])
