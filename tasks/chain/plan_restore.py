"""Plan the way back of a run: of its own records, and of those it made for them to refer to."""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import file_of, load_frame, save_bytes
from infra.connectors import ReadsStock
from infra.context import target
from schemas import file_names
from schemas.domain import Domain, Limits
from schemas.records import GOES_WITH, RESTORES, Artifact, Plan, Run, Snapshot
from schemas.tables import Concern
from tasks.chain.hold_impossible import hold_impossible
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.run_history import count_unknown, dependent_domain, recall_all
from tasks.chain.snapshot import take_snapshot
from tasks.chain.step import step
from tasks.chain.usual_limits import usual_limits
from tasks.core.planning.inverse_changes import hold_final, invert, keep_referred, keys_going, list_conflicts
from tasks.core.planning.settlement import without_removed
from tasks.core.wording.words import counted


@step
def plan_restore(
    run: Run, domain: Domain, done: Artifact, before: Snapshot, limits: Limits, dependent: Plan | None = None
) -> Plan:
    """Plan the inverse of what a run did, against what the target holds now."""
    held, changes_done = load_frame(before.records), load_frame(done)
    records = without_removed(held, domain.resource, target(run.target).can.removed_as)
    inverse, unchanged = invert(changes_done, records, domain.resource)
    changes = hold_impossible(run, domain.resource, hold_final(inverse, held, domain.resource))
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={RESTORES: "yes"} | ({GOES_WITH: dependent.plan_id} if dependent else {}),
        concerns=(*_left_unknown(run, domain), *(dependent.concerns if dependent else ())),
    )
    plan = finalise_plan(run, domain, draft, before, limits)
    return _with_conflicts(run, domain, plan, list_conflicts(changes_done, records, domain.resource))


def _left_unknown(run: Run, domain: Domain) -> tuple[Concern, ...]:
    """Raise a concern about changes that may have been carried out, and are not among those that go back."""
    unknown = count_unknown(run, domain)
    if not unknown:
        return ()
    says = f"it is not known what became of {counted(unknown, 'change')} of that run; what was done of it stays"
    return (Concern(code="RESTORE_UNKNOWN", says=says),)


@step
def plan_dependent_records(run: Run, domain: Domain, done: Artifact, before: Snapshot, only: str) -> Plan | None:
    """Plan the way back of records that the run made for those of *domain* to refer to, such as products for sales.

    None where it made none, or where *only* some of its records go back: the others still refer to them.
    """
    other = None if only else dependent_domain(run, domain)
    if other is None:
        return None
    gone, _ = invert(load_frame(done), load_frame(before.records), domain.resource)
    made = recall_all(run, other)
    there = take_snapshot(run, other, made.get_column(other.resource.key))
    records = load_frame(there.records)
    back, unchanged = invert(made, records, other.resource)
    referred = _referred(run, back, other, {domain.resource.name: keys_going(gone, domain.resource)})
    changes, kept = keep_referred(back, referred, other.resource) if referred.len() else (back, 0)
    if changes.is_empty():
        return None
    draft = Draft(changes=changes, unchanged=unchanged + kept, options={RESTORES: "yes"})
    plan = finalise_plan(run, other, draft, there, usual_limits(other))
    return _with_conflicts(run, other, plan, list_conflicts(made, records, other.resource))


def _referred(run: Run, back: pl.DataFrame, domain: Domain, going: dict[str, pl.Series]) -> pl.Series:
    removed = back.filter(kind="remove").get_column(domain.resource.key)
    connector = target(run.target)
    return connector.referred(removed, going) if isinstance(connector, ReadsStock) else removed.clear()


def _with_conflicts(run: Run, domain: Domain, plan: Plan, conflicts: pl.DataFrame) -> Plan:
    if conflicts.is_empty():
        return plan
    name = file_of(run, domain, file_names.CONFLICTS)
    return replace(plan, conflicts=save_bytes(run.run_id, name, conflicts.write_csv().encode()))
