"""Decide what a file of gift cards would change, and what a person should look at before it does."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from infra.artifacts.partitions import partitions_of
from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces
from infra.artifacts.run_files import load_frame
from infra.context import ledger, settings, target
from infra.parallel import on_workers
from schemas.domain import Domain, Limits, Resource
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, ExistingCards, Plan, Run, Snapshot, Validated
from schemas.tables import Concern
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.gift_cards.repeated_top_ups import repeated_additions
from tasks.core.planning.changes import put_together

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
    reference = validated.reference if existing_cards == "top_up" else ""
    with passing_pieces(run.run_id):
        pairs = list(_pairs(run, domain, validated, before, existing_cards, reference))
        compared = list(on_workers(compare_cards, pairs, len(pairs)))
        changes = put_together([load_piece(each.changes) for each in compared], domain.resource)
    unchanged = sum(each.unchanged for each in compared)
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={"existing_cards": existing_cards, "currency": settings().currency, "reference": reference},
        file=validated.totals,
        concerns=validated.concerns + _repeated(run, changes, reference),
    )
    return finalise_plan(run, domain, draft, before, limits)


@dataclass(frozen=True, kw_only=True)
class CardPair:
    """A partition of the file beside that of the till. *added*: which ADDs of it the target remembers having done."""

    run_id: str
    resource: Resource
    rows: Artifact
    records: Artifact
    existing_cards: ExistingCards
    reference: str
    added: Piece


@dataclass(frozen=True, kw_only=True)
class ComparedCards:
    """What a partition of the file asks of the till."""

    changes: Piece
    unchanged: int


def _pairs(
    run: Run, domain: Domain, validated: Validated, before: Snapshot, existing_cards: ExistingCards, reference: str
) -> Iterator[CardPair]:
    sides = zip(partitions_of(validated.accepted), partitions_of(before.records), strict=True)
    for rows, records in sides:
        added = _already_added(run, rows, reference)
        yield CardPair(
            run_id=run.run_id,
            resource=domain.resource,
            rows=rows,
            records=records,
            existing_cards=existing_cards,
            reference=reference,
            added=pass_piece(run.run_id, added.to_frame()),
        )


def compare_cards(pair: CardPair) -> ComparedCards:
    """Decide what one partition would change."""
    changes, unchanged = decide_changes(
        load_frame(pair.rows),
        load_frame(pair.records),
        pair.resource,
        existing_cards=pair.existing_cards,
        reference=pair.reference,
        added=load_piece(pair.added).to_series(),
    )
    return ComparedCards(changes=pass_piece(pair.run_id, changes), unchanged=unchanged)


def _already_added(run: Run, rows: Artifact, reference: str) -> pl.Series:
    """Return the ids of those ADDs that the target remembers having done."""
    if not reference:
        return pl.Series("operation_id", dtype=pl.String)
    recorded = target(run.target).operations(operation_ids(load_frame(rows), reference))
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
