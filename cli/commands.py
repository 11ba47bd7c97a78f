"""Commands that are made from functions when they are asked for: options of the signature, help of the docstring."""

import importlib
import os
from collections.abc import Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any, cast

import click

from cli.options import click_parameter
from cli.signatures import Parameter, read_signature

CARRIED_OUT_BY: Mapping[str, str] = {
    "flows.restore.restore": "cli.flow_runs.restore",
    "flows.confirm_upload.confirm_upload": "cli.flow_runs.confirm_upload",
    "flows.export_customers.export_customers": "cli.flow_runs.export_customers",
    "flows.invite_customers.invite_customers": "cli.flow_runs.invite_customers",
    "flows.nudge.nudge": "cli.flow_runs.nudge",
    "flows.learn_headings.learn_headings": "cli.headings.learn_headings",
}
"""Flows for which more is done than to run them with what was typed.

What such a function takes by name is typed too, in place of a parameter of the flow that is called the same.
"""

LEFT_OUT = frozenset({"invite_customers.run_id", "invite_customers.inbox_key"})
"""Parameters of flows that follow from what else was typed."""

SHOP = "COUNTERFOIL_SHOP"
_JSON = click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object and nothing else.")


class Made(Mapping[str, click.Command]):
    """Commands by their names, each made when it is looked up."""

    def __init__(self, functions: Mapping[str, str], groups: Mapping[str, click.Group]) -> None:
        """Take the function that each command is made from, and groups as they are."""
        self._functions = functions
        self._groups = groups

    def __getitem__(self, name: str) -> click.Command:
        return self._groups.get(name) or command(name, self._functions[name])

    def __iter__(self) -> Iterator[str]:
        yield from self._functions
        yield from self._groups

    def __len__(self) -> int:
        return len(self._functions) + len(self._groups)


def group(name: str, says: str, functions: Mapping[str, str], *groups: click.Group) -> click.Group:
    """Make a group of commands, one a function."""
    made = Made(functions, {str(each.name): each for each in groups})
    return click.Group(name, help=says, commands=cast("MutableMapping[str, click.Command]", made))


def of_shops(commands: click.Group) -> click.Group:
    """Let a shop of a group be named before a command."""
    says = "The shop that the command is about, in a group of shops."
    commands.params.append(click.Option(["--shop"], envvar=SHOP, expose_value=False, callback=_work_for, help=says))
    return commands


def _work_for(_context: click.Context, _option: click.Parameter, shop: str | None) -> None:
    if shop:
        os.environ[SHOP] = shop  # children and what is opened later work for it too


def command(name: str, function: str) -> click.Command:
    """Make the command that calls *function*, or runs it where it is a flow."""
    return click.Command(
        name,
        help=read_signature(function).says,
        params=[*map(click_parameter, _parameters(function)), _JSON],
        callback=partial(_answer, function),
    )


def _parameters(function: str) -> list[Parameter]:
    """List what is typed for a function: what it takes, and what carrying it out takes by name."""
    own = _taken_by_name(function)
    taken = [
        own.pop(each.name, each)
        for each in read_signature(function).parameters
        if f"{each.function}.{each.name}" not in LEFT_OUT
    ]
    return [*own.values(), *taken]


def _taken_by_name(function: str) -> dict[str, Parameter]:
    if function not in CARRIED_OUT_BY:
        return {}
    return {each.name: each for each in read_signature(CARRIED_OUT_BY[function]).parameters if each.by_name}


def _answer(function: str, /, *, as_json: bool, **typed: Any) -> None:
    """Carry out what was typed; only now is imported what that takes, for help is to be there at once."""
    importlib.import_module("cli.answers").answer(partial(_carry_out, function, typed), as_json=as_json)


def _carry_out(function: str, typed: dict[str, Any]) -> Any:
    if not function.startswith("flows."):
        return _load(function)(**typed)
    by_name = {name: typed.pop(name) for name in _taken_by_name(function)}
    return _load(CARRIED_OUT_BY.get(function, "cli.flow_runs.run_flow"))(function, typed, **by_name)


def _load(function: str) -> Any:
    module, _, name = function.rpartition(".")
    return getattr(importlib.import_module(module), name)
