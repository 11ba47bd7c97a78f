"""Settle the unknown changes of a run by what the shop said of its upload file.

How a later export settles them stands in ``tasks.customers.register_export``.
"""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.clock import now
from infra.connectors import ReadsExports
from infra.systems import ledger, storage
from infra.targets import target
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import Refused
from schemas.records import Answer, Run, RunReport, Totals
from tasks.chain.close_rejects import close_corrected
from tasks.chain.extract import inbox_path
from tasks.chain.report import publish, rows_to_show
from tasks.chain.step import step
from tasks.chain.validate import read_as
from tasks.core.customers.upload_answers import NOBODY, read_refusals, refusal_findings, settle_by_answer
from tasks.core.planning.changes import AS_WANTED, count_done
from tasks.core.planning.control_totals import expect_totals
from tasks.core.reporting.run_outcome import check_accounts, conclude
from tasks.customers.register_export import Settlement, settle_by_next_export


@step
def confirm(run: Run, inbox_key: str) -> RunReport:
    """Settle the unknown changes of the run that wrote an upload, by the shop's error file, or by what it shows.

    The report that is renewed, and returned, is that of the run which wrote the upload file.

    Raises:
        FileNeedsFixing: The error file names cards that were not in the upload, or there is no later export.
        Refused: That run has nothing unknown.
    """
    told = ledger().get_run(run.source).report
    if told is None or not told.changes.unknown:
        raise Refused(f"Run {run.source} waits for no answer: it has no unknown changes.")
    domain, connector = DOMAINS[told.domain], target(told.target)
    if isinstance(connector, ReadsExports):
        settlement = settle_by_next_export(told, domain, connector, inbox_key)
    else:
        settlement = _settle_by_error_file(told, domain, inbox_key)
    _close_rejects(told, domain)
    renewed = _renew(told, settlement, domain)
    ledger().end_run(run.run_id, renewed.outcome, renewed.says, now())
    return renewed


def _settle_by_error_file(told: RunReport, domain: Domain, inbox_key: str) -> Settlement:
    """Mark the rows of the shop's error file as refused and all other unknown changes as written."""
    refusals = _read_answer(told, inbox_key) if inbox_key else NOBODY
    outcomes = settle_by_answer(load_frame(told.artifacts["outcomes.parquet"]), refusals, domain.resource)
    _save(told, domain, outcomes, refusals)
    return Settlement(outcomes=outcomes)


def _read_answer(told: RunReport, inbox_key: str) -> pl.DataFrame:
    content = storage().get(inbox_path(inbox_key))
    save_bytes(told.run_id, "shop-answer.csv", content)
    return read_refusals(read_as(LIGHTSPEED_X, content, inbox_key), LIGHTSPEED_X)


def _save(told: RunReport, domain: Domain, outcomes: pl.DataFrame, refusals: pl.DataFrame) -> None:
    earlier = load_frame(told.artifacts["findings.parquet"])
    refused = refusal_findings(outcomes, refusals, domain.resource)
    findings = pl.concat([earlier, refused], how="diagonal").sort("line")
    save_frame(told.run_id, "findings.parquet", findings)
    save_frame(told.run_id, "outcomes.parquet", outcomes)


def _close_rejects(told: RunReport, domain: Domain) -> None:
    """Close the rejects that the upload put right, now that it is known what of it arrived."""
    stored = ledger().list_latest_artifacts(told.run_id)
    if {"references.parquet", "accepted.parquet"} <= stored.keys():
        run = ledger().get_run(told.run_id).run
        close_corrected(run, domain, stored["references.parquet"], stored["accepted.parquet"])


def _renew(told: RunReport, settlement: Settlement, domain: Domain) -> RunReport:
    outcomes = settlement.outcomes
    found = int((outcomes["outcome"] == "unchanged").sum())  # these are counted among the unchanged already
    counts = count_done(outcomes, unchanged=told.changes.unchanged - found)
    check_accounts(told.rows, counts, accepted=told.rows.accepted)
    ending = conclude(rows=told.rows, counts=counts, answer=Answer(verdict="go"), discrepancies=0)
    told = replace(
        told,
        changes=counts,
        totals=_totals_after(told.totals, settlement, domain),
        outcome=ending.outcome,
        says=ending.says,
        next_steps=(*settlement.says, *ending.next_steps),
        artifacts=ledger().list_latest_artifacts(told.run_id),
    )
    renewed = publish(told, *rows_to_show(told.artifacts, domain.resource))
    ledger().finish_run(renewed)
    return renewed


def _totals_after(totals: Totals, settlement: Settlement, domain: Domain) -> Totals:
    """Compare what was taken with the export that says so; where none does, nothing was read back."""
    if not settlement.after:
        return replace(totals, expected=(), after=())
    taken = settlement.outcomes.filter(pl.col("outcome").is_in(AS_WANTED))
    return replace(totals, expected=expect_totals(totals.before, taken, domain.resource), after=settlement.after)
