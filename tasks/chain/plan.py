"""Decide what would change, and what a person should look at before it does."""

from dataclasses import dataclass, replace

import polars as pl

from infra.artifacts.run_files import file_of, save_bytes, save_frame
from infra.clock import now
from infra.connectors import CountsCalls
from infra.context import ledger, settings, target
from schemas import file_names
from schemas.capabilities import Effort
from schemas.currencies import minor_digits
from schemas.domain import Domain, Limits
from schemas.records import Plan, Run, Snapshot, Total, Totals
from schemas.tables import Concern
from tasks.core.planning.call_budgets import concern_of_effort, estimate_effort
from tasks.core.planning.changes import count_planned, writable
from tasks.core.planning.control_totals import expect_totals
from tasks.core.planning.limits import raise_concerns
from tasks.core.planning.plan_ids import plan_content, plan_id


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What was decided about rows, before it is weighed and named."""

    changes: pl.DataFrame
    unchanged: int
    options: dict[str, str]
    file: tuple[Total, ...] = ()
    concerns: tuple[Concern, ...] = ()


def finalise_plan(run: Run, domain: Domain, draft: Draft, before: Snapshot, limits: Limits) -> Plan:
    """Add totals, limits and the plan id to a draft, and enter it in the ledger.

    A run has one plan of its own domain; those of others, which go with it, bear their domain in their files' names.
    """
    to_write = writable(draft.changes)
    known = target(run.target).can.read_back and target(run.target).can.list_all
    expected = expect_totals(before.totals, to_write, domain.resource) if known else ()
    totals = Totals(file=draft.file, before=before.totals, expected=expected)
    exponent = minor_digits(settings().currency)
    effort = _effort(run, to_write)
    too_much = raise_concerns(to_write, domain.resource, limits, totals, exponent=exponent)
    plan = Plan(
        plan_id="",
        domain=domain.name,
        target=run.target,
        options=draft.options,
        counts=count_planned(draft.changes, unchanged=draft.unchanged),
        totals=totals,
        concerns=(*draft.concerns, *too_much, *concern_of_effort(effort, limits)),
        changes=save_frame(run.run_id, file_of(run, domain, file_names.CHANGES), draft.changes),
        effort=effort,
    )
    head = plan_content(plan)
    save_bytes(run.run_id, file_of(run, domain, file_names.PLAN), head)
    named = replace(plan, plan_id=plan_id(head, draft.changes))
    ledger().save_plan(named, run_id=run.run_id, now=now(), hours=settings().plan_ttl_hours)
    return named


def _effort(run: Run, to_write: pl.DataFrame) -> Effort | None:
    connector = target(run.target)
    if not isinstance(connector, CountsCalls) or connector.can.costs is None:
        return None
    return estimate_effort(to_write, connector.can.costs, connector.windows())
