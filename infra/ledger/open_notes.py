"""What people say of what is left to do about a run: who takes care of it, until when, and why it was dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import OPEN_NOTES
from infra.ledger.rows import upsert


@dataclass(frozen=True, kw_only=True)
class Note:
    """What was said of one thing. ``dropped_at`` is None where it is still to be done."""

    owner: str = ""
    due_on: date | None = None
    note: str = ""
    dropped_at: datetime | None = None


_KEY = (OPEN_NOTES.c.run_id, OPEN_NOTES.c.left)


@dataclass(frozen=True)
class NoteBook:
    """The notes of a shop."""

    engine: sa.Engine

    def all(self) -> Mapping[tuple[str, str], Note]:
        """Return the notes by the run and by what is left of it."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(OPEN_NOTES)).mappings().all()
        fields = Note.__dataclass_fields__
        return {(row["run_id"], row["left"]): Note(**{name: row[name] for name in fields}) for row in rows}

    def enter(self, run_id: str, left: str, *, owner: str, due_on: date | None, note: str) -> None:
        """Enter who takes care of something, until when, and a note, in place of what was said before."""
        self._enter(run_id, left, {"owner": owner, "due_on": due_on, "note": note})

    def drop(self, run_id: str, left: str, *, who: str, why: str, at: datetime) -> None:
        """Enter that nothing more is to be done about something."""
        self._enter(run_id, left, {"dropped_by": who, "dropped_why": why, "dropped_at": at})

    def _enter(self, run_id: str, left: str, said: Mapping[str, object]) -> None:
        nothing = {"owner": "", "due_on": None, "note": "", "dropped_by": "", "dropped_why": "", "dropped_at": None}
        row = {"run_id": run_id, "left": left, **nothing, **said}
        with writing(self.engine) as connection:
            entered = upsert(connection, OPEN_NOTES, [row])
            connection.execute(entered.on_conflict_do_update(index_elements=_KEY, set_=dict(said)))
