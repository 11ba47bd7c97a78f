"""Whether runs that are called running still are: one that works says so twice a minute, a killed one does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger import runs
from infra.ledger.runs import RunEntry
from infra.ledger.tables import BATCHES, PLANS, REJECTS, RUNS
from infra.processes import has_ended
from schemas.records import BatchName, RunReport

SILENT_AFTER = timedelta(minutes=3)
_WITHOUT_HEARTBEAT = timedelta(days=1)
"""Older versions left none: what they began so long ago does not run any more."""
_WAITS_PAST_ITS_TIME = timedelta(hours=1)
"""How long after its budget opened a waiting run may begin: its worker may be busy."""
_RUNNING = RUNS.c.outcome == "running"
_UNDER_WAY = ("running", "waiting")


@dataclass(frozen=True)
class Heartbeats:
    """The signs of life in the ledger."""

    engine: sa.Engine

    def renew(self, run_id: str, now: datetime) -> None:
        """Enter that a run still works."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(RUNS).where(RUNS.c.run_id == run_id, _RUNNING).values(heartbeat_at=now))

    def wait(self, run_id: str, says: str, *, until: datetime, now: datetime) -> None:
        """Enter that a run ends its process and goes on *until* then: that is its next sign of life."""
        with writing(self.engine) as connection:
            runs.end(connection, run_id, "waiting", says, now)
            connection.execute(sa.update(RUNS).where(RUNS.c.run_id == run_id).values(heartbeat_at=until))

    def list_interrupted(self, now: datetime) -> tuple[RunEntry, ...]:
        """Return the runs that nobody ended and that do not work any more, oldest first."""
        with reading(self.engine) as connection:
            query = sa.select(RUNS).where(RUNS.c.outcome.in_(_UNDER_WAY)).order_by(RUNS.c.started_at)
            rows = connection.execute(query).mappings().all()
        return tuple(runs.as_entry(row) for row in rows if _is_over(row, now))

    def outcome_of(self, run_id: str) -> str | None:
        """Return how a run ended, or that it is ``running`` or ``waiting``; None where this ledger does not know it."""
        with reading(self.engine) as connection:
            return connection.scalar(sa.select(RUNS.c.outcome).where(RUNS.c.run_id == run_id))

    def list_begun(self, run_id: str, plan_id: str) -> dict[int, int | None]:
        """Return the batches of a plan that a run began, by number, each with the row of the plan that it begins with.

        None of batches of old, which follow one another.
        """
        mine = sa.and_(BATCHES.c.plan_id == plan_id, BATCHES.c.run_id == run_id)
        query = sa.select(BATCHES.c.number, BATCHES.c.first_row).where(mine).order_by(BATCHES.c.number)
        with reading(self.engine) as connection:
            return dict(connection.execute(query).tuples().all())

    def first_row_of(self, batch: BatchName) -> int | None:
        """Return with which row of its plan a batch was begun; None where it was not, or by a run of old."""
        named = (BATCHES.c[name] == getattr(batch, name) for name in ("plan_id", "number", "run_id"))
        with reading(self.engine) as connection:
            return connection.scalar(sa.select(BATCHES.c.first_row).where(*named))

    def count_rejected(self, run_id: str) -> int:
        """Count the rows that a run rejected, whatever became of them since."""
        with reading(self.engine) as connection:
            query = sa.select(sa.func.count()).select_from(REJECTS).where(REJECTS.c.run_id == run_id)
            return connection.execute(query).scalar_one()

    def close(self, report: RunReport, *, attempt: int, now: datetime) -> None:
        """Enter the end of an interrupted run with its report, unless its next attempt has begun meanwhile.

        Its batches that never landed, and plans that it began to carry out, are no longer under way; a retry may
        begin them again, under the same approval.
        """
        with writing(self.engine) as connection:
            entry = runs.find(connection, report.run_id)
            if entry.outcome not in _UNDER_WAY or entry.run.attempt != attempt:
                return
            runs.finish(connection, report)
            begun = sa.and_(BATCHES.c.run_id == report.run_id, BATCHES.c.state == "started")
            mine = sa.select(BATCHES.c.plan_id).where(BATCHES.c.run_id == report.run_id)
            left = sa.update(PLANS).where(PLANS.c.plan_id.in_(mine), PLANS.c.state == "started")
            connection.execute(left.values(state="interrupted"))
            connection.execute(sa.update(BATCHES).where(begun).values(state="interrupted", finished_at=now))


def _is_over(row: sa.RowMapping, now: datetime) -> bool:
    if row["outcome"] == "waiting":
        return bool(row["heartbeat_at"] < now - _WAITS_PAST_ITS_TIME)
    if row["heartbeat_at"] is None:
        return bool(row["started_at"] < now - _WITHOUT_HEARTBEAT)
    return bool(row["heartbeat_at"] < now - SILENT_AFTER) or has_ended(row["process"])
