"""Show what becomes of the records that go with those of a run, such as the products of its sales."""

from collections.abc import Mapping

import polars as pl

from infra.artifacts.run_files import load_frame, save_report_table
from schemas.domain import Resource
from schemas.domains import DOMAINS
from schemas.records import Plan, Receipt, Run
from schemas.report_tables import ReportTable
from tasks.chain.step import step


@step
def report_dependent_records(
    run: Run, plan: Plan | None, receipts: Mapping[str, Receipt] | None = None
) -> tuple[ReportTable, ...]:
    """List the changes of the dependent *plan*, with what became of them where *receipts* say so."""
    if plan is None:
        return ()
    domain, receipt = DOMAINS[plan.domain], (receipts or {}).get(plan.domain)
    rows = _listed(load_frame(receipt.outcomes if receipt else plan.changes), domain.resource)
    counts = receipt.counts if receipt else plan.counts
    counted = {name: count for name, count in vars(counts).items() if count}
    says = ", ".join(f"{count:,} {name}" for name, count in counted.items())
    report_table = ReportTable(
        name=f"{domain.name}-beside",
        title=f"{domain.title} that go with it",
        says=f"{domain.title}: {says}.",
        private=domain.resource.private,
    )
    return (save_report_table(run.run_id, report_table, rows),)


def _listed(changes: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    known = pl.coalesce(f"{resource.known_by}_after", f"{resource.known_by}_before").alias(resource.known_by)
    status = [f"{resource.status}_before", f"{resource.status}_after"] if resource.status else []
    outcome = [name for name in ("outcome",) if name in changes.columns]
    return changes.select(resource.key, known, "kind", *status, "code", *outcome)
