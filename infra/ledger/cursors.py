"""How far each shop was followed: the newest change that has arrived at the till, whatever became of the connection."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.rows import upsert
from infra.ledger.tables import CURSORS
from schemas.orders.cursor import Cursor


@dataclass(frozen=True)
class CursorBook:
    """The cursors of all shops."""

    engine: sa.Engine

    def find(self, source: str) -> Cursor | None:
        """Return how far a shop was followed; None where it never was."""
        with reading(self.engine) as connection:
            return _find(connection, source)

    def advance(self, cursor: Cursor, run_id: str, now: datetime) -> bool:
        """Enter how far a shop was followed; False where another run was as far already. It never goes back."""
        with writing(self.engine) as connection:
            return _advance(connection, cursor, run_id, now)


def _find(connection: sa.Connection, source: str) -> Cursor | None:
    row = connection.execute(sa.select(CURSORS).where(CURSORS.c.source == source)).mappings().first()
    if row is None:
        return None
    return Cursor(source=source, modified_at=row["modified_at"], order_id=row["order_id"], by_run=row["run_id"])


def _advance(connection: sa.Connection, cursor: Cursor, run_id: str, now: datetime) -> bool:
    """Move a cursor on; False where it is as far already. It never goes back, whichever of two runs comes last."""
    columns = CURSORS.c
    row = {
        "source": cursor.source,
        "modified_at": cursor.modified_at,
        "order_id": cursor.order_id,
        "run_id": run_id,
        "moved_at": now,
    }
    statement = upsert(connection, CURSORS, [row])
    new = {name: statement.excluded[name] for name in row if name != "source"}
    id_there, id_new = sa.cast(columns.order_id, sa.BigInteger), sa.cast(statement.excluded.order_id, sa.BigInteger)
    later = (columns.modified_at < statement.excluded.modified_at) | (
        (columns.modified_at == statement.excluded.modified_at) & (id_there < id_new)
    )
    moved = statement.on_conflict_do_update(index_elements=[columns.source], set_=new, where=later)
    return connection.execute(moved).rowcount > 0
