"""Hold what people decided against today's evidence, and remember it; what the evidence is against comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame, save_bytes, save_frame
from infra.context import ledger
from infra.ledger.failures import Remembered
from schemas import file_names
from schemas.frames import FRAMES
from schemas.loyalty.reports import WORKLIST
from schemas.loyalty.steps import Filled
from schemas.observed import Observed
from schemas.records import Artifact, RowCounts, Run, RunOutcome
from schemas.report_tables import ReportTable
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.chain.inbox_files import mark_taken
from tasks.chain.step import step
from tasks.chain.validate import read_as
from tasks.core.loyalty.decisions import enter_decisions, judge_decisions
from tasks.core.loyalty.diagnosis import decide
from tasks.core.loyalty.worklist import ReadWorklist, read_worklist
from tasks.core.rejects.file import write_rejects
from tasks.core.wording.words import counted

DECISIONS = ReportTable(
    name="decisions",
    title="What was decided",
    says="Decisions by what became of them: entered, doubted (they came back), unchanged (settled before).",
    private=False,
)
DOUBTS = ReportTable(
    name="doubts",
    title="Why decisions came back",
    says="What Astro or the till say today against a decision.",
    private=False,
)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One worklist: as it came, as it was read, and what becomes of each decision."""

    table: Table
    read: ReadWorklist
    judged: pl.DataFrame


@step
def record_decisions(run: Run, filled: Filled, evidence: Artifact, day: date) -> Observed:
    """Judge each decision and enter those that nothing is against; a preview enters nothing.

    Raises:
        Unavailable: A sweep entered some of the failures meanwhile; done again from the start.
    """
    about = load_frame(filled.failures)
    loaded = ledger().failures.load_pressing(about["failure_key"], settled_since=day + timedelta(days=1))
    parts = list(_judged(filled, loaded, load_frame(evidence), day))
    judged = pl.concat([_NONE, *(part.judged.select(_NONE.columns) for part in parts)])
    if run.mode != "preview":
        by = run.submitted_by or "a worklist"
        entered = enter_decisions(loaded.states, judged.unique("failure_key", keep="last"), by=by, day=day)
        ledger().failures.save([entered], loaded=loaded.revision, run_id=run.run_id)
        mark_taken(filled.taken)
    for number, part in enumerate(parts, 1):
        _send_back(run, number, part)
    return _observed(run, filled, parts, judged)


_NONE = pl.DataFrame(schema=FRAMES[file_names.DECISIONS])


def _judged(filled: Filled, loaded: Remembered, evidence: pl.DataFrame, day: date) -> Iterator[Judged]:
    diagnoses = decide(loaded.states, evidence, day)
    for name, source in zip(filled.names, filled.sources, strict=True):
        table = read_as(WORKLIST, load_bytes(source), name)
        read = read_worklist(table, loaded.states["failure_key"])
        yield Judged(table=table, read=read, judged=judge_decisions(read.decided, loaded.states, diagnoses))


def _send_back(run: Run, number: int, part: Judged) -> None:
    """Store the rows that cannot be right, and those that the evidence is against, as a file to decide anew."""
    doubted = part.judged.filter(outcome="doubted").select(
        "line",
        heading=pl.lit(part.table.headings["decision"]),
        value="decision",
        code=pl.lit("LOYALTY_DECISION_DOUBTED"),
        detail="doubt",
    )
    back = pl.concat([part.read.findings.select(FINDINGS_SCHEMA.names()), doubted.cast(FINDINGS_SCHEMA)]).sort("line")
    if back.is_empty():
        return
    first = file_names.rejects_file(part.table.form.kind)
    name = first if number == 1 else file_names.one_of_several(first, number)
    save_bytes(run.run_id, name, write_rejects(part.table, back, run_id=run.run_id, dialect=WORKLIST))


def _observed(run: Run, filled: Filled, parts: list[Judged], judged: pl.DataFrame) -> Observed:
    save_frame(run.run_id, file_names.DECISIONS, judged)
    by_outcome = judged.group_by("decision", "outcome").agg(failures=pl.len().cast(pl.Int64))
    save_frame(run.run_id, file_names.report_table_file(DECISIONS.name), by_outcome.sort("decision", "outcome"))
    doubts = judged.filter(outcome="doubted").group_by("decision", "doubt").agg(failures=pl.len().cast(pl.Int64))
    save_frame(run.run_id, file_names.report_table_file(DOUBTS.name), doubts.sort("decision", "doubt"))
    entered, doubted = (judged.filter(outcome=outcome).height for outcome in ("entered", "doubted"))
    rejected = sum(part.read.rows.rejected for part in parts)
    rows = [part.read.rows for part in parts]
    becomes = "to enter" if run.mode == "preview" else "entered"
    words = f"{counted(entered, 'decision')} {becomes}, {doubted:,} doubted, {rejected:,} rejected"
    return Observed(
        title="Decisions about loyalty failures",
        outcome=_outcome(run, entered, doubted + rejected),
        says=words if filled.sources else "no worklist was dropped",
        report_tables=(DECISIONS, DOUBTS) if doubted else (DECISIONS,),
        rows=RowCounts(
            rows_in=sum(each.rows_in for each in rows),
            accepted=sum(each.accepted for each in rows) - doubted,
            rejected=rejected + doubted,  # they come back too
        ),
        reading=tuple(filled.names),
        next_steps=_steps(run, doubted + rejected),
    )


def _outcome(run: Run, entered: int, back: int) -> RunOutcome:
    if run.mode == "preview":
        return "previewed"
    if back:
        return "applied_with_rejects"
    return "applied" if entered else "nothing_to_do"


def _steps(run: Run, back: int) -> tuple[str, ...]:
    steps = [
        (run.mode == "preview", "Nothing was remembered. To enter the decisions, run with mode apply."),
        (back > 0, "Look at the rejects file: it says what is against each decision. Decide again and hand it in."),
    ]
    return tuple(text for needed, text in steps if needed)
