"""Leases: one run at a place, until it gives it back, is known to have ended, or has not renewed it in time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import writing
from infra.ledger.rows import upsert
from infra.ledger.tables import LEASES, RUNS
from infra.processes import has_ended
from schemas.leases import Lease


@dataclass(frozen=True)
class Leases:
    """The leases in the ledger."""

    engine: sa.Engine

    def take(self, lease: Lease, now: datetime) -> Lease:
        """Take a place, or renew one's own lease; return whose it is now."""
        with writing(self.engine) as connection:
            return _take(connection, lease, now)

    def keep(self, run_id: str, *, until: datetime) -> None:
        """Let a run have what it has until then, whether a process renews it or not."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(LEASES).where(LEASES.c.run_id == run_id).values(expires_at=until))

    def release(self, run_id: str) -> None:
        """Give back whatever a run has."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.run_id == run_id))


def _take(connection: sa.Connection, lease: Lease, now: datetime) -> Lease:
    held = _find(connection, lease.place)
    if held and held.run_id != lease.run_id and not _is_over(connection, held, now):
        return held
    row = {name: getattr(lease, name) for name in Lease.__dataclass_fields__}
    statement = upsert(connection, LEASES, [row])
    # of two that find it free, the second must not take it from the first
    seen = held or lease
    unmoved = (LEASES.c.run_id == seen.run_id) & (LEASES.c.expires_at == seen.expires_at)
    connection.execute(statement.on_conflict_do_update(index_elements=[LEASES.c.place], set_=row, where=unmoved))
    return _find(connection, lease.place) or lease


def _is_over(connection: sa.Connection, held: Lease, now: datetime) -> bool:
    outcome = connection.scalar(sa.select(RUNS.c.outcome).where(RUNS.c.run_id == held.run_id))
    if outcome == "waiting":  # for a budget to open: no process works for it, and it goes on by itself
        return held.expires_at <= now
    return held.expires_at <= now or outcome != "running" or has_ended(held.process)


def _find(connection: sa.Connection, place: str) -> Lease | None:
    row = connection.execute(sa.select(LEASES).where(LEASES.c.place == place)).mappings().first()
    return Lease(**row) if row else None
