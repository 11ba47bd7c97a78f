"""Tell what a sweep saw and did: the same reports and the same manifest as of any run, with its exhibits."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, load_parts, save_frame, scan_frame
from infra.clock import now
from infra.context import ledger, settings
from schemas import file_names
from schemas.catalogue import with_messages
from schemas.exhibits import Exhibit
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.loyalty.steps import Collected, Found, Swept
from schemas.records import Answer, Plan, Receipt, Run, RunReport, Verification
from tasks.chain.inbox_files import mark_taken
from tasks.chain.report import build_report, enter_end, links_of, publish, shown_exhibits
from tasks.chain.run_history import written_earlier
from tasks.chain.step import step
from tasks.core.loyalty.action_counts import ACTIONS, action_rows
from tasks.core.loyalty.sweep_outcome import conclude_sweep, in_words
from tasks.core.loyalty.sweep_tables import (
    CAUSES,
    EXHIBITS,
    Tally,
    add_exhibits,
    exhibit_rows,
    shown_causes,
    tally_exhibits,
)
from tasks.core.planning.settlement import join_now
from tasks.core.reporting.text import render_markdown, show_columns


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
    tally = add_exhibits([tally_exhibits(*part, swept.day) for part in _states_now(run, swept, found)])
    changes = load_frame(receipt.outcomes if receipt else plan.changes)
    exhibits = _save_exhibits(run, swept, found, tally, changes)
    report = replace(_run_report(run, collected, swept, tally, plan, answer, receipt, verification), exhibits=exhibits)
    if verification:
        changes = join_now(changes, load_frame(verification.read_back), LOYALTY_ACTIONS.resource)
    report = publish(report, changes, with_messages(load_frame(collected.findings)))
    summary = render_markdown(report, links_of(report), changes, show_columns, shown_exhibits(report))
    enter_end(report, summary)
    if run.mode != "preview" and answer.verdict != "ask":
        mark_taken(collected.taken)
    return report


def describe_sweep(report: RunReport) -> str:
    """Write the summary that stands on the form: counts and links, no row of anyone."""
    changes = load_frame(report.artifacts[file_names.CHANGES])
    return render_markdown(report, links_of(report), changes, show_columns, shown_exhibits(report))


def _save_exhibits(run: Run, swept: Swept, found: Found, tally: Tally, actions: pl.DataFrame) -> tuple[Exhibit, ...]:
    """Store the rows of the exhibits."""
    currency = settings().currency
    rows = exhibit_rows(tally, swept.day, currency)
    rows[CAUSES.name] = shown_causes(load_frame(found.causes))
    wanted = load_frame(ledger().list_latest_artifacts(run.run_id)[file_names.WANTED])
    worth = scan_frame(found.diagnoses).select("failure_key", "at_risk_cents")
    at_risk = worth.join(wanted.lazy().select("failure_key").unique(), on="failure_key", how="semi").collect()
    rows[ACTIONS.name] = action_rows(actions, wanted, at_risk, currency)
    shown = tuple(each for each in (ACTIONS, CAUSES, *EXHIBITS) if rows[each.name].height and swept.reported)
    for exhibit in shown:
        save_frame(run.run_id, file_names.exhibit_file(exhibit.name), rows[exhibit.name])
    return shown


def _states_now(run: Run, swept: Swept, found: Found) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give failures as they are after everything that this run did, and what the day did to them, part by part."""
    parts = zip(load_parts(swept.states), load_parts(found.diagnoses), load_parts(swept.changes), strict=True)
    for states, diagnoses, changes in parts:
        did = run.mode != "preview"  # a preview did nothing
        yield _diagnosed(_as_saved(states, swept.revision) if did else states, diagnoses), changes


def _as_saved(states: pl.DataFrame, revision: int) -> pl.DataFrame:
    """Put what was entered since *revision* in the place of what was known then."""
    since = ledger().failures.load(states["failure_key"], after=revision).states
    return pl.concat([states.join(since, on="failure_key", how="anti"), since])


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
