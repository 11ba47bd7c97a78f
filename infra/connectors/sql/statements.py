"""The statements that write a staged batch: each counts what it wrote and touches nothing that moved.

Every condition on a record stands in the statement that changes it. PostgreSQL checks these
again after waiting for another session's row lock, so that an edit is never overwritten.
"""

import sqlite3
from collections.abc import Callable, Sequence

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.connectors.sql.tables import OPERATIONS
from infra.databases.database import is_postgres
from schemas.domain import Resource


def inserting(connection: sa.Connection) -> Callable[[sa.Table], postgresql.Insert | sqlite.Insert]:
    """Return the INSERT of this database; both know ON CONFLICT, spelled alike."""
    return postgresql.insert if is_postgres(connection) else sqlite.insert


def record_operations(connection: sa.Connection, stage: sa.Table, key: str, plan_id: str) -> sa.Executable:
    """Record each staged operation, unless its state is recorded already."""
    state = sa.case((stage.c.operation == "reverse", "reversed"), else_="applied")
    staged = sa.select(stage.c.operation_id, sa.literal(plan_id), stage.c[key], state).where(
        stage.c.operation_id.is_not(None)
    )
    insert = inserting(connection)(OPERATIONS).from_select(["operation_id", "plan_id", "key", "state"], staged)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[OPERATIONS.c.operation_id],
        set_={"plan_id": new.plan_id, "state": new.state, "recorded_at": sa.func.now()},
        where=OPERATIONS.c.state != new.state,
    )


def is_key_taken(error: psycopg.Error | sqlite3.Error, table: sa.Table) -> bool:
    """Tell a record of *table* that is already there from any other broken constraint."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        return error.diag.table_name == table.name
    taken = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(error, "sqlite_errorname", "") in taken and table.name in str(error)


def update(table: sa.Table, stage: sa.Table, resource: Resource) -> sa.Executable:
    """Set the staged updates where every column still is as before; columns that none changes are not staged."""
    values = {column: stage.c[f"{column}_after"] for column in resource.columns if f"{column}_after" in stage.c}
    statement = sa.update(table).values(**values, updated_at=sa.func.now())
    return statement.where(stage.c.kind == "update", *_unmoved(table, stage, resource))


def remove(connection: sa.Connection, table: sa.Table, stage: sa.Table, resource: Resource) -> sa.Executable:
    """Delete the staged removes where every column still is as before."""
    unmoved = [stage.c.kind == "remove", *_unmoved(table, stage, resource)]
    if is_postgres(connection):
        return sa.delete(table).where(*unmoved)
    # SQLite has no DELETE .. USING; with one writer at a time a subquery is as safe
    keys = sa.select(table.c[resource.key]).join_from(stage, table, sa.and_(*unmoved))
    return sa.delete(table).where(table.c[resource.key].in_(keys))


def _unmoved(table: sa.Table, stage: sa.Table, resource: Resource) -> Sequence[sa.ColumnElement[bool]]:
    same = [table.c[column].is_not_distinct_from(stage.c[f"{column}_before"]) for column in resource.columns]
    return [same_key(table.c[resource.key], stage.c[resource.key]), *same]


def same_key(left: sa.ColumnElement[str], right: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Compare keys without regard to case, in the form that the index serves; numbers as numbers."""
    if isinstance(left.type, sa.Integer):
        return left == right
    return sa.func.lower(left) == sa.func.lower(right)
