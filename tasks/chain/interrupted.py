"""End runs that were killed: by what the journal of the target says they wrote, with a report like that of any run.

Whichever run begins next does this, and every command that looks at runs.
"""

from dataclasses import replace

import polars as pl

from infra.artifacts.pieces import drop_stored_pieces
from infra.artifacts.run_files import load_frame, save_frame, scan_frame
from infra.clock import now
from infra.context import ledger, target
from infra.ledger import RunEntry
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.problems import Bug, Problem
from schemas.records import BatchName, ChangeCounts, Plan, RowCounts, Run, RunReport, Totals
from tasks.chain.report import build_report, publish, rows_to_show
from tasks.chain.run_history import list_landed
from tasks.chain.step import without_row_values
from tasks.chain.tell import note_end
from tasks.core.planning.changes import WRITTEN, count_done, names_in, with_issued_keys, writable
from tasks.core.reporting.rows import NO_CHANGES, NO_REJECTS
from tasks.core.reporting.run_outcome import conclude_interrupted, written_of


def settle_interrupted() -> None:
    """End every run that was killed. What cannot be told now, as a system is away, is told by whoever comes next."""
    for entry in ledger().heartbeats.list_interrupted(now()):
        try:
            without_row_values(_settle)(entry)
        except Bug as bug:  # a run that cannot be told of must not keep others from theirs, nor be tried for ever
            ledger().end_run(entry.run.run_id, "interrupted", str(bug), now())
        except Problem:
            continue
        note_end(entry.run.run_id)


def _settle(entry: RunEntry) -> None:
    run = entry.run
    drop_stored_pieces(run.run_id)
    plans = ledger().list_applied_plans(run.run_id)
    for plan in plans:
        _finish_landed(run, plan)
    own = [plan for plan in plans if plan.domain == run.domain]
    done = [_with_outcomes(run, plan, DOMAINS[plan.domain]) for plan in own]
    if done:
        save_frame(run.run_id, file_names.OUTCOMES, done[-1])
    report = replace(_run_report(run, own, done), plan_id=entry.plan_id)  # the last it made, whether it began it or not
    ledger().heartbeats.close(_publish(report, planned=bool(entry.plan_id)), attempt=run.attempt, now=now())


def _finish_landed(run: Run, plan: Plan) -> None:
    """Enter of the batches that landed what they did; of the others the run's own end says that they did not."""
    for each in list_landed(run.run_id, plan):
        batch = BatchName(plan_id=plan.plan_id, number=each.number, run_id=run.run_id)
        ledger().finish_batch(batch, dict(each.outcomes.value_counts().iter_rows()), now())


def _with_outcomes(run: Run, plan: Plan, domain: Domain) -> pl.DataFrame:
    """Say of each change what became of it; what is in no batch of the journal was not reached.

    A target that takes files, or cannot undo, keeps no journal that tells what it took: that is unknown.
    """
    changes = load_frame(plan.changes)
    todo = writable(changes)
    can = target(run.target).can
    rest = "" if can.undo and can.guard != "blind" else "unknown"
    outcomes = pl.repeat(rest, todo.height, dtype=pl.String, eager=True)
    for each in list_landed(run.run_id, plan):
        rows = range(each.first_row, each.first_row + each.outcomes.len())
        outcomes = outcomes.scatter(list(rows), each.outcomes.replace("done", "written"))
    known = todo.select(domain.resource.key, outcomes.alias("outcome"))
    settled = changes.join(known, on=domain.resource.key, how="left").with_columns(pl.col("outcome").fill_null(""))
    issued = target(run.target).issued(domain.resource, names_in(settled, domain.resource))
    return with_issued_keys(settled, issued, domain.resource)


def _run_report(run: Run, plans: list[Plan], done: list[pl.DataFrame]) -> RunReport:
    rows = _rows(run)
    counts = count_done(_reached(done[-1]), unchanged=plans[-1].counts.unchanged) if done else ChangeCounts()
    left = int((done[-1]["kind"].is_in(WRITTEN) & (done[-1]["outcome"] == "")).sum()) if done else 0
    earlier = [count_done(_reached(each), unchanged=0) for each in done[:-1]]
    ending = conclude_interrupted(rows=rows, counts=counts, begun=bool(done), left=left)
    title = DOMAINS[run.domain].title if run.domain in DOMAINS else run.flow
    written = sum(written_of(each) for each in earlier)
    steps = (f"Earlier attempts of this run had written {written:,} changes.",) if written else ()
    return replace(
        build_report(run, title, replace(ending, next_steps=(*ending.next_steps, *steps)), rows),
        changes=counts,
        totals=replace(plans[-1].totals, expected=(), after=()) if plans else Totals(),
        concerns=plans[-1].concerns if plans else (),
        still_open=ledger().still_open(run.run_id),
    )


def _reached(changes: pl.DataFrame) -> pl.DataFrame:
    """Leave out what was to be written and was not come to."""
    return changes.filter(~pl.col("kind").is_in(WRITTEN) | (pl.col("outcome") != ""))


def _rows(run: Run) -> RowCounts:
    accepted = ledger().list_latest_artifacts(run.run_id).get(file_names.ACCEPTED)
    if accepted is None:
        return RowCounts(rows_in=0, accepted=0, rejected=0)
    count = int(scan_frame(accepted).select(pl.len()).collect().item())
    rejected = ledger().heartbeats.count_rejected(run.run_id)
    return RowCounts(rows_in=count + rejected, accepted=count, rejected=rejected)


def _publish(report: RunReport, *, planned: bool) -> RunReport:
    shown = planned and file_names.CHANGES in report.artifacts
    changes, rejects = (
        rows_to_show(report.artifacts, DOMAINS[report.domain].resource) if shown else (NO_CHANGES, NO_REJECTS)
    )
    return publish(report, changes, rejects)
