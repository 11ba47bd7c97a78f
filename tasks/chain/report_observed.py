"""Tell what a run saw that changes no records: the same reports and the same manifest as of any run."""

from dataclasses import replace

from schemas.observed import Observed
from schemas.records import Run, RunReport
from tasks.chain.report import build_report, enter_end, links_of, publish, shown_report_tables
from tasks.chain.step import step
from tasks.core.reporting.rows import NO_CHANGES, NO_REJECTS
from tasks.core.reporting.run_outcome import Ending
from tasks.core.reporting.text import render_markdown, show_columns


@step
def report_observed(run: Run, observed: Observed) -> RunReport:
    """Write the reports of a run that only looked, and enter its end in the ledger."""
    report = publish(_run_report(run, observed), NO_CHANGES, NO_REJECTS)
    summary = render_markdown(report, links_of(report), NO_CHANGES, show_columns, shown_report_tables(report))
    return enter_end(report, summary)


def _run_report(run: Run, observed: Observed) -> RunReport:
    ending = Ending(outcome=observed.outcome, says=observed.says, next_steps=observed.next_steps)
    return replace(
        build_report(run, observed.title, ending, observed.rows),
        concerns=observed.concerns,
        reading=observed.reading,
        report_tables=observed.report_tables,
    )
