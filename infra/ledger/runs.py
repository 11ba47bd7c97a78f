"""Runs: who asked for what, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from infra.ledger.rows import find_one, upsert
from infra.ledger.tables import ARTIFACTS, RUNS
from infra.processes import this_process
from schemas.file_names import FileName
from schemas.records import Run, RunOutcome, RunReport
from tasks.core.wording.run_ids import run_id_in

_REPORT = TypeAdapter(RunReport)


@dataclass(frozen=True, kw_only=True)
class RunEntry:
    """A run as the ledger knows it. ``report`` is missing until the run got as far as one."""

    run: Run
    outcome: RunOutcome
    says: str
    plan_id: str
    follows: str
    report: RunReport | None
    finished_at: datetime | None

    @property
    def asks_in_prefect(self) -> bool:
        """Whether it is suspended and asks about its plan: the answer belongs there, so that no two people differ."""
        return self.run.mode == "review" and self.outcome == "needs_approval"


def start(connection: sa.Connection, run: Run) -> Run:
    """Enter *run*; one that is there is on its next attempt and keeps its first start."""
    first = {"outcome": "running", "says": "", "plan_id": "", "follows": "", "report": ""}
    alive = {"process": this_process(), "heartbeat_at": run.started_at}
    statement = upsert(connection, RUNS, [_columns(run) | first | alive])
    again = {"attempt": RUNS.c.attempt + 1, "outcome": "running", "says": "", "finished_at": None}
    asked = {name: statement.excluded[name] for name in ("mode", "options", "submitted_by", *alive)}
    connection.execute(statement.on_conflict_do_update(index_elements=[RUNS.c.run_id], set_=again | asked))
    return find(connection, run.run_id).run


def finish(connection: sa.Connection, report: RunReport) -> None:
    """Enter how the run ended, with its whole report."""
    values = {
        "outcome": report.outcome,
        "says": report.says,
        "plan_id": report.plan_id,
        "follows": report.follows,
        "report": _REPORT.dump_json(report).decode(),
        "finished_at": report.finished_at,
    }
    connection.execute(sa.update(RUNS).where(RUNS.c.run_id == report.run_id).values(**values))


def end(connection: sa.Connection, run_id: str, outcome: RunOutcome, says: str, now: datetime) -> None:
    """Enter the end of a run that has no report."""
    values = {"outcome": outcome, "says": says, "finished_at": now}
    connection.execute(sa.update(RUNS).where(RUNS.c.run_id == run_id).values(**values))


def find(connection: sa.Connection, prefix: str) -> RunEntry:
    return as_entry(find_one(connection, RUNS.c.run_id, run_id_in(prefix), what="run"))


def newest(connection: sa.Connection, limit: int) -> tuple[RunEntry, ...]:
    query = sa.select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.run_id).limit(limit)
    return tuple(as_entry(row) for row in connection.execute(query).mappings())


def last_with(connection: sa.Connection, flow: str, artifact: FileName) -> RunEntry | None:
    """Return the newest run of a flow that stored a file of this name."""
    stored = sa.exists().where(ARTIFACTS.c.run_id == RUNS.c.run_id, ARTIFACTS.c.name == artifact)
    query = sa.select(RUNS).where(RUNS.c.flow == flow, stored).order_by(RUNS.c.started_at.desc(), RUNS.c.run_id)
    row = connection.execute(query.limit(1)).mappings().first()
    return as_entry(row) if row else None


def _columns(run: Run) -> dict[str, object]:
    return {name: getattr(run, name) for name in Run.__dataclass_fields__}


def as_entry(row: sa.RowMapping) -> RunEntry:
    return RunEntry(
        run=Run(**{name: row[name] for name in Run.__dataclass_fields__}),
        outcome=row["outcome"],
        says=row["says"],
        plan_id=row["plan_id"],
        follows=row["follows"],
        report=_REPORT.validate_json(row["report"]) if row["report"] else None,
        finished_at=row["finished_at"],
    )
