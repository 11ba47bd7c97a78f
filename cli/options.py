"""How a parameter is typed: its option or argument follows from its name and type; what differs stands in tables.

A key is the name of a parameter, or ``function.parameter`` where it differs for one function only.
"""

import re
from collections.abc import Mapping
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.signatures import Kind, Parameter

OPTIONS: Mapping[str, str] = {
    "submitted_by": "--by",
    "approval_reason": "--why",
    "from_on": "--from",
    "to_on": "--to",
    "import_orders.statuses": "--status",
    "order_ids": "--order",
    "outlet_id": "--outlet",
    "sales_keys": "--sales",
    "save_as": "--save",
    "columns": "--column",
    "template.kind": "--as",
    "add.roles": "--role",
    "template.output": "--to",
}
"""Options that are not called as their parameter is."""

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "at_register": ("--register",),
    "max_amount": ("--max-card", "--max-order"),
    "output": ("-o",),
}
"""Names that an option is taken under besides its own: short ones, and those it had before."""

ARGUMENTS: Mapping[str, str] = {
    "inbox_key": "FILE",
    "inbox_keys": "FILES",
    "source": "SOURCE",
    "about": "ABOUT",
    "nudge.order_ids": "ORDER_IDS",
}
"""Parameters that are typed without a name; those that must be given are, under their own."""

METAVARS: Mapping[str, str] = {"from_on": "DAY", "to_on": "DAY", "order_ids": "ID", "columns": "HEADING=COLUMN"}

BOUNDS: Mapping[str, tuple[int, int | None]] = {
    "limit": (1, 1000),
    "max_recipients": (1, None),
    "max_customers": (0, None),
    "port": (1, 65_535),
}

REQUIRED = frozenset({"export_customers.dialect", "learn_headings.dialect"})
"""Options that people have to think about, though a form has a default for them."""

FILES = frozenset({"inbox_key", "inbox_keys", "sales_keys", "only"})
"""Parameters that name files of the inbox: a local file is put there first."""

ONLY_IN_PREFECT = "review"
"""The mode that asks on a page, where no terminal can answer."""

Row = TypeVar("Row")


class Choice(click.Choice[str]):
    """A choice that may be typed with dashes."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        return super().normalize_choice(choice, ctx).replace("-", "_")


class Day(click.DateTime):
    """A day without a time."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # type: ignore[override]
        return super().convert(value, param, ctx).date()


_TYPES: Mapping[Kind, click.ParamType[Any]] = {
    "text": click.STRING,
    "integer": click.INT,
    "flag": click.BOOL,
    "day": Day(["%Y-%m-%d"]),
    "path": click.Path(path_type=Path),
}


def click_parameter(parameter: Parameter) -> click.Parameter:
    """Make the option or the argument by which a parameter is typed."""
    has_a_name = parameter.by_name or not parameter.required or _row(OPTIONS, parameter, "")
    if _row(ARGUMENTS, parameter, "") or not has_a_name:
        return _argument(parameter)
    return _option(parameter)


def _argument(parameter: Parameter) -> click.Argument:
    name = _row(ARGUMENTS, parameter, parameter.name.upper())
    shown = name if parameter.required else f"[{name}]"
    return click.Argument(
        [parameter.name],
        metavar=f"{shown}..." if parameter.accepts.many else shown,
        nargs=-1 if parameter.accepts.many else 1,
        type=_type(parameter),
        required=parameter.required,
        help=_help(parameter),
        **_default(parameter, required=parameter.required),
    )


def _option(parameter: Parameter) -> click.Option:
    name = _row(OPTIONS, parameter, f"--{parameter.name.replace('_', '-')}")
    required = parameter.required or f"{parameter.function}.{parameter.name}" in REQUIRED
    return OptionOfManyNames(
        [parameter.name, name, *_row(OTHER_NAMES, parameter, ())],
        metavar=_row(METAVARS, parameter, None),
        multiple=parameter.accepts.many,
        is_flag=parameter.accepts.kind == "flag",
        type=_type(parameter),
        required=required,
        show_default=parameter.default not in ("", False),
        help=_help(parameter),
        **_default(parameter, required=required),
    )


def _default(parameter: Parameter, *, required: bool) -> dict[str, Any]:
    """Say what is meant where nothing is typed; click takes None for a value, and several for none by itself."""
    return {} if required or parameter.accepts.many else {"default": parameter.default}


def _row(table: Mapping[str, Row], parameter: Parameter, otherwise: Row) -> Row:
    """Look a parameter up, first as that of its function."""
    return table.get(f"{parameter.function}.{parameter.name}", table.get(parameter.name, otherwise))


def _type(parameter: Parameter) -> click.ParamType[Any]:
    if parameter.accepts.choices:
        return Choice([choice for choice in parameter.accepts.choices if choice != ONLY_IN_PREFECT])
    if parameter.name in BOUNDS:
        return click.IntRange(*BOUNDS[parameter.name])
    return _TYPES[parameter.accepts.kind]


def _help(parameter: Parameter) -> str:
    says = parameter.says
    if ONLY_IN_PREFECT in parameter.accepts.choices:
        says = re.sub(rf"\b{ONLY_IN_PREFECT} [^.]*\. ?", "", says)
    return f"{says} A local file is put there first." if parameter.name in FILES else says


class OptionOfManyNames(click.Option):
    """An option whose help shows its short name and its own, and not those it had before."""

    def get_help_spec(self, ctx: click.Context) -> str:
        shown = copy(self)
        long = [name for name in self.opts if name.startswith("--")]
        shown.opts = [*(name for name in self.opts if not name.startswith("--")), long[0]]
        return click.Option.get_help_spec(shown, ctx)
