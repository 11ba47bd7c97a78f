"""One batch written to the user's table: as a whole where every row is as it was seen, else what a second look leaves.

Every row is written only where it still is, byte by byte, as it was seen a moment ago in the same transaction, and it
is seen to be as it was planned against. What the database itself turns down is refused one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl
import sqlalchemy as sa

from infra.connectors.outcomes import decide_outcomes
from infra.connectors.own_database.journals import Journal
from infra.connectors.own_database.reading import Held, look_up
from infra.connectors.own_database.rows import RowWrite, row_writes
from infra.connectors.own_database.tables import OwnTable, equals, parameter
from infra.databases.other_errors import refusal
from schemas.domain import CREATED_AS

LOOKS = 2
"""How often a batch is tried as a whole; then row by row, so that others who keep writing cannot keep us from it."""
KEYS_TRIED = 1_000
"""How many keys that others gave by hand are stepped over for one new record."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a batch did: one outcome a change, the keys issued by the names of new records, why changes were refused."""

    outcomes: pl.Series
    issued: Mapping[str, str]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One connection that writes to one table, and the journal that it writes beside."""

    connection: sa.Connection
    own: OwnTable
    journal: Journal
    plan_id: str
    issued: dict[str, str] = field(default_factory=dict)


def write_batch(writer: Writer, changes: pl.DataFrame) -> Written:
    """Write what can be written, and say what became of each change."""
    for _ in range(LOOKS):
        outcomes, writes, refused = _decide(writer, changes)
        if _all_written(writer, writes):
            break
    else:
        outcomes, writes, refused = _decide(writer, changes)
        for write in writes:
            outcomes[write.at] = _write_alone(writer, write, refused)
    for at in refused:
        outcomes[at] = "refused" if outcomes[at] == "written" else outcomes[at]
    reasons = tuple(dict.fromkeys(refused.values()))
    return Written(outcomes=pl.Series("outcome", outcomes, pl.String), issued=dict(writer.issued), reasons=reasons)


def _decide(writer: Writer, changes: pl.DataFrame) -> tuple[list[str], list[RowWrite], dict[int, str]]:
    """Look at the records and say what can be written now; of what the table cannot hold, why not."""
    own, key = writer.own, writer.own.resource.key
    names = changes[key].filter(changes[key].str.starts_with(CREATED_AS))
    created = writer.journal.created(writer.connection, own, names)
    held = look_up(writer.connection, own, pl.concat([changes[key], created["key"]]))
    now = pl.concat([held.records, _under_names(held, created, key)])
    operations = writer.journal.operations(writer.connection, changes["operation_id"])
    outcomes = decide_outcomes(changes, now, operations, own.resource).to_list()
    due = [(at, change) for at, change in enumerate(changes.iter_rows(named=True)) if outcomes[at] == "written"]
    writes, refused = row_writes(own, due, held)
    return outcomes, writes, refused


def _under_names(held: Held, created: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the records that were created under names, with these for keys."""
    known = created.select("name", pl.col("key").alias(key))
    return held.records.join(known, on=key, how="inner").with_columns(pl.col("name").alias(key)).drop("name")


def _all_written(writer: Writer, writes: list[RowWrite]) -> bool:
    """Write every row, or, if a single one is not as it was seen or not taken, none."""
    issued = dict(writer.issued)
    try:
        with writer.connection.begin_nested() as attempt:
            as_seen = all(_write_alike(writer, alike) for alike in _alike(writes)) and _noted(writer, writes)
            if not as_seen:
                attempt.rollback()
    except sa.exc.DBAPIError as error:
        if refusal(error) is None:
            raise
        as_seen = False
    if not as_seen:
        writer.issued.clear()
        writer.issued.update(issued)
    return as_seen


def _write_alone(writer: Writer, write: RowWrite, refused: dict[int, str]) -> str:
    """Write one row, and say what became of it."""
    try:
        with writer.connection.begin_nested() as attempt:
            as_seen = _write_alike(writer, [write]) and _noted(writer, [write])
            if not as_seen:
                attempt.rollback()
    except sa.exc.DBAPIError as error:
        if (why := refusal(error)) is None:
            raise
        if write.kind == "create" and not write.named and _is_there(writer, write):
            return "conflict"
        refused[write.at] = f"{writer.own.mapping.table} does not take a change: {why}"
        return "refused"
    return "written" if as_seen else "conflict"


def _is_there(writer: Writer, write: RowWrite) -> bool:
    key = str(write.values[writer.own.mapping.key.column])
    return not look_up(writer.connection, writer.own, pl.Series([key])).records.is_empty()


def _noted(writer: Writer, writes: list[RowWrite]) -> bool:
    """Record the additions among *writes*, and the names of new records, in the journal of the same transaction."""
    operations = {write.operation_id: write.state for write in writes if write.operation_id is not None}
    names = {write.named: writer.issued[write.named] for write in writes if write.named}
    return writer.journal.note(writer.connection, writer.own, writer.plan_id, operations, names)


def _alike(writes: Iterable[RowWrite]) -> Iterable[list[RowWrite]]:
    """Put together what one statement can write; new records whose keys are issued go one by one."""
    grouped: dict[tuple[object, ...], list[RowWrite]] = defaultdict(list)
    for write in writes:
        grouped[write.kind, write.named, *write.values].append(write)
    return grouped.values()


def _write_alike(writer: Writer, writes: list[RowWrite]) -> bool:
    """Carry out writes of one kind to the same columns; say whether each found its row as it was seen."""
    first, table = writes[0], writer.own.table
    if first.named:
        writer.issued[first.named] = _insert_numbered(writer, first)
        return True
    if first.kind == "create":
        values = {name: parameter(table.c[name], f"set_{name}") for name in first.values}
        writer.connection.execute(sa.insert(table).values(values), [_set(write) for write in writes])
        return True
    statement = sa.delete(table).where(*_as_seen(writer.own))
    if first.kind == "update":
        values = {name: parameter(table.c[name], f"set_{name}") for name in first.values}
        statement = sa.update(table).values(values).where(*_as_seen(writer.own))  # type: ignore[assignment]
    return _execute_counted(writer.connection, statement, [_set(write) | _seen(write) for write in writes])


def _execute_counted(connection: sa.Connection, statement: sa.Executable, rows: list[dict[str, object]]) -> bool:
    """Execute for every row, and say whether each wrote exactly one."""
    if connection.dialect.supports_sane_multi_rowcount:
        return connection.execute(statement, rows).rowcount == len(rows)
    return all(connection.execute(statement, row).rowcount == 1 for row in rows)


def _as_seen(own: OwnTable) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a row is as it was seen; the plain comparison of the key is for its index."""
    names = [own.mapping.key.column, *(each.column for each in own.mapping.stored().values())]
    seen = [equals(own.table.c[name], parameter(own.table.c[name], f"was_{name}")) for name in names]
    return [own.key == parameter(own.key, f"was_{own.mapping.key.column}"), *seen]


def _set(write: RowWrite) -> dict[str, object]:
    return {f"set_{name}": value for name, value in write.values.items()}


def _seen(write: RowWrite) -> dict[str, object]:
    return {f"was_{name}": value for name, value in (write.seen or {}).items()}


def _insert_numbered(writer: Writer, write: RowWrite) -> str:
    """Insert a record that the database numbers; numbers that somebody gave by hand are stepped over."""
    table = writer.own.table
    values = {name: parameter(table.c[name], f"set_{name}") for name in write.values}
    for _ in range(KEYS_TRIED):
        try:
            with writer.connection.begin_nested():
                inserted = writer.connection.execute(sa.insert(table).values(values), _set(write))
                return str(inserted.inserted_primary_key[0])  # type: ignore[index]
        except sa.exc.IntegrityError as error:
            if not _is_key_taken(error, table):
                raise
            last = error
    raise last


def _is_key_taken(error: sa.exc.IntegrityError, table: sa.Table) -> bool:
    """Tell, on PostgreSQL, that the next number is taken; other databases number on from the highest there is."""
    diagnosis = getattr(error.orig, "diag", None)
    return diagnosis is not None and diagnosis.constraint_name == table.primary_key.name
