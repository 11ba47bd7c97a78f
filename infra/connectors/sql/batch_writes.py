"""Changes written as one batch: all of it as planned, or what a look at the target leaves of it.

What is written beside the records of a resource (the lines and the stock of a sale) is none of this file's business,
but it lands in the same transaction.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import psycopg
import sqlalchemy as sa

from infra.connectors.outcomes import decide_outcomes, folded
from infra.connectors.sql.queries import as_keys, key_is_number, look_up, look_up_created, recorded
from infra.connectors.sql.statements import is_key_taken, record_operations, remove, update
from infra.databases.bulk import load_rows, staged
from infra.databases.database import is_postgres
from infra.databases.errors import LATER
from schemas.domain import CREATED_AS, Resource
from schemas.problems import Unavailable
from schemas.records import BatchName

ATTEMPTS = 5
"""How often a batch is tried while others keep editing its records."""


@dataclass(frozen=True, kw_only=True)
class Write:
    """One batch on its way into one table."""

    connection: sa.Connection
    table: sa.Table
    resource: Resource
    batch: BatchName


@dataclass(frozen=True, kw_only=True)
class DependentWrites:
    """What is written with the records of a resource, in the same transaction.

    ``impossible`` names the keys of changes that what else the target holds does not allow, and sees to it
    that this stays so until the end of the transaction. ``clear`` takes away what refers to records that are
    about to go; ``post`` writes what goes with changes whose records were just written.
    """

    impossible: Callable[[Write, pl.DataFrame], pl.Series] | None = None
    clear: Callable[[Write, pl.DataFrame], None] | None = None
    post: Callable[[Write, pl.DataFrame], None] | None = None


def write_batch(write: Write, changes: pl.DataFrame, dependent: DependentWrites) -> pl.Series:
    """Write what can be written: at first all of it, then what a look at the target leaves."""
    barred = _barred(write, changes, dependent)
    outcomes = _unless(barred, pl.repeat("written", changes.height, dtype=pl.String, eager=True))
    for _ in range(ATTEMPTS):
        if _try_all(write, changes.filter(outcomes == "written"), dependent):
            return outcomes
        now = _held_now(write, folded(changes[write.resource.key]))
        operations = recorded(write.connection, changes["operation_id"])
        outcomes = _unless(barred, decide_outcomes(changes, now, operations, write.resource))
    raise Unavailable(
        f"Batch {write.batch.number} of plan {write.batch.plan_id} was not written: its records were edited by "
        f"someone else each time it was tried. {LATER}"
    )


def _barred(write: Write, changes: pl.DataFrame, dependent: DependentWrites) -> pl.Series:
    """Tell the changes that what else the target holds does not allow."""
    if dependent.impossible is None or changes.is_empty():
        return pl.repeat(False, changes.height, eager=True)
    return changes[write.resource.key].is_in(dependent.impossible(write, changes).implode())


def _unless(barred: pl.Series, outcomes: pl.Series) -> pl.Series:
    """Turn what would be written into a conflict where it is barred."""
    return outcomes.scatter((barred & (outcomes == "written")).arg_true(), "conflict").alias("outcome")


def _held_now(write: Write, keys: pl.Series) -> pl.DataFrame:
    """Return the records of these keys, and those that were created under them as names."""
    where = (write.connection, write.table, write.resource)
    found = look_up(*where, keys)
    return pl.concat([found, look_up_created(*where, keys)]) if "created_as" in write.table.c else found


def _try_all(write: Write, changes: pl.DataFrame, dependent: DependentWrites) -> bool:
    """Write every change, or, if a single one does not find its record as planned, none."""
    try:
        with write.connection.begin_nested() as attempt:
            as_planned = _write_records(write, changes, dependent)
            if not as_planned:
                attempt.rollback()
    except (psycopg.errors.UniqueViolation, sqlite3.IntegrityError) as error:
        if not is_key_taken(error, write.table):
            raise
        return False
    return as_planned


def _write_records(write: Write, changes: pl.DataFrame, dependent: DependentWrites) -> bool:
    """Write records and what goes with them; stop, and say so, at the first that is not as planned."""
    if dependent.clear is not None:
        dependent.clear(write, changes)
    if not _write_staged(write, changes):
        return False
    _insert(write, changes.filter(kind="create"))
    if dependent.post is not None and not changes.is_empty():
        dependent.post(write, changes)
    return True


def _insert(write: Write, creates: pl.DataFrame) -> None:
    """Insert new records: those that are only named are numbered by the database itself."""
    key, after = write.resource.key, {f"{column}_after": column for column in write.resource.columns}
    only_named = pl.col(key).str.starts_with(CREATED_AS)
    _catch_up(write)
    named, keyed = (creates.filter(which).select(key, *after).rename(after) for which in (only_named, ~only_named))
    load_rows(write.connection, write.table, named.rename({key: "created_as"}))
    load_rows(write.connection, write.table, keyed.with_columns(as_keys(write.table, write.resource, keyed[key])))


def _catch_up(write: Write) -> None:
    """Let PostgreSQL number on from the highest key there is: keys that others gave by hand do not count for it."""
    if not (is_postgres(write.connection) and key_is_number(write.table, write.resource)):
        return
    sequence = sa.func.pg_get_serial_sequence(write.table.name, write.resource.key)
    highest = sa.select(sa.func.coalesce(sa.func.max(write.table.c[write.resource.key]), 0)).scalar_subquery()
    write.connection.execute(sa.select(sa.func.setval(sequence, sa.func.greatest(sa.func.nextval(sequence), highest))))


def _write_staged(write: Write, changes: pl.DataFrame) -> bool:
    """Write what changes or refers to rows that are there; say whether each found its row as planned."""
    resource = write.resource
    due = changes.filter((pl.col("kind") != "create") | pl.col("operation_id").is_not_null())
    if due.is_empty():
        return True
    befores = [f"{column}_before" for column in resource.columns]
    afters = [f"{column}_after" for column in resource.columns if _moves(due, column)]
    keys = as_keys(write.table, resource, due[resource.key])
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


def _statements(write: Write, due: pl.DataFrame, stage: sa.Table) -> list[tuple[int, sa.Executable]]:
    """Pair each statement with the number of rows it must write."""
    kinds = dict(due.group_by("kind").len().iter_rows())
    connection, table, resource = write.connection, write.table, write.resource
    return [
        (due["operation_id"].count(), record_operations(connection, stage, resource.key, write.batch.plan_id)),
        (kinds.get("update", 0), update(table, stage, resource)),
        (kinds.get("remove", 0), remove(connection, table, stage, resource)),
    ]
