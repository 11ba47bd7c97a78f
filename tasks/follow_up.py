"""Close the rejects that a corrected file has put right, and say so in the reports of the earlier runs."""

from dataclasses import replace

import polars as pl

from infra.artifacts import load_frame, scan_frame
from infra.opening import ledger
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.records import Run, Validated
from tasks.core.lineage import hashes_among
from tasks.report import publish, rows_to_show
from tasks.step import step


@step
def follow_up(run: Run, domain: Domain, validated: Validated) -> None:
    """Close earlier rejects whose rows went in now, and renew the reports of the runs they came from.

    A row is known by the reference that the rejects file gave it, or by its key.
    """
    references, waiting = load_frame(validated.references), ledger().open_reject_keys(domain.name, but_of=run.run_id)
    if references.is_empty() and waiting.is_empty():
        return
    accepted = scan_frame(validated.accepted)
    named = references.join(accepted.select("line").collect(), on="line", how="semi")
    touched = _close_referenced(named, run.run_id) | _close_by_key(domain, accepted, waiting, run.run_id)
    for run_id in sorted(touched):
        _renew_report(run_id)


def _close_referenced(references: pl.DataFrame, by_run: str) -> set[str]:
    """Close what the references name, and what those rows in turn were rejects of."""
    touched = set()
    for (from_run,), rows in references.group_by("from_run"):
        lines = rows.get_column("from_line").cast(pl.UInt32)
        if ledger().close_rejects(str(from_run), lines.to_list(), by_run):
            touched |= {str(from_run)} | _close_referenced(_references_of(str(from_run), lines), by_run)
    return touched


def _references_of(run_id: str, lines: pl.Series) -> pl.DataFrame:
    stored = ledger().list_latest_artifacts(run_id)["references.parquet"]
    return load_frame(stored).filter(pl.col("line").is_in(lines.implode()))


def _close_by_key(domain: Domain, accepted: pl.LazyFrame, waiting: pl.Series, by_run: str) -> set[str]:
    """Close open rejects (*waiting*) of the same key; hashing every key is only worth it while some are open."""
    known_by = domain.resource.known_by
    if waiting.is_empty() or known_by not in accepted.collect_schema():
        return set()
    known = accepted.select(pl.col(known_by).fill_null("")).collect().to_series()
    return set(ledger().close_rejects_by_key(hashes_among(known, waiting), by_run))


def _renew_report(run_id: str) -> None:
    told = ledger().get_run(run_id).report
    if told is None:
        return
    told = replace(told, still_open=ledger().still_open(run_id), artifacts=ledger().list_latest_artifacts(run_id))
    changes, rejects = rows_to_show(told.artifacts, DOMAINS[told.domain].resource)
    ledger().finish_run(publish(told, changes, rejects))
