"""Decide what a file of gift cards would change, and what a person should look at before it does."""

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.context import ledger, settings, target
from schemas.domain import Domain, Limits
from schemas.problems import FileNeedsFixing
from schemas.records import ExistingCards, Plan, Run, Snapshot, Validated
from schemas.tables import Concern
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.gift_cards.repeated_top_ups import repeated_additions

_EARLIER_TOP_UPS = 10
"""How many earlier top-ups are compared: a nightly file of a week and more."""


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
    return finalise_plan(run, domain, draft, before, limits)


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
