"""What people are told: changes and their recipients are entered together, and each is sent once.

A row says what was told and to whom, by the id of an account, the hash of an address or the name of a block.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import NOTIFICATIONS, STANDINGS
from infra.ledger.rows import upsert
from schemas.mail import Delivery
from schemas.notifications import WELL, Happened, Notification, NotificationState, Standing


@dataclass(frozen=True)
class NotificationBook:
    """What is told in a shop."""

    engine: sa.Engine

    def find(self, subject: str) -> tuple[Standing, str]:
        """Return how something stands, and the run since which it does; well, where nothing was ever told of it."""
        query = sa.select(STANDINGS).where(STANDINGS.c.subject == subject)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return (Standing(kind=row.kind, about=row.about), row.run_id) if row else (WELL, "")

    def change(
        self, subject: str, after: Standing, run_id: str, tell: Mapping[str, Happened], *, now: datetime
    ) -> bool:
        """Enter that something stands otherwise since a run, and what to tell whom, by the names of recipients.

        False where another run did so meanwhile: then nobody is told by this one.
        """
        row = {"subject": subject, "kind": after.kind, "about": after.about, "run_id": run_id, "since": now}
        with writing(self.engine) as connection:
            entered = upsert(connection, STANDINGS, [row])
            differs = sa.or_(STANDINGS.c.kind != after.kind, STANDINGS.c.about != after.about)
            anew = {name: entered.excluded[name] for name in ("kind", "about", "run_id", "since")}
            statement = entered.on_conflict_do_update(index_elements=[STANDINGS.c.subject], set_=anew, where=differs)
            if connection.execute(statement).rowcount != 1:
                return False
            _queue(connection, tell, now)
        return True

    def queue(self, tell: Mapping[str, Happened], *, now: datetime) -> None:
        """Enter what to tell whom, by the names of recipients, of what no run brought about."""
        with writing(self.engine) as connection:
            _queue(connection, tell, now)

    def list_waiting(self, *, since: datetime) -> tuple[Notification, ...]:
        """Return what is to be sent, oldest first; what has waited since before that is no news any more."""
        waiting = NOTIFICATIONS.c.state == "waiting", NOTIFICATIONS.c.queued_at >= since
        return self._list(*waiting)

    def list_of_run(self, run_id: str) -> tuple[Notification, ...]:
        """Return what was told of a run, and to whom."""
        return self._list(NOTIFICATIONS.c.run_id == run_id)

    def _list(self, *which: sa.ColumnElement[bool]) -> tuple[Notification, ...]:
        with reading(self.engine) as connection:
            rows = connection.execute(
                sa.select(NOTIFICATIONS).where(*which).order_by(NOTIFICATIONS.c.number)
            ).mappings()
            return tuple(_notification(row) for row in rows)

    def claim(self, number: int) -> bool:
        """Enter that a notification is about to be sent; False where somebody else sends it."""
        return self._move(number, "waiting", state="started") == 1

    def put_back(self, number: int, says: str) -> None:
        """Enter that a notification certainly did not go, and why: whoever comes next tries again."""
        self._move(number, "started", state="waiting", says=says)

    def settle(self, number: int, delivery: Delivery, says: str, *, now: datetime) -> None:
        """Enter what became of a notification."""
        self._move(number, "started", state=delivery.outcome, says=says, settled_at=now)

    def _move(self, number: int, leaving: NotificationState, **values: object) -> int:
        moved = sa.update(NOTIFICATIONS).where(NOTIFICATIONS.c.number == number, NOTIFICATIONS.c.state == leaving)
        with writing(self.engine) as connection:
            return connection.execute(moved.values(**values)).rowcount


def _queue(connection: sa.Connection, tell: Mapping[str, Happened], now: datetime) -> None:
    queued = [_row(happened, recipient, now) for recipient, happened in tell.items()]
    if queued:
        connection.execute(sa.insert(NOTIFICATIONS), queued)


def _row(happened: Happened, recipient: str, now: datetime) -> dict[str, object]:
    what = {name: getattr(happened, name) for name in Happened.__dataclass_fields__}
    return {**what, "recipient": recipient, "state": "waiting", "says": "", "queued_at": now}


def _notification(row: sa.RowMapping) -> Notification:
    happened = Happened(**{name: row[name] for name in Happened.__dataclass_fields__})
    own = {name: row[name] for name in ("number", "recipient", "state", "says", "queued_at")}
    return Notification(happened=happened, **own)
