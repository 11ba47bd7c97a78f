"""The forms behind Run in Prefect: titles that people understand, and one kind of field for what may stay empty."""

import inspect
from types import UnionType
from typing import Any, ParamSpec, TypeVar, get_args

from prefect import Flow
from pydantic import Field
from pydantic.config import JsonDict
from pydantic_core import MISSING, PydanticUndefined

from schemas.form_titles import FORM_TITLES

P = ParamSpec("P")
R = TypeVar("R")


def with_titles(titled: Flow[P, R]) -> Flow[P, R]:
    """Give each field of a flow's form its title. What the flow takes, and what it is given, stays as it is.

    Prefect makes forms from the signature of the flow, and validates by that of its function.
    """
    shown = inspect.signature(titled)
    fields = [_field(titled.fn.__name__, each) for each in shown.parameters.values()]
    vars(titled).update(__signature__=shown.replace(parameters=fields))
    return titled


def _field(function: str, parameter: inspect.Parameter) -> inspect.Parameter:
    name = parameter.name
    extra: JsonDict = {"title": FORM_TITLES.get(f"{function}.{name}") or FORM_TITLES[name]}
    default: Any = PydanticUndefined if parameter.default is parameter.empty else parameter.default
    if default is not None:
        return parameter.replace(default=Field(default, json_schema_extra=extra))
    return parameter.replace(
        annotation=_but_none(parameter.annotation), default=Field(MISSING, json_schema_extra=extra)
    )


def _but_none(annotation: Any) -> Any:
    """Return what is filled in where anything is: of ``int | None``, a form asks which of the two it is to be."""
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    return kinds[0] if isinstance(annotation, UnionType) and len(kinds) == 1 else annotation
