"""Tell what a sweep saw and did: the same reports and the same manifest as of any run, with its report tables."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, load_parts, save_frame, scan_frame
from infra.clock import now
from infra.context import ledger, settings
from schemas import file_names
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.loyalty.steps import Collected, Found, Swept
from schemas.records import Answer, Plan, Receipt, Run, RunReport, Verification
from schemas.report_tables import ReportTable
from tasks.chain.inbox_files import mark_taken
from tasks.chain.report import build_report, enter_end, links_of, publish, shown_report_tables
from tasks.chain.run_history import written_earlier
from tasks.chain.step import step
from tasks.core.loyalty.action_counts import ACTIONS, action_rows
from tasks.core.loyalty.diagnosis import NO_KEYS
from tasks.core.loyalty.sweep_outcome import conclude_sweep, in_words
from tasks.core.loyalty.sweep_tables import (
    CAUSES,
    REPORT_TABLES,
    Tally,
    add_report_tables,
    rows_of_table,
    shown_causes,
    tally_report_tables,
)
from tasks.core.planning.settlement import join_now
from tasks.core.reporting.text import render_markdown, show_columns
from tasks.core.wording.messages import with_messages
from tasks.loyalty.follow_rejects import close_what_was_read


@step
def report_sweep(
    run: Run,
    collected: Collected,
    swept: Swept,
    found: Found,
    plan: Plan,
    answer: Answer,
    *,
    receipt: Receipt | None = None,
    verification: Verification | None = None,
) -> RunReport:
    """Write the reports of a sweep and enter its end; its files are remembered as taken in, but not by a preview."""
    if receipt is None:
        ledger().show_plan(plan.plan_id, now=now(), hours=settings().plan_ttl_hours)
    tally = add_report_tables([tally_report_tables(*part, swept.day) for part in _states_now(run, swept, found)])
    changes = load_frame(receipt.outcomes if receipt else plan.changes)
    report_tables = _save_report_tables(run, swept, found, tally, changes)
    report = replace(
        _run_report(run, collected, swept, tally, plan, answer, receipt, verification), report_tables=report_tables
    )
    if verification:
        changes = join_now(changes, load_frame(verification.read_back), LOYALTY_ACTIONS.resource)
    report = publish(report, changes, with_messages(load_frame(collected.findings)))
    summary = render_markdown(report, links_of(report), changes, show_columns, shown_report_tables(report))
    enter_end(report, summary)
    if run.mode != "preview" and answer.verdict != "ask":
        close_what_was_read(run, collected)
        mark_taken(collected.taken)
    return report


def describe_sweep(report: RunReport) -> str:
    """Write the summary that stands on the form: counts and links, no row of anyone."""
    changes = load_frame(report.artifacts[file_names.CHANGES])
    return render_markdown(report, links_of(report), changes, show_columns, shown_report_tables(report))


def _save_report_tables(
    run: Run, swept: Swept, found: Found, tally: Tally, actions: pl.DataFrame
) -> tuple[ReportTable, ...]:
    """Store the rows of the report tables."""
    currency = settings().currency
    rows = rows_of_table(tally, swept.day, currency)
    rows[CAUSES.name] = shown_causes(load_frame(found.causes))
    wanted = load_frame(ledger().list_latest_artifacts(run.run_id)[file_names.WANTED])
    worth = scan_frame(found.diagnoses).select("failure_key", "at_risk_cents")
    at_risk = worth.join(wanted.lazy().select("failure_key").unique(), on="failure_key", how="semi").collect()
    rows[ACTIONS.name] = action_rows(actions, wanted, at_risk, currency)
    shown = tuple(each for each in (ACTIONS, CAUSES, *REPORT_TABLES) if rows[each.name].height and swept.reported)
    for report_table in shown:
        save_frame(run.run_id, file_names.report_table_file(report_table.name), rows[report_table.name])
    return shown


def _states_now(run: Run, swept: Swept, found: Found) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give failures as they are after everything that this run did, and what the day did to them, part by part."""
    did = run.mode != "preview"  # a preview did nothing
    since = ledger().failures.list_saved_after(swept.revision) if did else NO_KEYS
    parts = zip(load_parts(swept.states), load_parts(found.diagnoses), load_parts(swept.changes), strict=True)
    for states, diagnoses, changes in parts:
        yield _diagnosed(_as_saved(states, since), diagnoses), changes


def _as_saved(states: pl.DataFrame, since: pl.Series) -> pl.DataFrame:
    """Put what was entered *since* in the place of what was known then."""
    due = states.filter(pl.col("failure_key").is_in(since.implode()))["failure_key"]
    if due.is_empty():
        return states
    now_known = ledger().failures.load(due).states
    return pl.concat([states.join(now_known, on="failure_key", how="anti"), now_known])


def _diagnosed(states: pl.DataFrame, diagnoses: pl.DataFrame) -> pl.DataFrame:
    diagnosed = diagnoses.select("failure_key", "failure_class", "at_risk_cents", "action")
    both = states.join(diagnosed, on="failure_key", how="left", suffix="_now", maintain_order="left")
    fresh = [pl.coalesce(f"{name}_now", name).alias(name) for name in ("failure_class", "at_risk_cents")]
    return both.with_columns(fresh).drop("failure_class_now", "at_risk_cents_now")


def _run_report(
    run: Run,
    collected: Collected,
    swept: Swept,
    tally: Tally,
    plan: Plan,
    answer: Answer,
    receipt: Receipt | None,
    verification: Verification | None,
) -> RunReport:
    counts = receipt.counts if receipt else plan.counts
    discrepancies = verification.discrepancies if verification else ()
    ending = conclude_sweep(
        rows=collected.rows,
        counts=counts,
        answer=answer,
        discrepancies=len(discrepancies),
        failures=int(tally["open-by-class"]["failures"].sum()),
        new=int(tally["today"].filter(change="new")["failures"].sum()),
        reported=swept.reported,
        earlier=written_earlier(run, plan),
        at_risk=in_words(tally["open-by-class"], settings().currency),
    )
    return replace(
        build_report(run, f"Loyalty failures, {swept.day}", ending, collected.rows),
        plan_id=plan.plan_id,
        changes=counts,
        concerns=swept.concerns + plan.concerns,
        reading=collected.reading,
        discrepancies=discrepancies,
    )
