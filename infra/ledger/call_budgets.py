"""How many calls a system takes in a while, shared by all processes: each call is reserved here before it leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.rows import upsert
from infra.ledger.tables import CALL_BUDGETS, CALLS_MADE

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class CallBudget:
    """A rolling window of one system. *calls* is what it allows until it says so itself.

    A call counts a second longer than the window: calls are entered by the second.
    """

    engine: sa.Engine
    system: str
    calls: int
    window: timedelta

    def reserve(self, at: datetime, calls: int = 1) -> datetime:
        """Reserve so many calls and return *at*; else reserve none, and return when to ask again.

        More than all there are wait for all.
        """
        with writing(self.engine) as connection:
            budget = self._lock(connection)
            opens = self._opens(connection, budget, at, calls)
            if opens <= at:
                self._count(connection, at, calls)
        return opens

    def calls_left(self, at: datetime) -> int:
        """Return how many calls could be made now."""
        with reading(self.engine) as connection:
            budget = self._find(connection)
            closed = budget.closed_until is not None and budget.closed_until > at
            return 0 if closed else max(0, budget.calls - sum(calls for _, calls in self._made(connection, at)))

    def calls_allowed(self) -> int:
        """Return how many calls the system takes in a window, as it last said."""
        with reading(self.engine) as connection:
            return self._find(connection).calls

    def observe(self, *, limit: int, remaining: int, at: datetime) -> None:
        """Take what the system says: how many calls it allows, and how many are left; others may use it too."""
        with writing(self.engine) as connection:
            self._lock(connection)
            connection.execute(sa.update(CALL_BUDGETS).where(self._here).values(calls=limit))
            unseen = limit - remaining - sum(calls for _, calls in self._made(connection, at))
            if unseen > 0:
                self._count(connection, at, unseen)

    def close(self, until: datetime) -> None:
        """Let no call go before then: the system asked to be left alone."""
        with writing(self.engine) as connection:
            self._lock(connection)
            connection.execute(sa.update(CALL_BUDGETS).where(self._here).values(closed_until=until))

    @property
    def _here(self) -> sa.ColumnElement[bool]:
        return CALL_BUDGETS.c.system == self.system

    def _lock(self, connection: sa.Connection) -> "_Budget":
        """Return what is allowed; until the transaction ends nobody else counts."""
        row = {"system": self.system, "calls": self.calls}
        connection.execute(upsert(connection, CALL_BUDGETS, [row]).on_conflict_do_nothing())
        return self._find(connection, lock=True)

    def _find(self, connection: sa.Connection, *, lock: bool = False) -> "_Budget":
        query = sa.select(CALL_BUDGETS.c.calls, CALL_BUDGETS.c.closed_until).where(self._here)
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        return _Budget(calls=self.calls, closed_until=None) if row is None else _Budget(*row)

    def _made(self, connection: sa.Connection, at: datetime) -> list[tuple[datetime, int]]:
        """Return the calls that still count, oldest first."""
        columns = CALLS_MADE.c
        query = sa.select(columns.made_at, columns.calls).where(
            columns.system == self.system, columns.made_at > at - self.window - _SECOND
        )
        return [(made_at, calls) for made_at, calls in connection.execute(query.order_by(columns.made_at))]

    def _opens(self, connection: sa.Connection, budget: "_Budget", at: datetime, calls: int) -> datetime:
        opens, made = at, self._made(connection, at)
        excess = sum(count for _, count in made) + min(calls, budget.calls) - budget.calls
        for made_at, count in made:
            if excess <= 0:
                break
            excess -= count
            opens = made_at + self.window + _SECOND
        return max(opens, budget.closed_until or at)

    def _count(self, connection: sa.Connection, at: datetime, calls: int) -> None:
        columns = CALLS_MADE.c
        row = {"system": self.system, "made_at": at.replace(microsecond=0), "calls": calls}
        statement = upsert(connection, CALLS_MADE, [row])
        more = {"calls": columns.calls + statement.excluded.calls}
        connection.execute(statement.on_conflict_do_update(index_elements=["system", "made_at"], set_=more))
        old = (columns.system == self.system) & (columns.made_at <= at - self.window - _SECOND)
        connection.execute(sa.delete(CALLS_MADE).where(old))


@dataclass(frozen=True)
class _Budget:
    calls: int
    closed_until: datetime | None
