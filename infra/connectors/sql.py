"""A shop's database as a target: SQLite embedded, PostgreSQL in production.

A batch is one transaction: its name in the journal, its operations and its records land
together or not at all.
"""

import json
import sqlite3
from dataclasses import dataclass

import polars as pl
import psycopg
import sqlalchemy as sa

from infra.bulk import Selected, count_about, fetch_rows, load_rows, polars_schema, staged
from infra.connectors import NONE_ISSUED, Capabilities
from infra.connectors.outcomes import decide_outcomes, expect_one_change_a_record, folded
from infra.connectors.sql_statements import inserting, is_key_taken, record_operations, remove, same_key, update
from infra.database import is_postgres, reading, writing
from infra.tables import BATCHES, OPERATIONS, TARGET
from schemas.domain import CREATED_AS, Resource
from schemas.problems import Refused, Unavailable
from schemas.records import BatchName, Total

WHOLE_TABLE_SHARE = 0.1
"""From this share of a table on, reading all of it is faster than looking its keys up."""
ATTEMPTS = 5
"""How often a batch is tried while others keep editing its records."""


@dataclass(frozen=True, kw_only=True)
class _Write:
    """One batch on its way into one table."""

    connection: sa.Connection
    table: sa.Table
    resource: Resource
    batch: BatchName


class SqlTarget:
    """The sql target, over tables that ``infra.tables`` knows."""

    name = "sql"
    can = Capabilities(compare_and_set=True, operation_ids=True, read_back=True, undo=True)

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        table = TARGET.tables[resource.name]
        with reading(self._engine) as connection:
            if keys is None:
                return _read_all(connection, table, resource)
            wanted = folded(keys)
            if wanted.len() <= WHOLE_TABLE_SHARE * count_about(connection, table):
                return _look_up(connection, table, resource, wanted)
            every = _read_all(connection, table, resource)
        return every.join(
            wanted.to_frame("key"), how="semi", left_on=pl.col(resource.key).str.to_lowercase(), right_on="key"
        )

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        table = TARGET.tables[resource.name]
        with reading(self._engine) as connection:
            return _totals(connection, table, resource)

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        table = TARGET.tables[resource.name]
        if "created_as" not in table.c or names.is_empty():
            return NONE_ISSUED
        key = sa.cast(table.c[resource.key], sa.Text).label("key")
        with reading(self._engine) as connection, staged(connection, names.alias("name").to_frame()) as stage:
            return fetch_rows(
                connection, [stage.c.name, key], stage.join(table, table.c.created_as == stage.c.name), stage
            )

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return _recorded(connection, operation_ids)

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        with reading(self._engine) as connection:
            return _outcomes_then(connection, batch)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        expect_one_change_a_record(changes, resource)
        with writing(self._engine) as connection:
            write = _Write(connection=connection, table=TARGET.tables[resource.name], resource=resource, batch=batch)
            if not _enter(write, changes.height):
                return _earlier_outcomes(write, changes.height)
            outcomes = _carry_out(write, changes)
            _note_conflicts(write, outcomes)
            return outcomes


def _totals(connection: sa.Connection, table: sa.Table, resource: Resource) -> tuple[Total, ...]:
    """Add up the live records. Most shops have one currency: then one pass does, and SQLite sorts nothing."""
    unit = table.c[resource.unit] if resource.unit else sa.literal("")
    live = table.c[resource.status] == resource.live if resource.status else sa.true()
    first, last, whole = _add_up(connection, table, resource, live)
    if first == last:
        return (whole,) if whole.count else ()
    units = sorted(connection.scalars(sa.select(unit).select_from(table).where(live).distinct()))
    return tuple(_add_up(connection, table, resource, sa.and_(live, unit == each))[2] for each in units)


def _add_up(
    connection: sa.Connection, table: sa.Table, resource: Resource, wanted: sa.ColumnElement[bool]
) -> tuple[str, str, Total]:
    """Return the first and the last unit among *wanted* records, and the total of all of them."""
    unit = table.c[resource.unit] if resource.unit else sa.literal("")
    amount = sa.func.sum(table.c[resource.amount]) if resource.amount else sa.literal(0)
    query = sa.select(sa.func.min(unit), sa.func.max(unit), sa.func.count(), amount).select_from(table)
    first, last, count, cents = connection.execute(query.where(wanted)).one()
    return first, last, Total(currency=first or "", count=count, sum_cents=int(cents or 0))


def _key_is_number(table: sa.Table, resource: Resource) -> bool:
    return isinstance(table.c[resource.key].type, sa.Integer)


def _columns(table: sa.Table, resource: Resource) -> list[Selected]:
    """Return what is read of a record; its key is text everywhere but in its own table."""
    key = sa.cast(table.c[resource.key], sa.Text) if _key_is_number(table, resource) else table.c[resource.key]
    return [key.label(resource.key), *(table.c[column] for column in resource.columns)]


def _as_keys(table: sa.Table, resource: Resource, keys: pl.Series) -> pl.Series:
    """Return *keys* as their column holds them; what cannot be a number is no key of such a table."""
    return keys.cast(pl.Int64, strict=False).drop_nulls() if _key_is_number(table, resource) else keys


def _read_all(connection: sa.Connection, table: sa.Table, resource: Resource) -> pl.DataFrame:
    return fetch_rows(connection, _columns(table, resource), table, table)


def _look_up(connection: sa.Connection, table: sa.Table, resource: Resource, keys: pl.Series) -> pl.DataFrame:
    with staged(connection, _as_keys(table, resource, keys).alias("key").to_frame()) as stage:
        found = stage.join(table, same_key(table.c[resource.key], stage.c.key))
        return fetch_rows(connection, _columns(table, resource), found, stage)


def _look_up_created(connection: sa.Connection, table: sa.Table, resource: Resource, names: pl.Series) -> pl.DataFrame:
    """Return the records that were created under *names*, with these for keys."""
    columns = [table.c.created_as, *(table.c[column] for column in resource.columns)]
    with staged(connection, names.alias("name").to_frame()) as stage:
        found = stage.join(table, table.c.created_as == stage.c.name)
        return fetch_rows(connection, columns, found, stage).rename({"created_as": resource.key})


def _recorded(connection: sa.Connection, operation_ids: pl.Series) -> pl.DataFrame:
    """Return ``operation_id, state`` of those recorded."""
    asked = operation_ids.cast(pl.String).drop_nulls().unique().alias("operation_id").to_frame()
    columns = [OPERATIONS.c.operation_id, OPERATIONS.c.state]
    if asked.is_empty():
        return polars_schema(columns).to_frame()
    with staged(connection, asked) as stage:
        known = stage.join(OPERATIONS, OPERATIONS.c.operation_id == stage.c.operation_id)
        return fetch_rows(connection, columns, known, stage)


def _enter(write: _Write, rows: int) -> bool:
    """Enter the batch in the target's journal; False if it stands there already."""
    entry = {"plan_id": write.batch.plan_id, "number": write.batch.number, "run_id": write.batch.run_id}
    insert = inserting(write.connection)(BATCHES).values(**entry, rows=rows, conflicts="[]")
    return write.connection.execute(insert.on_conflict_do_nothing()).rowcount == 1


def _this(batch: BatchName) -> sa.ColumnElement[bool]:
    return sa.and_(
        BATCHES.c.plan_id == batch.plan_id, BATCHES.c.number == batch.number, BATCHES.c.run_id == batch.run_id
    )


def _outcomes_then(connection: sa.Connection, batch: BatchName) -> pl.Series | None:
    entry = connection.execute(sa.select(BATCHES.c.rows, BATCHES.c.conflicts).where(_this(batch))).one_or_none()
    if entry is None:
        return None
    outcomes = pl.repeat("done", entry.rows, dtype=pl.String, eager=True).alias("outcome")
    return outcomes.scatter(json.loads(entry.conflicts), "conflict")


def _earlier_outcomes(write: _Write, rows: int) -> pl.Series:
    """Answer a batch that was committed before with what it did then."""
    then = _outcomes_then(write.connection, write.batch)
    if then is None or then.len() != rows:
        raise Refused(
            f"Batch {write.batch.number} of plan {write.batch.plan_id} was written before with other changes than "
            f"these {rows}. Nothing was written; start a new run instead of this one."
        )
    return then


def _note_conflicts(write: _Write, outcomes: pl.Series) -> None:
    positions = (outcomes == "conflict").arg_true().to_list()
    if positions:
        write.connection.execute(sa.update(BATCHES).where(_this(write.batch)).values(conflicts=json.dumps(positions)))


def _carry_out(write: _Write, changes: pl.DataFrame) -> pl.Series:
    """Write what can be written: at first all of it, then what a look at the target leaves."""
    outcomes = pl.repeat("written", changes.height, dtype=pl.String, eager=True).alias("outcome")
    for _ in range(ATTEMPTS):
        if _try_all(write, changes.filter(outcomes == "written")):
            return outcomes
        now = _held_now(write, folded(changes[write.resource.key]))
        operations = _recorded(write.connection, changes["operation_id"])
        outcomes = decide_outcomes(changes, now, operations, write.resource)
    raise Unavailable(
        f"Batch {write.batch.number} of plan {write.batch.plan_id} was not written: its records were edited by "
        "someone else each time it was tried. It is tried again by itself."
    )


def _held_now(write: _Write, keys: pl.Series) -> pl.DataFrame:
    """Return the records of these keys, and those that were created under them as names."""
    where = (write.connection, write.table, write.resource)
    found = _look_up(*where, keys)
    return pl.concat([found, _look_up_created(*where, keys)]) if "created_as" in write.table.c else found


def _try_all(write: _Write, changes: pl.DataFrame) -> bool:
    """Write every change, or, if a single one does not find its record as planned, none."""
    try:
        with write.connection.begin_nested() as attempt:
            as_planned = _write_staged(write, changes)
            if as_planned:
                _insert(write, changes.filter(kind="create"))
            else:
                attempt.rollback()
    except (psycopg.errors.UniqueViolation, sqlite3.IntegrityError) as error:
        if not is_key_taken(error):
            raise
        return False
    return as_planned


def _insert(write: _Write, creates: pl.DataFrame) -> None:
    """Insert new records: those that are only named are numbered by the database itself."""
    key, after = write.resource.key, {f"{column}_after": column for column in write.resource.columns}
    only_named = pl.col(key).str.starts_with(CREATED_AS)
    _catch_up(write)
    named, keyed = (creates.filter(which).select(key, *after).rename(after) for which in (only_named, ~only_named))
    load_rows(write.connection, write.table, named.rename({key: "created_as"}))
    load_rows(write.connection, write.table, keyed.with_columns(_as_keys(write.table, write.resource, keyed[key])))


def _catch_up(write: _Write) -> None:
    """Let PostgreSQL number on from the highest key there is: keys that others gave by hand do not count for it."""
    if not (is_postgres(write.connection) and _key_is_number(write.table, write.resource)):
        return
    sequence = sa.func.pg_get_serial_sequence(write.table.name, write.resource.key)
    highest = sa.select(sa.func.coalesce(sa.func.max(write.table.c[write.resource.key]), 0)).scalar_subquery()
    write.connection.execute(sa.select(sa.func.setval(sequence, sa.func.greatest(sa.func.nextval(sequence), highest))))


def _write_staged(write: _Write, changes: pl.DataFrame) -> bool:
    """Write what changes or refers to rows that are there; say whether each found its row as planned."""
    resource = write.resource
    due = changes.filter((pl.col("kind") != "create") | pl.col("operation_id").is_not_null())
    if due.is_empty():
        return True
    befores = [f"{column}_before" for column in resource.columns]
    afters = [f"{column}_after" for column in resource.columns if _moves(due, column)]
    keys = _as_keys(write.table, resource, due[resource.key])
    rows = due.select("kind", keys, *befores, *afters, "operation_id", "operation")
    with staged(write.connection, rows) as stage:
        return all(
            write.connection.execute(statement).rowcount == expected
            for expected, statement in _statements(write, due, stage)
            if expected
        )


def _moves(due: pl.DataFrame, column: str) -> bool:
    """Say whether any update changes *column*: what none changes need not be laid out, nor written."""
    updates = due.filter(kind="update")
    return updates[f"{column}_before"].ne_missing(updates[f"{column}_after"]).any()


def _statements(write: _Write, due: pl.DataFrame, stage: sa.Table) -> list[tuple[int, sa.Executable]]:
    """Pair each statement with the number of rows it must write."""
    kinds = dict(due.group_by("kind").len().iter_rows())
    connection, table, resource = write.connection, write.table, write.resource
    return [
        (due["operation_id"].count(), record_operations(connection, stage, resource.key, write.batch.plan_id)),
        (kinds.get("update", 0), update(table, stage, resource)),
        (kinds.get("remove", 0), remove(connection, table, stage, resource)),
    ]
