"""Decide what would change where records are to be just as rows say."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.artifacts.partitions import partitions_of
from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces
from infra.artifacts.run_files import load_frame
from infra.parallel import on_workers
from schemas.domain import Domain, Hold, Limits, Resource
from schemas.records import Artifact, Plan, Run, Snapshot, Validated
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.planning.changes import put_together
from tasks.core.planning.set_changes import set_changes


@step
def plan_set(run: Run, domain: Domain, validated: Validated, before: Snapshot, limits: Limits) -> Plan:
    """Compare accepted rows with what the target held a moment ago."""
    sides = zip(partitions_of(validated.accepted), partitions_of(before.records), strict=True)
    resource, holds = domain.resource, domain.holds
    pairs = [
        SetPair(run_id=run.run_id, resource=resource, holds=holds, rows=rows, records=records)
        for rows, records in sides
    ]
    with passing_pieces(run.run_id):
        compared = list(on_workers(compare_set, pairs, len(pairs)))
        changes = put_together([load_piece(each.changes) for each in compared], resource)
    unchanged = sum(each.unchanged for each in compared)
    draft = Draft(changes=changes, unchanged=unchanged, options={}, file=validated.totals, concerns=validated.concerns)
    return finalise_plan(run, domain, draft, before, limits)


@dataclass(frozen=True, kw_only=True)
class SetPair:
    """A partition of the file beside that of the target."""

    run_id: str
    resource: Resource
    holds: Sequence[Hold]
    rows: Artifact
    records: Artifact


@dataclass(frozen=True, kw_only=True)
class ComparedSet:
    """What a partition of the file asks of the target."""

    changes: Piece
    unchanged: int


def compare_set(pair: SetPair) -> ComparedSet:
    """Decide what one partition would change."""
    rows, records = load_frame(pair.rows), load_frame(pair.records)
    changes, unchanged = set_changes(rows, records, pair.resource, pair.holds)
    return ComparedSet(changes=pass_piece(pair.run_id, changes), unchanged=unchanged)
