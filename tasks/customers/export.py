"""Write the whole register as a file of a dialect, and tell how many went out."""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import save_bytes
from infra.context import target
from schemas import file_names
from schemas.domain import Dialect, Domain
from schemas.records import RowCounts, Run, RunReport, Total, Totals
from tasks.chain.report import build_report, enter_end, publish, summarise
from tasks.chain.step import step
from tasks.core.customers.export_file import ExportFormat, export_file, left_out
from tasks.core.reporting.rows import NO_CHANGES, NO_REJECTS
from tasks.core.reporting.run_outcome import Ending


@step
def export(run: Run, domain: Domain, dialect: Dialect, kind: ExportFormat) -> RunReport:
    """Store every record of the target as ``export.csv`` or ``export.xlsx``, and the report of the run."""
    records = domain.records.validate(target(run.target).read(domain.resource, None))
    save_bytes(run.run_id, file_names.export_file(kind), export_file(records, dialect, domain.resource, kind))
    report = _run_report(run, domain, records, left_out(records, dialect))
    report = publish(report, NO_CHANGES, NO_REJECTS)
    return enter_end(report, summarise(report, NO_CHANGES))


def _run_report(run: Run, domain: Domain, records: pl.DataFrame, missing: list[str]) -> RunReport:
    total = Total(currency="", count=records.height, sum_cents=0)
    notes = (f"columns that the file cannot hold: {', '.join(map(repr, missing))}",) if missing else ()
    ending = Ending(outcome="exported", says=f"{records.height:,} exported", next_steps=())
    report = build_report(run, f"{domain.title}, export", ending, RowCounts(rows_in=0, accepted=0, rejected=0))
    return replace(report, totals=Totals(before=(total,)), reading=notes)
