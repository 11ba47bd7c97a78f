"""Which runs are about parts of one file, or put back parts of one run: what they write counts together."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger.rejects import same_file
from infra.ledger.tables import RUNS


@dataclass(frozen=True)
class PartBook:
    """What belongs together, however many runs it took."""

    engine: sa.Engine

    def list_runs(self, run_id: str, corrected: Collection[str]) -> tuple[str, ...]:
        """Return the runs of the file that *run_id* has a part of, itself too, oldest first.

        Those are the runs of the same content, of the file whose rejects they bring back (for this run: those
        *corrected*), of the files that bring back theirs, and so on; of restores, those of the same run.
        """
        with reading(self.engine) as connection:
            found, new = set[str](), {run_id, *corrected}
            while new:
                found |= new
                new = {other for each in new for other in _beside(connection, each)} - found
            mine = sa.select(RUNS.c.target).where(RUNS.c.run_id == run_id).scalar_subquery()
            theirs = sa.select(RUNS.c.run_id).where(RUNS.c.run_id.in_(found), RUNS.c.target == mine)
            return tuple(connection.scalars(theirs.order_by(RUNS.c.started_at, RUNS.c.run_id)))


def _beside(connection: sa.Connection, run_id: str) -> set[str]:
    run, other = RUNS.alias("run"), RUNS.alias("other")
    undone = sa.select(RUNS.c.run_id)
    same_run = sa.and_(other.c.source == run.c.source, other.c.flow == run.c.flow, run.c.source.in_(undone))
    followed = sa.or_(other.c.run_id == run.c.follows, other.c.follows == run.c.run_id)
    both = run.join(other, sa.or_(same_run, followed))
    beside = sa.select(other.c.run_id).select_from(both).where(run.c.run_id == run_id)
    return {*connection.scalars(same_file(run_id)), *connection.scalars(beside)}
