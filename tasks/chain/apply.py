"""Carry out a plan, batch by batch, each committed as a whole and remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import polars as pl

from infra.artifacts.run_files import file_of, load_frame, save_frame
from infra.clock import now
from infra.connectors import Connector, CountsCalls, SaysWhy
from infra.context import ledger, settings, target
from schemas import file_names
from schemas.domain import Domain
from schemas.problems import BudgetSpent
from schemas.records import BatchName, Plan, Receipt, Run
from tasks.chain.progress import show_progress
from tasks.chain.step import step
from tasks.core.planning.call_budgets import seconds_for
from tasks.core.planning.changes import AS_WANTED, count_done, names_in, with_issued_keys, writable
from tasks.core.planning.control_totals import expect_totals


@step
def apply(run: Run, plan: Plan, domain: Domain) -> Receipt:
    """Write the plan's changes, each only where the record still is as it was planned against.

    Safe to repeat: a batch that was committed before answers what it did then.
    """
    changes = load_frame(plan.changes)
    outcomes, reasons = _write_all(run, plan, domain, writable(changes))
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


def _write_all(run: Run, plan: Plan, domain: Domain, changes: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return what became of each change, and what the target said where that is not what was asked, each once."""
    connector = target(run.target)
    size = connector.can.batch_rows or settings().batch_rows
    moved = show_progress(run.run_id, changes.height, at_least=partial(_seconds_of_budget, connector))
    written = [pl.DataFrame(schema={domain.resource.key: pl.String, "outcome": pl.String})]
    reasons: dict[str, None] = {}
    for number, part in enumerate(changes.iter_slices(size), start=1):
        batch = BatchName(plan_id=plan.plan_id, number=number, run_id=run.run_id)
        with _saying_how_far((number - 1) * size, changes.height):
            written.append(_write_batch(connector, domain, part, batch))
        reasons |= dict.fromkeys(connector.reasons(batch) if isinstance(connector, SaysWhy) else ())
        moved(min(number * size, changes.height))
    return pl.concat(written), tuple(reasons)


def _seconds_of_budget(connector: Connector, changes: int) -> int:
    """Return how long so many changes take of a system that counts calls, the dearest of them."""
    if not isinstance(connector, CountsCalls) or connector.can.costs is None:
        return 0
    costs = connector.can.costs
    return seconds_for(changes * max(costs.create, costs.update, costs.remove), connector.windows())


@contextmanager
def _saying_how_far(done: int, total: int) -> Iterator[None]:
    try:
        yield
    except BudgetSpent as spent:
        raise BudgetSpent(f"{spent}, {done:,} of {total:,} written", opens_at=spent.opens_at) from None


def _write_batch(connector: Connector, domain: Domain, part: pl.DataFrame, batch: BatchName) -> pl.DataFrame:
    """Write one batch between its two entries in the ledger: the intent before, the outcome after."""
    ledger().start_batch(batch, now())
    outcomes = connector.write(domain.resource, part, batch)
    counts = dict(outcomes.value_counts().iter_rows())
    ledger().finish_batch(batch, counts, now())
    return part.select(domain.resource.key, outcomes.alias("outcome"))
