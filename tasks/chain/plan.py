"""Decide what would change, and what a person should look at before it does."""

from dataclasses import dataclass, replace

import polars as pl

from infra.artifacts.run_files import file_of, load_frame, save_bytes, save_frame
from infra.clock import now
from infra.settings import settings
from infra.systems import ledger
from infra.targets import target
from schemas.currencies import minor_digits
from schemas.domain import Domain, Limits
from schemas.problems import FileNeedsFixing
from schemas.records import ExistingCards, Plan, Run, Snapshot, Total, Totals, Validated
from schemas.tables import Concern
from tasks.chain.step import step
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.gift_cards.repeated_top_ups import repeated_additions
from tasks.core.planning.changes import count_planned, writable
from tasks.core.planning.control_totals import expect_totals
from tasks.core.planning.limits import raise_concerns
from tasks.core.planning.plan_ids import plan_content, plan_id

_EARLIER_TOP_UPS = 10
"""How many earlier top-ups are compared: a nightly file of a week and more."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What was decided about rows, before it is weighed and named."""

    changes: pl.DataFrame
    unchanged: int
    options: dict[str, str]
    file: tuple[Total, ...] = ()
    concerns: tuple[Concern, ...] = ()


@step
def plan_gift_cards(
    run: Run, domain: Domain, validated: Validated, before: Snapshot, limits: Limits, *, existing_cards: ExistingCards
) -> Plan:
    """Compare accepted rows with what the target held a moment ago.

    Raises:
        FileNeedsFixing: The target cannot add to a balance, but was asked to.
    """
    if existing_cards == "top_up" and not target(run.target).can.operation_ids:
        raise FileNeedsFixing(
            f"{run.target} cannot top up: it only takes new cards. Run with existing_cards hold or set."
        )
    rows = load_frame(validated.accepted)
    reference = validated.reference if existing_cards == "top_up" else ""
    changes, unchanged = decide_changes(
        rows,
        load_frame(before.records),
        domain.resource,
        existing_cards=existing_cards,
        reference=reference,
        added=_already_added(run, rows, reference),
    )
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={"existing_cards": existing_cards, "currency": settings().currency, "reference": reference},
        file=validated.totals,
        concerns=validated.concerns + _repeated(run, changes, reference),
    )
    return weigh_and_name(run, domain, draft, before, limits)


def _already_added(run: Run, rows: pl.DataFrame, reference: str) -> pl.Series:
    """Return the ids of those ADDs that the target remembers having done."""
    if not reference:
        return pl.Series(dtype=pl.String)
    recorded = target(run.target).operations(operation_ids(rows, reference))
    return recorded.filter(pl.col("state") == "applied").get_column("operation_id")


def _repeated(run: Run, changes: pl.DataFrame, reference: str) -> tuple[Concern, ...]:
    """Compare with earlier top-ups, unless this one was given a name of its own: then it is meant to be another.

    Those of the same reference are left out: what they added is known by its operation id, and what is
    added here is what they did not.
    """
    if run.options.get("reference") or changes.get_column("operation").is_null().all():
        return ()
    earlier = ledger().list_finished_plans(domain=run.domain, target=run.target, limit=_EARLIER_TOP_UPS)
    others = [plan for plan in earlier if plan.options.get("reference", "") not in ("", reference)]
    added = [load_frame(plan.changes) for plan in others]
    return repeated_additions(changes, added)


def weigh_and_name(run: Run, domain: Domain, draft: Draft, before: Snapshot, limits: Limits) -> Plan:
    """Add totals, limits and the plan id to a draft, and enter it in the ledger.

    A run has one plan of its own domain; those of others, which go with it, bear their domain in their files' names.
    """
    to_write = writable(draft.changes)
    known = target(run.target).can.read_back and target(run.target).can.list_all
    expected = expect_totals(before.totals, to_write, domain.resource) if known else ()
    totals = Totals(file=draft.file, before=before.totals, expected=expected)
    exponent = minor_digits(settings().currency)
    plan = Plan(
        plan_id="",
        domain=domain.name,
        target=run.target,
        options=draft.options,
        counts=count_planned(draft.changes, unchanged=draft.unchanged),
        totals=totals,
        concerns=draft.concerns + raise_concerns(to_write, domain.resource, limits, totals, exponent=exponent),
        changes=save_frame(run.run_id, file_of(run, domain, "changes.parquet"), draft.changes),
    )
    head = plan_content(plan)
    save_bytes(run.run_id, file_of(run, domain, "plan.json"), head)
    named = replace(plan, plan_id=plan_id(head, draft.changes))
    ledger().save_plan(named, run_id=run.run_id, now=now(), hours=settings().plan_ttl_hours)
    return named
