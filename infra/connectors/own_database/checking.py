"""A mapping tried against its table without writing anything: structure, rights, keys, readable values."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from infra.connectors.own_database.mapping import TableMapping
from infra.connectors.own_database.reading import PART_ROWS
from infra.connectors.own_database.tables import OwnTable, describe_table, is_text, misfits
from infra.connectors.own_database.values import Unmapped, read_value
from infra.databases.database import describe
from infra.databases.errors import translating_errors
from infra.databases.foreign import reading_foreign
from infra.databases.other_errors import is_denial
from schemas.domain import Resource

CHECKED_ROWS = 100_000
"""Records whose values are tried; a larger table is read whole only when it is imported into."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found: how many records there are, what is wrong, and what is good to know."""

    records: int
    wrong: tuple[str, ...]
    notes: tuple[str, ...]


def check_mapping(engine: sa.Engine, mapping: TableMapping, resource: Resource, currency: str) -> Checked:
    """Try a mapping for a shop that counts in *currency* (ISO 4217).

    Raises:
        SettingsNeedFixing: There is no such table, or it lacks columns that the mapping names.
    """
    with translating_errors(describe(engine)):
        own = describe_table(engine, mapping, resource)
        wrong = [*misfits(engine, own), *_without_right(engine, own)]
        with reading_foreign(engine) as connection:
            records = int(connection.scalar(sa.select(sa.func.count()).select_from(own.table)) or 0)
            wrong += [*_keys_alike(connection, own), *_unreadable(connection, own)]
            notes = tuple(_triggers(connection, own))
    return Checked(records=records, wrong=(*wrong, *_other_currency(mapping, resource, currency)), notes=notes)


def _other_currency(mapping: TableMapping, resource: Resource, currency: str) -> Iterator[str]:
    held = mapping.constants().get(resource.unit) if resource.unit else None
    if held not in (None, currency):
        yield f"All records are in {held} there, but the shop's currency is {currency}."


def _keys_alike(connection: sa.Connection, own: OwnTable) -> Iterator[str]:
    missing = connection.scalar(sa.select(sa.func.count()).select_from(own.table).where(own.key.is_(None)))
    if missing:
        yield f"{missing:,} records have no {own.key.name}: none of them can be found."
    if own.numbered:
        return
    alike = sa.select(sa.func.lower(own.key)).group_by(sa.func.lower(own.key)).having(sa.func.count() > 1)
    count = connection.scalar(sa.select(sa.func.count()).select_from(alike.subquery()))
    if count:
        yield f"{count:,} keys differ from another only in letter case: nobody could tell which is meant."


def _unreadable(connection: sa.Connection, own: OwnTable) -> Iterator[str]:
    """Count the records that the mapping cannot read, by column and reason."""
    found: Counter[tuple[str, str]] = Counter()
    query = sa.select(*own.selected()).limit(CHECKED_ROWS)
    rows = connection.execution_options(stream_results=True).execute(query).mappings()
    for part in rows.partitions(PART_ROWS):
        for row in part:
            found.update(_reasons(dict(row), own))
    for (column, why), count in sorted(found.items()):
        yield f"{count:,} records hold, in column {column}, {why}."


def _reasons(row: dict[str, object], own: OwnTable) -> Iterator[tuple[str, str]]:
    stored = own.mapping.stored()
    unit = own.mapping.constants().get(own.resource.unit, "")
    if own.resource.unit in stored:
        unit = str(row[stored[own.resource.unit].column])
    for mapped in stored.values():
        try:
            digits = own.digits(unit) if mapped.stored_as == "decimal" else 0
            read_value(row[mapped.column], mapped, digits)
        except Unmapped as wrong:
            yield mapped.column, str(wrong)


def _without_right(engine: sa.Engine, own: OwnTable) -> Iterator[str]:
    """Yield what the user may not do. EXPLAIN asks for the same rights as the statement, and carries nothing out."""
    if engine.dialect.name == "mssql":
        return
    if engine.dialect.name == "sqlite":
        file = (engine.url.database or "").removeprefix("file:").partition("?")[0]
        if not os.access(file, os.W_OK):
            yield "The file is read-only for this user."
        return
    nothing, column = sa.false(), next(iter([*own.mapping.stored().values()])).column
    set_it = sa.update(own.table).values({column: own.table.c[column]}).where(nothing)
    given = [each for each in own.table.c if each.computed is None]
    insert = sa.insert(own.table).from_select([each.name for each in given], sa.select(*given).where(nothing))
    tried = {"change": set_it, "add": insert, "remove": sa.delete(own.table).where(nothing)}
    for word, statement in tried.items():
        text = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"EXPLAIN {text}")
        except sa.exc.DBAPIError as error:
            if is_denial(error):
                yield f"The user may not {word} records there: let it, or name another in COUNTERFOIL_OWN_DATABASE_URL."


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name",
    "postgresql": "SELECT trigger_name FROM information_schema.triggers WHERE event_object_table = :name",
    "mysql": "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_TABLE = :name",
    "mssql": "SELECT name FROM sys.triggers WHERE parent_id = OBJECT_ID(:name)",
}


def _triggers(connection: sa.Connection, own: OwnTable) -> Iterator[str]:
    query = sa.text(_TRIGGERS[connection.dialect.name])
    names = sorted({str(each) for each in connection.scalars(query, {"name": own.table.name})})
    if names:
        yield f"Triggers run when the table is written: {', '.join(names)}. What they change shows as a discrepancy."
    if is_text(own.key) and not own.ignores_case:
        yield (
            f"The table itself tells gc1 from GC1. A unique index on LOWER({own.key.name}) would keep others "
            "from making both, and make looking up faster."
        )
