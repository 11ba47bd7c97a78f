"""Settle the unknown changes of a run by what the shop said of its upload file.

What an answer says is for the domain to read: a file of errors (``tasks.gift_cards``), a later export
(``tasks.customers``).
"""

from dataclasses import dataclass, replace

import polars as pl

from infra.clock import now
from infra.context import ledger
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.problems import Refused
from schemas.records import Answer, Run, RunReport, Total, Totals
from tasks.chain.close_rejects import close_corrected
from tasks.chain.report import publish, rows_to_show
from tasks.chain.step import step
from tasks.core.planning.changes import AS_WANTED, count_done
from tasks.core.planning.control_totals import expect_totals
from tasks.core.reporting.run_outcome import check_accounts, conclude, sum_of


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of each change, what the system holds by then, and what a person should know of it.

    ``after`` is empty where not all its records were shown.
    """

    outcomes: pl.DataFrame
    after: tuple[Total, ...] = ()
    says: tuple[str, ...] = ()


@step
def find_upload(run: Run) -> RunReport:
    """Return the report of the run that wrote the upload file, and waits for an answer.

    Raises:
        Refused: It has nothing unknown.
    """
    uploaded = ledger().get_run(run.source).report
    if uploaded is None or not uploaded.changes.unknown:
        raise Refused(f"Run {run.source} waits for no answer: it has no unknown changes.")
    return uploaded


@step
def close_upload(run: Run, uploaded: RunReport, settlement: Settlement) -> RunReport:
    """Close the rejects that the upload put right, and renew and return the report of the run that wrote it."""
    domain = DOMAINS[uploaded.domain]
    _close_rejects(uploaded, domain)
    renewed = _renew(uploaded, settlement, domain)
    ledger().end_run(run.run_id, renewed.outcome, renewed.says, now())
    return renewed


def _close_rejects(report: RunReport, domain: Domain) -> None:
    """Close the rejects that the upload put right, now that it is known what of it arrived."""
    stored = ledger().list_latest_artifacts(report.run_id)
    if {file_names.REFERENCES, file_names.ACCEPTED} <= stored.keys():
        run = ledger().get_run(report.run_id).run
        close_corrected(run, domain, stored[file_names.REFERENCES], stored[file_names.ACCEPTED])


def _renew(report: RunReport, settlement: Settlement, domain: Domain) -> RunReport:
    outcomes = settlement.outcomes
    found = int((outcomes["outcome"] == "unchanged").sum())  # these are counted among the unchanged already
    counts = count_done(outcomes, unchanged=report.changes.unchanged - found)
    check_accounts(report.rows, counts, accepted=sum_of(report.changes))
    ending = conclude(rows=report.rows, counts=counts, answer=Answer(verdict="go"), discrepancies=0)
    report = replace(
        report,
        changes=counts,
        totals=_totals_after(report.totals, settlement, domain),
        outcome=ending.outcome,
        says=ending.says,
        next_steps=(*settlement.says, *ending.next_steps),
        artifacts=ledger().list_latest_artifacts(report.run_id),
    )
    renewed = publish(report, *rows_to_show(report.artifacts, domain.resource))
    ledger().finish_run(renewed)
    return renewed


def _totals_after(totals: Totals, settlement: Settlement, domain: Domain) -> Totals:
    """Compare what was taken with the export that says so; where none does, nothing was read back."""
    if not settlement.after:
        return replace(totals, expected=(), after=())
    taken = settlement.outcomes.filter(pl.col("outcome").is_in(AS_WANTED))
    return replace(totals, expected=expect_totals(totals.before, taken, domain.resource), after=settlement.after)
