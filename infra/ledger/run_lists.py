"""Lists of runs as people look for them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger.runs import RunEntry, as_entry
from infra.ledger.tables import RUNS


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which runs somebody looks for; what is empty fits all. *since* and *until* bound when a run started."""

    domain: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class RunLists:
    """The runs of a shop."""

    engine: sa.Engine

    def find(self, sought: Sought, *, limit: int, skip: int = 0) -> tuple[tuple[RunEntry, ...], int]:
        """Return the newest runs that fit, newest first, and how many fit in all."""
        fits = sa.select(RUNS).where(*_conditions(sought))
        with reading(self.engine) as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(fits.subquery())).scalar_one()
            query = fits.order_by(RUNS.c.started_at.desc(), RUNS.c.run_id).limit(limit).offset(skip)
            return tuple(as_entry(row) for row in connection.execute(query).mappings()), total

    def domains(self) -> tuple[str, ...]:
        """Return the domains that there are runs of."""
        with reading(self.engine) as connection:
            return tuple(connection.scalars(sa.select(RUNS.c.domain).distinct().order_by(RUNS.c.domain)))


def _conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    named = ((RUNS.c.domain, sought.domain), (RUNS.c.outcome, sought.outcome))
    since = [RUNS.c.started_at >= sought.since] if sought.since else []
    until = [RUNS.c.started_at < sought.until] if sought.until else []
    return [*(column == value for column, value in named if value), *since, *until]
