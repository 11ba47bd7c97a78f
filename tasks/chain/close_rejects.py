"""Close the rejects that a corrected file has put right, and say so in the reports of the earlier runs."""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, scan_frame
from infra.clock import now
from infra.context import ledger
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.records import Artifact, Run, Validated
from schemas.rejects import DroppedRejects
from tasks.chain.audit_trail import enter, who
from tasks.chain.report import publish, rejects_to_show, rows_to_show
from tasks.chain.step import step
from tasks.core.rejects.lineage import hashes_among, known_as, not_written
from tasks.core.reporting.rows import NO_CHANGES


@step
def follow_up(run: Run, domain: Domain, validated: Validated) -> None:
    """Close earlier rejects whose rows went in now or were dropped, and renew the reports of their runs."""
    close_corrected(run, domain, validated.references, validated.accepted)


def close_corrected(run: Run, domain: Domain, references_of: Artifact, accepted: Artifact) -> None:
    """Close the rejects that the *accepted* rows of a run put right, as far as they went in by now.

    A row is known by the reference that the rejects file gave it, or by its key. It went in if it was written, or was
    there as wanted already; one that is held, in conflict, refused or unknown did not, and leaves its reject open.
    """
    references, waiting = load_frame(references_of), ledger().open_reject_keys(domain.name, but_of=run.run_id)
    if references.is_empty() and waiting.is_empty():
        return
    left = not_written(load_frame(ledger().list_latest_artifacts(run.run_id)[file_names.OUTCOMES]))
    went_in = scan_frame(accepted).filter(~pl.col("line").is_in(left.implode()))
    named = references.join(went_in.select("line").collect(), on="line", how="semi")
    touched = close_referenced(named, run.run_id) | _close_by_key(domain, went_in, waiting, run.run_id)
    for run_id in sorted(touched | drop_referenced(references, run)):
        renew_report(run_id)


def close_referenced(references: pl.DataFrame, by_run: str) -> set[str]:
    """Close what the references name, and what those rows in turn were rejects of."""
    touched = set()
    for (from_run,), rows in references.group_by("from_run"):
        lines = rows.get_column("from_line").cast(pl.UInt32)
        if ledger().close_rejects(str(from_run), lines.to_list(), by_run):
            touched |= {str(from_run)} | close_referenced(_references_of(str(from_run), lines), by_run)
    return touched


def drop_referenced(references: pl.DataFrame, run: Run) -> set[str]:
    """Close what the error cells of a file dropped, for the reason that stands there."""
    if "dropped" not in references.columns:
        return set()
    touched: set[str] = set()
    for (from_run, why), rows in references.filter(pl.col("dropped") != "").group_by("from_run", "dropped"):
        dropped = DroppedRejects(who=run.submitted_by, why=str(why), at=now(), lines=tuple(rows["from_line"]))
        touched |= drop_rejects(str(from_run), dropped, by_run=run.run_id)
        enter("dropped", person=who(run), about=str(from_run), detail=f"{rows.height} by {run.run_id}")
    return touched


def drop_rejects(run_id: str, dropped: DroppedRejects, *, by_run: str = "") -> set[str]:
    """Close rejects of a run on purpose, and those that they in turn were; return the runs they came from."""
    if not ledger().drops.drop(run_id, dropped.lines, dropped, by_run=by_run):
        return set()
    touched = {run_id}
    earlier = _references_of(run_id, pl.Series(dropped.lines, dtype=pl.UInt32))
    for (from_run,), rows in earlier.group_by("from_run"):
        before = replace(dropped, lines=tuple(rows["from_line"]))
        touched |= drop_rejects(str(from_run), before, by_run=by_run)
    return touched


def _references_of(run_id: str, lines: pl.Series) -> pl.DataFrame:
    stored = ledger().list_latest_artifacts(run_id).get(file_names.REFERENCES)
    if stored is None:
        return pl.DataFrame(schema={"line": pl.UInt32, "from_run": pl.String, "from_line": pl.Int64})
    return load_frame(stored).filter(pl.col("line").is_in(lines.implode()))


def _close_by_key(domain: Domain, went_in: pl.LazyFrame, waiting: pl.Series, by_run: str) -> set[str]:
    """Close open rejects (*waiting*) of the same key; hashing every key is only worth it while some are open."""
    columns = went_in.collect_schema().names()
    if waiting.is_empty() or domain.resource.known_by not in columns:
        return set()
    known = went_in.select(key=known_as(domain.resource, columns)).collect()["key"]
    return set(ledger().close_rejects_by_key(hashes_among(known, waiting), by_run))


def renew_report(run_id: str) -> None:
    """Write the report of a run anew: what is open of its rejects, and what was dropped, has changed."""
    report = ledger().get_run(run_id).report
    if report is None:
        return
    report = replace(
        report,
        still_open=ledger().still_open(run_id),
        dropped=ledger().drops.of_run(run_id),
        artifacts=ledger().list_latest_artifacts(run_id),
    )
    if report.domain in DOMAINS:
        changes, rejects = rows_to_show(report.artifacts, DOMAINS[report.domain].resource)
    else:
        changes, rejects = NO_CHANGES, rejects_to_show(report.artifacts)
    ledger().finish_run(publish(report, changes, rejects))
