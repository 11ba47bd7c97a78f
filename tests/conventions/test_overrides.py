"""Whatever a concern says lets a plan pass is a parameter of the flow that raised it."""

import importlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.domain import Domain, Limits
from schemas.domains import DOMAINS
from schemas.records import Total, Totals
from tasks.core.planning.changes import sided
from tasks.core.planning.limits import raise_concerns

FLOWS = {
    "gift_cards.import_gift_cards": ["gift-cards"],
    "customers.import_customers": ["customers"],
    "orders.import_orders": ["orders"],
    "sync_orders.sync_orders": ["orders"],
    "push_products.push_products": ["web-products"],
    "nudge.nudge": ["web-orders"],
    "restore.restore": [*DOMAINS],
    "stock.open_stock": ["stock"],
    "loyalty.sweep_loyalty_failures": ["loyalty"],
}
"""Which domains the plans of each flow are of, as far as its parameters set their limits."""


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
    module, _, name = flow.partition(".")
    properties: dict[str, Any] = getattr(importlib.import_module(f"flows.{module}"), name).parameters.properties
    return properties


@pytest.mark.parametrize(("flow", "name"), [(flow, name) for flow, names in FLOWS.items() for name in names])
def test_every_override_that_is_named_is_a_parameter_of_the_flow(flow: str, name: str):
    raised = overrides_of(DOMAINS[name])
    assert "max_changed_rows" in raised
    assert raised <= {*parameters_of(flow)}


def test_products_that_a_list_of_stock_makes_are_weighed_by_what_its_flow_can_raise():
    raised = overrides_of(DOMAINS["products"], DOMAINS["stock"].limits)
    assert raised == {"max_changed_rows"} <= {*parameters_of("stock.open_stock")}


def test_every_flow_that_weighs_a_plan_is_looked_at():
    weighing = {path.stem for path in Path("flows").glob("*.py") if "limits_of_run(" in path.read_text()}
    assert weighing == {flow.partition(".")[0] for flow in FLOWS}


def test_the_limits_that_were_missed_are_raised_at_all():
    assert "max_order" in overrides_of(DOMAINS["orders"])
    assert "max_card" in overrides_of(DOMAINS["gift-cards"])
