"""The journal of systems that take one record at a time and keep none themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from infra.clock import now
from infra.databases.database import reading, writing
from infra.ledger.rows import upsert
from infra.ledger.tables import RECORD_WRITES
from schemas.record_writes import OPEN, RecordWrite
from schemas.records import BatchName

_COLUMNS = RECORD_WRITES.c
_PLACE = ("target", "run_id", "plan_id", "number", "position")
_AT_ONCE = 500
_OURS = ("written", "done")


@dataclass(frozen=True)
class WriteBook:
    """The lines of one target."""

    engine: sa.Engine
    target: str

    def recall(self, batch: BatchName) -> list[RecordWrite]:
        """Return the lines of a batch in their order."""
        of_batch = (
            (_COLUMNS.run_id == batch.run_id) & (_COLUMNS.plan_id == batch.plan_id) & (_COLUMNS.number == batch.number)
        )
        return self._find(of_batch)

    def list_open(self) -> list[RecordWrite]:
        """Return the lines without an outcome, oldest first."""
        return self._find(_COLUMNS.outcome == OPEN)

    def list_written(self, kind: str) -> list[RecordWrite]:
        """Return the lines of a kind that were written."""
        return self._find((_COLUMNS.kind == kind) & (_COLUMNS.outcome == "written"))

    def operations(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return what was done last of each of these operations that was done at all: apply or reverse."""
        return dict(self._done(hashes))

    def begin(self, line: RecordWrite) -> tuple[RecordWrite, bool]:
        """Enter a line without an outcome in place of all others that wanted the same, and as old as the last of them.

        Return it as it was entered, and whether it is the first.
        """
        same = (_COLUMNS.target == self.target) & (_COLUMNS.change_sha256 == line.change_sha256)
        still_open = same & (_COLUMNS.outcome == OPEN)
        with writing(self.engine) as connection:
            query = sa.select(_COLUMNS.request_key, _COLUMNS.begun_at).where(still_open)
            last = connection.execute(query.order_by(_COLUMNS.id.desc()).limit(1)).one_or_none()
            connection.execute(sa.update(RECORD_WRITES).where(still_open).values(outcome="unchanged", settled_at=now()))
            begun = replace(line, request_key=last.request_key, begun_at=last.begun_at) if last else line
            self._enter(connection, begun)
        return begun, last is None

    def enter(self, line: RecordWrite) -> None:
        """Enter a line with its outcome: where its place is taken, what stands there is written anew."""
        with writing(self.engine) as connection:
            self._enter(connection, line)

    def withdraw(self, line: RecordWrite) -> None:
        """Take a line back whose request certainly never arrived."""
        here = [_COLUMNS[name] == value for name, value in line.place.items()]
        with writing(self.engine) as connection:
            connection.execute(sa.delete(RECORD_WRITES).where(_COLUMNS.target == self.target, *here))

    def _enter(self, connection: sa.Connection, line: RecordWrite) -> None:
        row = {"target": self.target, **line.place, "settled_at": None if line.outcome == OPEN else now()}
        row |= {name: getattr(line, name) for name in _OWN}
        changed = {name: row[name] for name in row if name not in _PLACE}
        statement = upsert(connection, RECORD_WRITES, [row])
        connection.execute(statement.on_conflict_do_update(index_elements=list(_PLACE), set_=changed))

    def _find(self, wanted: sa.ColumnElement[bool]) -> list[RecordWrite]:
        query = sa.select(RECORD_WRITES).where(_COLUMNS.target == self.target, wanted)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(_COLUMNS.number, _COLUMNS.position, _COLUMNS.id)).mappings().all()
        return [_as_line(row) for row in rows]

    def _done(self, hashes: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the operations that were done, in their order: of several of one name the last counts."""
        for start in range(0, len(hashes), _AT_ONCE):
            some = hashes[start : start + _AT_ONCE]
            query = sa.select(_COLUMNS.operation_sha256, _COLUMNS.operation).where(
                _COLUMNS.target == self.target,
                _COLUMNS.operation_sha256.in_(some),
                _COLUMNS.outcome.in_(_OURS),
            )
            with reading(self.engine) as connection:
                done = connection.execute(query.order_by(_COLUMNS.id)).all()
            yield from ((name, operation) for name, operation in done)


_OWN = (
    "rows",
    "key_sha256",
    "kind",
    "change_sha256",
    "request_key",
    "operation_sha256",
    "operation",
    "outcome",
    "begun_at",
)


def _as_line(row: Any) -> RecordWrite:
    batch = BatchName(run_id=row["run_id"], plan_id=row["plan_id"], number=row["number"])
    return RecordWrite(batch=batch, position=row["position"], **{name: row[name] for name in _OWN})
