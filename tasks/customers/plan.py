"""Decide what would change in the register of customers, and what a person should look at before it does."""

from collections.abc import Mapping

import polars as pl

from infra.artifacts.pieces import passing_pieces
from infra.connectors import Connector, KeepsSome
from infra.context import settings, target
from infra.target_connectors import system_of
from schemas.customer_systems import System
from schemas.domain import Dialect, Domain, Limits
from schemas.records import Plan, Run, Snapshot, Validated
from schemas.tables import Concern
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.customers.changes import cells_emptied
from tasks.core.customers.fitting import concern_of_cells_left_out, with_usual
from tasks.core.planning.kept_columns import only_kept
from tasks.core.wording.words import counted
from tasks.customers.compare_parts import compare_parts
from tasks.customers.validate import register


@step
def plan_customers(
    run: Run, domain: Domain, dialect: Dialect, validated: Validated, before: Snapshot, limits: Limits
) -> Plan:
    """Compare accepted rows with the whole register as it was a moment ago."""
    system = system_of(run.target, settings())
    with passing_pieces(run.run_id):
        by_email, sides = not dialect.numbers_by_zero, (validated, before)
        compared = compare_parts(run, domain, sides, register(), system, updates_by_email=by_email)
    changes = with_usual(compared.changes, system) if system else compared.changes
    changes, left = only_kept(changes, kept_by(target(run.target), domain), domain.resource)
    draft = Draft(
        changes=changes,
        unchanged=compared.unchanged + left,
        options={"dialect": dialect.name, "one_email_ignores": settings().one_email_ignores, **run.options},
        file=validated.totals,
        concerns=validated.concerns + _emptied(changes) + _left_out(compared.left_out, system, dialect),
    )
    return finalise_plan(run, domain, draft, before, limits)


def kept_by(connector: Connector, domain: Domain) -> tuple[str, ...]:
    """Return the columns that the target of a run has a place for."""
    return connector.kept(domain.resource) if isinstance(connector, KeepsSome) else domain.resource.columns


def _left_out(left: Mapping[str, int], system: System | None, dialect: Dialect) -> tuple[Concern, ...]:
    return concern_of_cells_left_out(left, system, dialect) if system else ()


def _emptied(changes: pl.DataFrame) -> tuple[Concern, ...]:
    cells = cells_emptied(changes)
    if not cells:
        return ()
    says = f"{counted(cells, 'filled cell')} would be emptied"
    return (Concern(code="CUST_BLANK_OVERWRITES", says=says, override="blank_cells=keep"),)
