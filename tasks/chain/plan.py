"""Decide what would change, and what a person should look at before it does."""

from dataclasses import dataclass, replace

import polars as pl

from infra.artifacts.run_files import file_of, save_bytes, save_frame
from infra.clock import now
from infra.context import ledger, settings, target, uploads
from schemas import file_names
from schemas.domain import Domain, Limits
from schemas.records import Plan, Run, Snapshot, Total, Totals
from schemas.tables import Concern
from tasks.chain.call_budget import costs_of
from tasks.chain.run_history import written_in_parts
from tasks.core.planning.by_hand import hold_by_hand, list_by_hand
from tasks.core.planning.call_budgets import concern_of_effort, estimate_effort
from tasks.core.planning.changes import count_planned, writable
from tasks.core.planning.chosen_lines import LINES, hold_other_lines
from tasks.core.planning.control_totals import expect_totals
from tasks.core.planning.limits import needs_second_person, raise_concerns
from tasks.core.planning.plan_ids import plan_content, plan_id
from tasks.core.reading.currencies import minor_digits
from tasks.core.writing.files import write_escaped


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
    Their changes come from no line: whoever drafts them takes what the chosen lines need.
    """
    can = target(run.target).can
    lines = run.options.get(LINES, "") if domain.name == run.domain else ""
    changes = hold_by_hand(hold_other_lines(draft.changes, lines), can.takes)
    to_write = writable(changes)
    known = can.read_back and can.list_all
    expected = expect_totals(before.totals, to_write, domain.resource) if known else ()
    totals = Totals(file=draft.file, before=before.totals, expected=expected)
    exponent = minor_digits(settings().currency)
    counted = costs_of(target(run.target))
    effort = estimate_effort(to_write, *counted) if counted else None
    too_much = raise_concerns(to_write, domain.resource, limits, totals, exponent=exponent)
    too_much += _second_person(run, domain, changes, exponent)
    plan = Plan(
        plan_id="",
        domain=domain.name,
        target=run.target,
        options={name: option for name, option in draft.options.items() if name != LINES},
        counts=count_planned(changes, unchanged=draft.unchanged),
        totals=totals,
        concerns=(*draft.concerns, *too_much, *concern_of_effort(effort, limits)),
        changes=save_frame(run.run_id, file_of(run, domain, file_names.CHANGES), changes),
        effort=effort,
    )
    _list_by_hand(run, domain, changes)
    head = plan_content(plan)
    save_bytes(run.run_id, file_of(run, domain, file_names.PLAN), head)
    named = replace(plan, plan_id=plan_id(head, changes))
    uploads().join()
    ledger().save_plan(named, run_id=run.run_id, now=now(), hours=settings().plan_ttl_hours)
    return named


def _second_person(run: Run, domain: Domain, changes: pl.DataFrame, exponent: int) -> tuple[Concern, ...]:
    """Ask for one where the file moves much as a whole: nobody passes by writing it in parts."""
    above = settings().approver_must_differ_above
    if above is None or not domain.resource.amount:
        return ()
    parts = written_in_parts(run, domain)
    return needs_second_person(changes, domain.resource, above, exponent=exponent, other_parts=parts)


def _list_by_hand(run: Run, domain: Domain, changes: pl.DataFrame) -> None:
    listed = list_by_hand(changes, domain.resource)
    if listed.height:
        save_bytes(run.run_id, file_of(run, domain, file_names.BY_HAND), write_escaped(listed))
