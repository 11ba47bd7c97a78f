"""The journal in tables of ours beside the user's own, written in the same transaction as the records: never wrong.

The tables are made by ``counterfoil prepare-target`` only, where the settings ask for them. Names of any length are
found by their SHA-256, which every database indexes alike.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from infra.connectors import OPERATIONS_SCHEMA
from infra.connectors.own_database.journals import Intent, Landed
from infra.connectors.own_database.tables import OwnTable
from infra.databases.database import describe
from infra.databases.errors import translating_errors
from infra.databases.foreign import reading_foreign
from schemas.problems import Refused, SettingsNeedFixing
from schemas.records import BatchName

IDS_AT_ONCE = 500
_LONG = sa.Text().with_variant(mysql.LONGTEXT(), "mysql")


def journal_tables(schema: str) -> sa.MetaData:
    """Return the tables of the journal, in *schema* or, where that is empty, in the database's usual one."""
    tables = sa.MetaData(schema=schema or None)
    sa.Table(
        "counterfoil_batches",
        tables,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("outcomes", _LONG, nullable=False),
        sa.Column("issued", _LONG, nullable=False),
        sa.Column("committed_at", sa.DateTime, nullable=False, server_default=sa.func.now()),
    )
    sa.Table(
        "counterfoil_operations",
        tables,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("operation_id", _LONG, nullable=False),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
    )
    sa.Table(
        "counterfoil_created",
        tables,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", _LONG, nullable=False),
        sa.Column("record_key", sa.String(255), nullable=False),
    )
    return tables


def make_journal(engine: sa.Engine, schema: str) -> None:
    """Make the tables of the journal, and *schema* where one is named; tables that are there stay as they are.

    Raises:
        Refused: The user may not, or a table of another program has the name of one of ours.
    """
    tables = journal_tables(schema)
    with translating_errors(describe(engine)), engine.begin() as connection:
        if schema and schema not in sa.inspect(connection).get_schema_names():
            connection.execute(sa.schema.CreateSchema(schema))
        tables.create_all(connection)
    expect_journal(engine, schema)


def expect_journal(engine: sa.Engine, schema: str) -> None:
    """See that the tables of the journal are there, and ours.

    Raises:
        SettingsNeedFixing: They are not there.
        Refused: A table of another program has the name of one of ours.
    """
    with reading_foreign(engine) as connection:
        inspector = sa.inspect(connection)
        for table in journal_tables(schema).sorted_tables:
            if not inspector.has_table(table.name, schema=table.schema):
                raise SettingsNeedFixing(
                    f"{describe(engine)} has no {table.fullname}. Let it be made, by a user who may do so: counterfoil "
                    "prepare-target --target own_database. Or set COUNTERFOIL_OWN_DATABASE_JOURNAL=bucket."
                )
            held = {each["name"] for each in inspector.get_columns(table.name, schema=table.schema)}
            if not held >= set(table.c.keys()):
                raise Refused(
                    f"{table.fullname} belongs to another program. Set COUNTERFOIL_OWN_DATABASE_JOURNAL_SCHEMA."
                )


class DatabaseJournal:
    """The journal in the tables that ``make_journal`` made."""

    keeps_operations = True

    def __init__(self, engine: sa.Engine, schema: str) -> None:
        self._engine = engine
        tables = {table.name: table for table in journal_tables(schema).sorted_tables}
        self._batches = tables["counterfoil_batches"]
        self._operations = tables["counterfoil_operations"]
        self._created = tables["counterfoil_created"]

    def recall(self, batch: BatchName) -> Landed | None:
        query = sa.select(self._batches.c.outcomes, self._batches.c.issued).where(self._batches.c.id == _id_of(batch))
        with reading_foreign(self._engine) as connection:
            entry = connection.execute(query).one_or_none()
        return None if entry is None else Landed(outcomes=json.loads(entry[0]), issued=json.loads(entry[1]))

    def enter(self, connection: sa.Connection, batch: BatchName) -> None:
        entry = {"plan_id": batch.plan_id, "number": batch.number, "run_id": batch.run_id}
        insert = sa.insert(self._batches)
        connection.execute(insert, {"id": _id_of(batch), **entry, "outcomes": "[]", "issued": "{}"})

    def close(self, connection: sa.Connection, batch: BatchName, intent: Intent) -> None:
        then = ["done" if each == "written" else each for each in intent.outcomes]
        values = {"outcomes": json.dumps(then), "issued": json.dumps(dict(intent.issued))}
        connection.execute(sa.update(self._batches).where(self._batches.c.id == _id_of(batch)).values(values))

    def settle(self, batch: BatchName, intent: Intent) -> None:
        """Do nothing: what committed is in the journal."""

    def created(self, connection: sa.Connection, own: OwnTable, names: pl.Series) -> pl.DataFrame:
        asked = {_hash_of(_in_table(own, name)): name for name in names.drop_nulls()}
        columns = (self._created.c.id, self._created.c.record_key)
        found = [(asked[row[0]], row[1]) for row in _fetch(connection, self._created, columns, asked)]
        return pl.DataFrame(found, schema={"name": pl.String, "key": pl.String}, orient="row")

    def operations(self, connection: sa.Connection, operation_ids: pl.Series) -> pl.DataFrame:
        asked = {_hash_of(each): each for each in operation_ids.cast(pl.String).drop_nulls()}
        columns = (self._operations.c.id, self._operations.c.state)
        found = [(asked[row[0]], row[1]) for row in _fetch(connection, self._operations, columns, asked)]
        return pl.DataFrame(found, schema=OPERATIONS_SCHEMA, orient="row")

    def note(
        self,
        connection: sa.Connection,
        own: OwnTable,
        plan_id: str,
        operations: Mapping[str, str],
        names: Mapping[str, str],
    ) -> bool:
        return self._note_operations(connection, plan_id, operations) and self._note_names(connection, own, names)

    def _note_operations(self, connection: sa.Connection, plan_id: str, operations: Mapping[str, str]) -> bool:
        known = dict(self.operations(connection, pl.Series(list(operations), dtype=pl.String)).iter_rows())
        table = self._operations
        for operation_id, state in operations.items():
            if operation_id in known:
                still = sa.and_(table.c.id == _hash_of(operation_id), table.c.state == known[operation_id])
                moved = connection.execute(sa.update(table).where(still).values(state=state, plan_id=plan_id))
                if moved.rowcount != 1:
                    return False
        new = {each: state for each, state in operations.items() if each not in known}
        rows = [
            {"id": _hash_of(each), "operation_id": each, "plan_id": plan_id, "state": state}
            for each, state in new.items()
        ]
        if rows:
            connection.execute(sa.insert(table), rows)
        return True

    def _note_names(self, connection: sa.Connection, own: OwnTable, names: Mapping[str, str]) -> bool:
        known = self.created(connection, own, pl.Series(list(names), dtype=pl.String))
        gone = [_hash_of(_in_table(own, name)) for name in known["name"]]
        if gone:
            connection.execute(sa.delete(self._created).where(self._created.c.id.in_(gone)))
        rows = [{"id": _hash_of(_in_table(own, name)), "name": name, "record_key": key} for name, key in names.items()]
        if rows:
            connection.execute(sa.insert(self._created), rows)
        return True


def _fetch(
    connection: sa.Connection, table: sa.Table, columns: tuple[sa.Column[str], ...], ids: Iterable[str]
) -> list[tuple[str, str]]:
    wanted = list(ids)
    found: list[tuple[str, str]] = []
    for start in range(0, len(wanted), IDS_AT_ONCE):
        asked = sa.select(*columns).where(table.c.id.in_(wanted[start : start + IDS_AT_ONCE]))
        found += [(row[0], row[1]) for row in connection.execute(asked)]
    return found


def _in_table(own: OwnTable, name: str) -> str:
    return f"{own.mapping.table}\n{name}"


def _id_of(batch: BatchName) -> str:
    return _hash_of(f"{batch.plan_id}\n{batch.number}\n{batch.run_id}")


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
