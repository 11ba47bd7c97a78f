"""Carry out a plan, batch by batch, each committed as a whole and remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import polars as pl

from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces
from infra.artifacts.run_files import file_of, load_frame, save_frame
from infra.clock import now
from infra.connectors import Connector, SaysWhy, ServesWorkers
from infra.context import ledger, settings, target
from infra.parallel import on_workers
from schemas import file_names
from schemas.domain import Domain, Resource
from schemas.problems import BudgetSpent, Refused, SettingsNeedFixing
from schemas.records import BatchName, Plan, Receipt, Run
from schemas.target_names import Channel, TargetName
from tasks.chain.audit_trail import enter_apply
from tasks.chain.call_budget import costs_of
from tasks.chain.progress import show_progress
from tasks.chain.step import step
from tasks.core.planning.call_budgets import seconds_for
from tasks.core.planning.changes import AS_WANTED, count_done, names_in, with_issued_keys, writable
from tasks.core.planning.control_totals import expect_totals

GOING_ON = ("running", "needs_approval", "waiting")
"""How the ledger notes a run that has not ended: at work, or asked about, or short of calls, when last heard of."""


@step
def apply(run: Run, plan: Plan, domain: Domain) -> Receipt:
    """Write the plan's changes, each only where the record still is as it was planned against.

    Safe to repeat: a batch that was committed before answers what it did then.
    """
    changes = load_frame(plan.changes)
    to_write = writable(changes)
    if to_write.height:
        enter_apply(run, plan)
    outcomes, reasons = _write_all(run, plan, domain, to_write)
    settled = changes.join(outcomes, on=domain.resource.key, how="left").with_columns(pl.col("outcome").fill_null(""))
    can = target(run.target).can  # what cannot list its records, or show them again, has no totals to expect
    issued = target(run.target).issued(domain.resource, names_in(settled, domain.resource))
    settled = with_issued_keys(settled, issued, domain.resource)
    stored = save_frame(run.run_id, file_of(run, domain, file_names.OUTCOMES), settled)
    ledger().finish_plan(plan.plan_id, run.run_id, now())
    as_wanted = settled.filter(pl.col("outcome").is_in(AS_WANTED))
    return Receipt(
        plan_id=plan.plan_id,
        outcomes=stored,
        counts=count_done(settled, unchanged=plan.counts.unchanged),
        totals=expect_totals(plan.totals.before, as_wanted, domain.resource) if can.list_all and can.read_back else (),
        reasons=reasons,
    )


@dataclass(frozen=True, kw_only=True)
class DueBatch:
    """A batch that is to be written, which begins with that row of what its plan writes."""

    name: BatchName
    target: TargetName | Channel
    resource: Resource
    changes: Piece
    first_row: int


@dataclass(frozen=True, kw_only=True)
class WrittenBatch:
    """What became of each change of a batch, and what the target said where that is not what was asked."""

    outcomes: pl.Series
    reasons: tuple[str, ...]


def _write_all(run: Run, plan: Plan, domain: Domain, changes: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return what became of each change, and what the target said where that is not what was asked, each once."""
    connector = target(run.target)
    size = connector.can.batch_rows or settings().batch_rows
    apart = isinstance(connector, ServesWorkers) and connector.serves_workers(domain.resource)
    moved = show_progress(run.run_id, changes.height, at_least=partial(_seconds_of_budget, connector))
    outcomes = [pl.Series("outcome", [], pl.String)]
    reasons: dict[str, None] = {}
    due, batches = _due_batches(run, plan, domain.resource, changes, size), -(-changes.height // size)
    with passing_pieces(run.run_id), _saying_how_far(outcomes, changes.height):
        for written in on_workers(write_batch, due, batches if apart else 1):
            outcomes.append(written.outcomes)
            reasons |= dict.fromkeys(written.reasons)
            moved(sum(map(len, outcomes)))
    return changes.select(domain.resource.key, pl.concat(outcomes)), tuple(reasons)


def _due_batches(run: Run, plan: Plan, resource: Resource, changes: pl.DataFrame, size: int) -> Iterator[DueBatch]:
    for number, part in enumerate(changes.iter_slices(size), start=1):
        yield DueBatch(
            name=BatchName(plan_id=plan.plan_id, number=number, run_id=run.run_id),
            target=run.target,
            resource=resource,
            changes=pass_piece(run.run_id, part),
            first_row=(number - 1) * size,
        )


def write_batch(due: DueBatch) -> WrittenBatch:
    """Write one batch between its two entries in the ledger: the intent before, the outcome after."""
    _expect_running(due.name)
    connector, batch = target(due.target), due.name
    _expect_not_landed_elsewhere(connector, due)
    ledger().start_batch(batch, due.first_row, now())
    outcomes = connector.write(due.resource, load_piece(due.changes), batch)
    ledger().finish_batch(batch, dict(outcomes.value_counts().iter_rows()), now())
    reasons = connector.reasons(batch) if isinstance(connector, SaysWhy) else ()
    return WrittenBatch(outcomes=outcomes.alias("outcome"), reasons=reasons)


def _expect_running(batch: BatchName) -> None:
    """Raise where the ledger does not say that the batch's run goes on: it is another ledger, or the run ended.

    A run that was asked about, or waited for calls, is noted as such until it ends.
    """
    outcome = ledger().heartbeats.outcome_of(batch.run_id)
    if outcome is None:
        raise SettingsNeedFixing(
            f"The ledger of the process that was to write batch {batch.number} does not know run {batch.run_id}. Give "
            "all workers the COUNTERFOIL_LEDGER_URL of the run, then run again. Nothing of that batch was written."
        )
    if outcome not in GOING_ON:
        raise Refused(
            f"Run {batch.run_id} has ended meanwhile. Nothing of batch {batch.number} was written; run the file again."
        )


def _expect_not_landed_elsewhere(connector: Connector, due: DueBatch) -> None:
    """Raise Refused where a batch of this name has landed that began with another row: the size was changed since.

    Where it has not landed, nothing tells of it, and it may begin anywhere.
    """
    then = ledger().heartbeats.first_row_of(due.name)
    if then not in (None, due.first_row) and connector.outcomes(due.name) is not None:
        raise Refused(
            f"Batch {due.name.number} of plan {due.name.plan_id} was written before, when COUNTERFOIL_BATCH_ROWS was "
            "another. Nothing of it was written now; start a new run instead of this one."
        )


def _seconds_of_budget(connector: Connector, changes: int) -> int:
    """Return how long so many changes take of a system that counts calls, the dearest of them."""
    counted = costs_of(connector)
    if counted is None:
        return 0
    costs, windows = counted
    return seconds_for(changes * max(costs.create, costs.update, costs.remove), windows)


@contextmanager
def _saying_how_far(outcomes: list[pl.Series], total: int) -> Iterator[None]:
    try:
        yield
    except BudgetSpent as spent:
        done = sum(map(len, outcomes))
        raise BudgetSpent(f"{spent}, {done:,} of {total:,} written", opens_at=spent.opens_at) from None
