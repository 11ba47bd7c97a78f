"""Whatever a concern says lets a plan pass is a parameter of the flow that raised it."""

import importlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from prefect.utilities.callables import get_call_parameters, parameter_schema, parameters_to_args_kwargs

from cli.__main__ import counterfoil
from schemas.domain import Domain, Limits
from schemas.domains import DOMAINS
from schemas.former_names import FORMER_NAMES
from schemas.records import Total, Totals
from tasks.core.planning.changes import sided
from tasks.core.planning.limits import raise_concerns
from tests.conventions.documents import OTHER_CODES

IMPORTS = {domain.flow.removeprefix("flows."): name for name, domain in DOMAINS.items() if domain.flow}
FLOWS = {flow: [name] for flow, name in IMPORTS.items()} | {
    "sync_orders.sync_orders": ["orders"],
    "push_products.push_products": ["web-products"],
    "nudge.nudge": ["web-orders"],
    "restore.restore": [*DOMAINS],
}
"""Which domains the plans of each flow are of, as far as its parameters set their limits."""

COMMANDS = {flow: f"run {name}" for flow, name in IMPORTS.items()} | {
    "sync_orders.sync_orders": "sync-orders",
    "push_products.push_products": "push-products",
    "nudge.nudge": "nudge",
    "restore.restore": "restore",
}


def far_beyond(domain: Domain, limits: Limits) -> pl.DataFrame:
    """Change more records than usual, by more than usual, and one of each kind of amounts."""
    resource = domain.resource
    count = limits.changed_rows + 1
    amounts = {f"{resource.amount}_{side}": pl.lit(cents) for side, cents in (("before", 0), ("after", 10**12))}
    columns = [*sided(resource, "before"), *sided(resource, "after")]
    rows = pl.DataFrame({"kind": ["update"] * count}).with_columns(pl.lit("EUR").alias(column) for column in columns)
    return rows.with_columns(**amounts) if resource.amount else rows


def overrides_of(domain: Domain, limits: Limits | None = None) -> set[str]:
    limits = limits or domain.limits
    totals = Totals(before=(Total(currency="EUR", count=limits.changed_rows + 1, sum_cents=1),))
    concerns = raise_concerns(far_beyond(domain, limits), domain.resource, limits, totals, exponent=2)
    return {concern.override.partition("=")[0] for concern in concerns}


def parameters_of(flow: str) -> dict[str, Any]:
    properties: dict[str, Any] = flow_named(flow).parameters.properties
    return properties


def flow_named(flow: str) -> Any:
    module, _, name = flow.partition(".")
    return getattr(importlib.import_module(f"flows.{module}"), name)


def options_of(command: str) -> dict[str, Any]:
    """Return each option of a command, by how it is typed."""
    found: Any = counterfoil
    for name in command.split():
        found = found.commands[name]
    return {option: parameter for parameter in found.params for option in parameter.opts}


@pytest.mark.parametrize(("flow", "name"), [(flow, name) for flow, names in FLOWS.items() for name in names])
def test_every_override_that_is_named_is_a_parameter_of_the_flow(flow: str, name: str):
    raised = overrides_of(DOMAINS[name])
    assert "max_changed_rows" in raised
    assert raised <= {*parameters_of(flow)}


def test_products_that_a_list_of_stock_makes_are_weighed_by_what_its_flow_can_raise():
    raised = overrides_of(DOMAINS["products"], DOMAINS["stock"].limits)
    assert raised == {"max_changed_rows"} <= {*parameters_of("stock.open_stock")}


def test_every_flow_that_weighs_a_plan_is_looked_at():
    weighing = {path.stem for path in Path("flows").glob("*.py") if "usual_limits(" in path.read_text()}
    assert weighing == {flow.partition(".")[0] for flow in FLOWS}


@pytest.mark.parametrize("domain", [domain for domain in DOMAINS.values() if domain.resource.amount])
def test_a_domain_with_amounts_says_what_a_large_record_is_called_and_its_concern(domain: Domain):
    assert "max_amount" in overrides_of(domain)
    assert domain.limits.amount and domain.limits.noun != "record" and domain.limits.amount_code in OTHER_CODES


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if "max_amount" in parameters_of(flow)])
@pytest.mark.parametrize("former", FORMER_NAMES)
def test_a_parameter_is_taken_under_the_name_it_had_which_no_form_shows(flow: str, former: str):
    taken = flow_named(flow)
    needed = dict.fromkeys(taken.parameters.required, "cards.csv")
    assert former not in parameters_of(flow)
    assert taken.validate_parameters({**needed, former: 700})["max_amount"] == 700
    assert taken.validate_parameters({**needed, former: 700, "max_amount": 900})["max_amount"] == 900
    assert taken.validate_parameters({**needed, former: None})["max_amount"] is None


@pytest.mark.parametrize("former", FORMER_NAMES)
def test_a_run_of_a_deployment_is_begun_with_what_it_was_given_under_a_former_name(former: str):
    """Prefect holds the parameters of such a run against the function before the flow validates them."""
    taken = flow_named("gift_cards.import_gift_cards")
    arguments = parameters_to_args_kwargs(taken.fn, {"inbox_key": "cards.csv", former: 700})
    begun = taken.validate_parameters(get_call_parameters(taken.fn, *arguments))
    assert begun["max_amount"] == 700 and not begun.keys() & FORMER_NAMES.keys()
    assert parameter_schema(taken).properties.keys() == parameters_of("gift_cards.import_gift_cards").keys()


@pytest.mark.parametrize("command", ["restore", "run gift-cards", "run orders", "sync-orders"])
def test_the_command_line_takes_an_override_as_its_concern_names_it_and_as_it_was_named_before(command: str):
    taken = options_of(command)
    for former in FORMER_NAMES:
        assert taken[f"--{former.replace('_', '-')}"].name == "max_amount"
    shown = CliRunner().invoke(counterfoil, [*command.split(), "--help"]).output
    assert "--max-amount" in shown
    assert not any(f"--{former.replace('_', '-')}" in shown for former in FORMER_NAMES)


@pytest.mark.parametrize(("flow", "command"), COMMANDS.items())
def test_every_override_of_a_flow_is_an_option_of_its_command(flow: str, command: str):
    assert {f"--{name.replace('_', '-')}" for name in parameters_of(flow) if name.startswith("max_")} <= options_of(
        command
    ).keys()
