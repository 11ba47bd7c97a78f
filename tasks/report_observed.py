"""Tell what a run saw that changes no records: the same reports and the same manifest as of any run."""

from infra.clock import now
from infra.opening import ledger
from schemas.observed import Observed
from schemas.records import ChangeCounts, Run, RunReport, Totals
from tasks.core.rendering.rows import NO_CHANGES, NO_REJECTS
from tasks.core.rendering.text import render_markdown, show_columns
from tasks.report import enter_end, links_of, publish, shown_exhibits
from tasks.step import step


@step
def report_observed(run: Run, observed: Observed) -> RunReport:
    """Write the reports of a run that only looked, and enter its end in the ledger."""
    told = publish(_tell(run, observed), NO_CHANGES, NO_REJECTS)
    summary = render_markdown(told, links_of(told), NO_CHANGES, show_columns, shown_exhibits(told))
    return enter_end(told, summary)


def _tell(run: Run, observed: Observed) -> RunReport:
    return RunReport(
        run_id=run.run_id,
        domain=run.domain,
        title=observed.title,
        mode=run.mode,
        target=run.target,
        source=run.source,
        outcome=observed.outcome,
        says=observed.says,
        plan_id="",
        rows=observed.rows,
        changes=ChangeCounts(),
        totals=Totals(),
        concerns=observed.concerns,
        reading=observed.reading,
        next_steps=observed.next_steps,
        exhibits=observed.exhibits,
        artifacts=ledger().list_latest_artifacts(run.run_id),
        started_at=run.started_at,
        finished_at=now(),
    )
