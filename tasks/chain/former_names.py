"""Runs that were scheduled or suspended before a parameter of their flow was renamed."""

from typing import Any, ParamSpec, TypeVar

from prefect import Flow

from schemas.former_names import with_names_of_today

P = ParamSpec("P")
R = TypeVar("R")


def taking_former_names(renamed: Flow[P, R]) -> Flow[P, R]:
    """Let a flow begin with parameters under the names they had; its form shows none but today's."""
    validate = renamed.validate_parameters

    def of_today(parameters: dict[str, Any]) -> dict[str, Any]:
        return validate(with_names_of_today(parameters))

    renamed.validate_parameters = of_today  # type: ignore[method-assign]  # Prefect asks it before anything else
    return renamed
