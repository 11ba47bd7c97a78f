"""Rejected rows that people left out on purpose: which, who did so, when and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from infra.databases.bulk import staged
from infra.databases.database import reading, writing
from infra.ledger.rejects import OPEN, same_file
from infra.ledger.tables import REJECTS, RUNS
from schemas.rejects import DroppedRejects


@dataclass(frozen=True)
class DropBook:
    """What is remembered of rejects that were dropped."""

    engine: sa.Engine

    def drop(self, run_id: str, lines: Sequence[int], dropped: DroppedRejects, *, by_run: str = "") -> int:
        """Close these lines of a run without a correction, in all runs of its file; return how many were open.

        *by_run* is the run whose file said so, if it was one.
        """
        rows = pl.DataFrame({"line": pl.Series(lines, dtype=pl.Int64)}).unique()
        entry = {"dropped_by": dropped.who, "dropped_why": dropped.why, "dropped_at": dropped.at}
        with writing(self.engine) as connection, staged(connection, rows) as stage:
            dropping = sa.update(REJECTS).where(
                sa.or_(REJECTS.c.run_id == run_id, REJECTS.c.run_id.in_(same_file(run_id))),
                OPEN,
                REJECTS.c.line.in_(sa.select(stage.c.line)),
            )
            return connection.execute(dropping.values(**entry, closed_by_run=by_run)).rowcount

    def open_lines(self, run_id: str) -> tuple[int, ...]:
        """Return the lines of a run's rejects that nobody corrected or dropped yet."""
        query = sa.select(REJECTS.c.line).where(REJECTS.c.run_id == run_id, OPEN).order_by(REJECTS.c.line)
        with reading(self.engine) as connection:
            return tuple(connection.scalars(query))

    def runs_with_open(self, domain: str, *, but_of: str) -> tuple[str, ...]:
        """Return the runs of a domain, except one, with rejects that nobody corrected or dropped yet."""
        open_there = sa.exists().where(REJECTS.c.run_id == RUNS.c.run_id, OPEN)
        query = sa.select(RUNS.c.run_id).where(RUNS.c.domain == domain, RUNS.c.run_id != but_of, open_there)
        with reading(self.engine) as connection:
            return tuple(connection.scalars(query.order_by(RUNS.c.started_at)))

    def of_run(self, run_id: str) -> tuple[DroppedRejects, ...]:
        """Return who dropped rejects of the run, when and why, each with its lines."""
        named = [REJECTS.c[name] for name in ("dropped_by", "dropped_why", "dropped_at")]
        query = sa.select(REJECTS.c.line, *named).where(REJECTS.c.run_id == run_id, REJECTS.c.dropped_at.is_not(None))
        found: dict[tuple[str, str, datetime], list[int]] = {}
        with reading(self.engine) as connection:
            for line, who, why, at in connection.execute(query.order_by(REJECTS.c.dropped_at, REJECTS.c.line)):
                found.setdefault((who, why, at), []).append(line)
        return tuple(DroppedRejects(who=of[0], why=of[1], at=of[2], lines=tuple(on)) for of, on in found.items())
