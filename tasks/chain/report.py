"""Tell what happened: page, workbook, JSON, Prefect artifact, manifest; the same counts everywhere."""

import json
from dataclasses import replace

import polars as pl
import polars.selectors as cs
from prefect.artifacts import create_markdown_artifact

from infra.artifacts.manifests import write_manifest
from infra.artifacts.run_files import load_frame, save_view
from infra.catalogues import speech_in
from infra.clock import now
from infra.context import ledger, settings, storage, target, thread_pool, uploads
from schemas import file_names
from schemas.domain import Resource
from schemas.domains import DOMAINS
from schemas.file_names import FileName
from schemas.records import (
    Answer,
    Artifact,
    ChangeCounts,
    Plan,
    Receipt,
    RowCounts,
    Run,
    RunReport,
    Totals,
    Validated,
    Verification,
)
from schemas.report_tables import ReportTable, ShownTable
from schemas.tables import FINDINGS_SCHEMA, Language
from tasks.chain.run_history import written_earlier
from tasks.chain.step import step
from tasks.core.planning.settlement import join_now
from tasks.core.reporting.localization import localized_rejects
from tasks.core.reporting.page import render_html, render_xlsx, report_document
from tasks.core.reporting.rows import NO_CHANGES, NO_REJECTS, columns_by_interest
from tasks.core.reporting.run_outcome import Ending, check_accounts, conclude, sum_of
from tasks.core.reporting.text import one_of_several_rejects, render_markdown, show_columns, show_values
from tasks.core.wording.messages import with_messages

_NO_FILE = RowCounts(rows_in=0, accepted=0, rejected=0)


@step
def report(
    run: Run,
    plan: Plan,
    answer: Answer,
    *,
    validated: Validated | None = None,
    receipt: Receipt | None = None,
    verification: Verification | None = None,
    report_tables: tuple[ReportTable, ...] = (),
) -> RunReport:
    """Write the run's reports and its manifest, and enter its end in the ledger.

    Raises:
        Bug: The accounts do not add up; then no report claims that they do.
    """
    reported = replace(_run_report(run, plan, answer, validated, receipt, verification), report_tables=report_tables)
    if receipt is None:
        ledger().show_plan(plan.plan_id, now=now(), hours=settings().plan_ttl_hours)
    changes, rejects = rows_to_show(reported.artifacts, DOMAINS[run.domain].resource)
    reported = publish(reported, changes, rejects)
    return enter_end(reported, summarise(reported, changes))


def enter_end(report: RunReport, summary: str) -> RunReport:
    """Show people the *summary* in Prefect, and enter how the run ended in the ledger."""
    create_markdown_artifact(summary, key=f"report-{report.run_id}", description=report.says)
    ledger().finish_run(report)
    return report


def publish(report: RunReport, changes: pl.DataFrame, rejects: pl.DataFrame) -> RunReport:
    """Write the views of a run (also again, when a later run closed its rejects) and the manifest over all."""
    report = replace(report, columns=columns_by_interest(changes))
    report_tables, speech = shown_report_tables(report), speech_in(settings().language)
    rejects = localized_rejects(rejects, speech)
    with thread_pool() as side:  # both spend their time outside Python's lock
        page = side.submit(
            render_html, report, changes, rejects, report_tables, zone=settings().time_zone, speech=speech
        )
        views = {
            file_names.REPORT_XLSX: render_xlsx(report, changes, rejects, report_tables, speech=speech),
            file_names.REPORT_HTML: page.result(),
        }
    stored = {name: save_view(report.run_id, name, content) for name, content in views.items()}
    report = replace(report, artifacts=report.artifacts | stored)
    document = json.dumps(report_document(report, report_tables), indent=1, sort_keys=True, default=str).encode()
    stored = {file_names.REPORT_JSON: save_view(report.run_id, file_names.REPORT_JSON, document)}
    manifest = {file_names.MANIFEST: write_manifest(report.run_id)}
    return replace(report, artifacts=report.artifacts | stored | manifest)


def page_in(report: RunReport, language: Language) -> bytes:
    """Write the page of a run anew for somebody who reads another language; what is kept as evidence stays."""
    planned = {file_names.CHANGES, file_names.OUTCOMES} & report.artifacts.keys()
    resource, speech = DOMAINS[report.domain].resource, speech_in(language)
    changes, found = rows_to_show(report.artifacts, resource) if planned else (NO_CHANGES, NO_REJECTS)
    rejects, report_tables = localized_rejects(found, speech), shown_report_tables(report)
    return render_html(report, changes, rejects, report_tables, zone=settings().time_zone, speech=speech)


def shown_report_tables(report: RunReport) -> list[ShownTable]:
    """Load the rows of the report tables of a run."""
    return [
        (report_table, load_frame(report.artifacts[file_names.report_table_file(report_table.name)]))
        for report_table in report.report_tables
    ]


def rows_to_show(artifacts: dict[FileName, Artifact], resource: Resource) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Load what the tables of a report show: changes as far as they got, and rejects with their messages."""
    changes = load_frame(artifacts.get(file_names.OUTCOMES) or artifacts[file_names.CHANGES])
    if file_names.READ_BACK in artifacts:
        changes = join_now(changes, load_frame(artifacts[file_names.READ_BACK]), resource)
    changes = (
        changes.drop(cs.matches(f"^({'|'.join(resource.unshown)})_(before|after|now)$"))
        if resource.unshown
        else changes
    )
    return changes, rejects_to_show(artifacts)


def rejects_to_show(artifacts: dict[FileName, Artifact]) -> pl.DataFrame:
    """Load the rejects that the tables of a report show, with their messages."""
    found = artifacts.get(file_names.FINDINGS)
    return with_messages(load_frame(found) if found else pl.DataFrame(schema=FINDINGS_SCHEMA))


def _run_report(
    run: Run,
    plan: Plan,
    answer: Answer,
    validated: Validated | None,
    receipt: Receipt | None,
    verification: Verification | None,
) -> RunReport:
    counts = receipt.counts if receipt else plan.counts
    rows = validated.rows if validated else _NO_FILE
    discrepancies = verification.discrepancies if verification else ()
    check_accounts(rows, counts, accepted=rows.accepted if validated else sum_of(plan.counts))
    earlier = written_earlier(run, plan)
    ending = conclude(rows=rows, counts=counts, answer=answer, discrepancies=len(discrepancies), earlier=earlier)
    reasons = receipt.reasons if receipt else ()
    title = DOMAINS[run.domain].title + ("" if validated else f", restore of {run.source}")
    return replace(
        build_report(run, title, replace(ending, next_steps=(*reasons, *ending.next_steps)), rows),
        plan_id=plan.plan_id,
        changes=counts,
        totals=replace(
            plan.totals,
            expected=receipt.totals if receipt else plan.totals.expected,
            after=verification.after if verification else (),
        ),
        concerns=plan.concerns,
        effort=plan.effort,
        guard=target(run.target).can.guard,
        reading=validated.reading if validated else (),
        discrepancies=discrepancies,
        still_open=ledger().still_open(run.run_id),
        dropped=ledger().drops.of_run(run.run_id),
        follows=validated.follows if validated else "",
    )


def build_report(run: Run, title: str, ending: Ending, rows: RowCounts) -> RunReport:
    """Say of a run what every report says, now that it ends; what it changed or saw is added by each."""
    uploads().join()
    return RunReport(
        run_id=run.run_id,
        domain=run.domain,
        title=title,
        mode=run.mode,
        target=run.target,
        source=run.source,
        outcome=ending.outcome,
        says=ending.says,
        plan_id="",
        rows=rows,
        changes=ChangeCounts(),
        totals=Totals(),
        next_steps=ending.next_steps,
        artifacts=ledger().list_latest_artifacts(run.run_id),
        shop=settings().shop,
        started_at=run.started_at,
        finished_at=now(),
    )


def describe(report: RunReport) -> str:
    """Write the summary that stands in Prefect: links that expire, no card number in full, nothing of a person."""
    return summarise(report, rows_to_show(report.artifacts, DOMAINS[report.domain].resource)[0])


def summarise(report: RunReport, changes: pl.DataFrame) -> str:
    """Write the summary of a run with links to its files."""
    show = show_columns if DOMAINS[report.domain].resource.private else show_values
    return render_markdown(report, links_of(report), changes, show, shown_report_tables(report))


def links_of(report: RunReport) -> dict[str, str]:
    """Make links to the files people open; they expire."""
    names, hours = [name for name in file_names.LINKED if name in report.artifacts], settings().link_ttl_hours
    names += one_of_several_rejects(report.artifacts)
    return {name: storage().link(report.artifacts[name].key, hours, name) for name in names}
