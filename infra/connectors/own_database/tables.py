"""The user's table as the database describes it, with the mapping that belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from infra.connectors.own_database.exact_text import ExactText
from infra.connectors.own_database.mapping import ColumnMapping, Now, TableMapping
from infra.connectors.own_database.values import Unmapped
from schemas.domain import Resource
from schemas.problems import SettingsNeedFixing
from tasks.core.reading.currencies import minor_digits

Raw = dict[str, Any]
"""A row as the driver gives it, by their column names."""
_SQLITE_DIGITS = 15
"""SQLite makes a number of the text of a decimal where that loses none of so many digits."""


@dataclass(frozen=True, kw_only=True)
class OwnTable:
    """A table, its mapping, and the resource whose records it holds. *ignores_case*: its key's own comparison does."""

    table: sa.Table
    mapping: TableMapping
    resource: Resource
    ignores_case: bool

    @property
    def key(self) -> sa.Column[Any]:
        return self.table.c[self.mapping.key.column]

    @property
    def numbered(self) -> bool:
        """Whether keys are numbers in the table."""
        return isinstance(self.key.type, sa.Integer)

    def selected(self) -> list[sa.Label[Any]]:
        """Return what is read of a row: the key and every column that the mapping names, as they are stored."""
        names = [self.mapping.key.column, *(each.column for each in self.mapping.stored().values())]
        return [as_stored(self.table.c[name]).label(name) for name in names]

    def digits(self, unit: object) -> int:
        """Return how many decimals amounts of a currency have.

        Raises:
            Unmapped: It is no currency.
        """
        if not self.resource.unit:
            return 0
        text = str(unit)
        if len(text) != 3 or not text.isascii() or not text.isupper():
            raise Unmapped("a currency that is no ISO 4217 code, such as EUR")
        return minor_digits(text)


def is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String)


def as_stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return what is selected to see a column as it is: no rounding, no padding, nothing made of it."""
    if is_text(column):
        return sa.cast(column, sa.Text) if _is_postgres_type(column) else column
    return sa.type_coerce(column, sa.types.NullType())


def _is_postgres_type(column: sa.Column[Any]) -> bool:
    return bool(column.table.info.get("postgresql"))


def equals(column: sa.Column[Any], value: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Compare a column with a value as it was read, null with null, texts byte by byte."""
    if is_text(column):
        return ExactText(column).is_not_distinct_from(ExactText(value))
    return column.is_not_distinct_from(value)


def parameter(column: sa.Column[Any], name: str) -> sa.BindParameter[Any]:
    """Return the place of a value of a column, typed so that the driver neither rounds nor guesses."""
    if column.table.info.get("sqlite"):
        return sa.bindparam(name, type_=sa.types.NullType())
    return sa.bindparam(name, type_=sa.Text() if is_text(column) and not _is_enum(column) else column.type)


def _is_enum(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Enum)


def fitted(column: sa.Column[Any], value: object) -> Any:
    """Return a value as the driver of the column's database takes it.

    Raises:
        Unmapped: The database cannot hold it exactly.
    """
    if isinstance(value, Now):
        value = datetime.now(value.zone)
    if isinstance(value, datetime) and not getattr(column.type, "timezone", False):
        value = value.replace(tzinfo=None)
    if not column.table.info.get("sqlite"):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > _SQLITE_DIGITS:
        raise Unmapped("SQLite has no exact decimals of so many digits")
    return str(value) if isinstance(value, Decimal | date) else value


def open_table(engine: sa.Engine, mapping: TableMapping, resource: Resource) -> OwnTable:
    """Read how the database describes the table, and see that the mapping fits it.

    Raises:
        SettingsNeedFixing: It does not, with all that is wrong.
    """
    own = describe_table(engine, mapping, resource)
    if wrong := list(misfits(engine, own)):
        raise SettingsNeedFixing(f"The mapping of {mapping.table} does not fit the table: {' '.join(wrong)}")
    return own


def describe_table(engine: sa.Engine, mapping: TableMapping, resource: Resource) -> OwnTable:
    """Read how the database describes the table.

    Raises:
        SettingsNeedFixing: There is no such table, or it lacks columns that the mapping names.
    """
    schema, name = mapping.place
    inspector = sa.inspect(engine)
    if name in inspector.get_view_names(schema):
        raise SettingsNeedFixing(
            f"{mapping.table} is a view, and writes to it may not stick. Name the table behind it."
        )
    if name not in inspector.get_table_names(schema):
        raise SettingsNeedFixing(f"There is no table {mapping.table}, or the user may not see it. Correct `table`.")
    table = sa.Table(name, sa.MetaData(), schema=schema, autoload_with=engine, resolve_fks=False)
    table.info[engine.dialect.name] = True
    named = [mapping.key.column, *(each.column for each in mapping.stored().values()), *mapping.create, *mapping.update]
    if missing := sorted({each for each in named if each not in table.c}):
        raise SettingsNeedFixing(
            f"{mapping.table} has no column {' and no '.join(missing)}. It has: {', '.join(table.c.keys())}."
        )
    ignores_case = _ignores_case(engine, table.c[mapping.key.column])
    return OwnTable(table=table, mapping=mapping, resource=resource, ignores_case=ignores_case)


def _ignores_case(engine: sa.Engine, column: sa.Column[Any]) -> bool:
    """Tell whether the database itself takes gc1 for GC1 in *column*; then its index finds any spelling."""
    if engine.dialect.name not in ("mysql", "mssql"):
        return False
    places = sa.text(
        "SELECT COLLATION_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = :name AND COLUMN_NAME = :column "
        "AND TABLE_SCHEMA = COALESCE(:schema, TABLE_SCHEMA)"
    )
    own = {"name": column.table.name, "column": column.name, "schema": getattr(column.table, "schema", None)}
    with engine.connect() as connection:
        collations = [str(each).lower() for each in connection.scalars(places, own)]
    return bool(collations) and all("_ci" in each for each in collations)


def misfits(engine: sa.Engine, own: OwnTable) -> Iterator[str]:
    """Yield why the table cannot be written safely by this mapping, each with what would be right."""
    yield from _misfits_of_key(engine, own)
    for ours, mapped in own.mapping.stored().items():
        yield from _misfits_of(own, ours, mapped)
    yield from _never_filled(own)
    if engine.dialect.name == "mysql":
        schema, name = own.mapping.place
        stored_by = sa.inspect(engine).get_table_options(name, schema).get("mysql_engine", "InnoDB")
        if str(stored_by).lower() != "innodb":
            yield f"It is stored by {stored_by}, which cannot take back half a batch: ALTER TABLE .. ENGINE=InnoDB."


def _misfits_of_key(engine: sa.Engine, own: OwnTable) -> Iterator[str]:
    name, (schema, table) = own.mapping.key.column, own.mapping.place
    inspector = sa.inspect(engine)
    hidden = {"include_auto_indexes": True} if engine.dialect.name == "sqlite" else {}
    unique = [set(each["column_names"]) for each in inspector.get_unique_constraints(table, schema)]
    for index in inspector.get_indexes(table, schema, **hidden):
        whole = not any(name.endswith("_where") for name in index.get("dialect_options", {}))
        unique += [{str(column) for column in index["column_names"]}] if index["unique"] and whole else []
    unique.append(set(inspector.get_pk_constraint(table, schema)["constrained_columns"]))
    if {name} not in unique:
        yield f"Its key {name} may be there twice: CREATE UNIQUE INDEX on {own.mapping.table} ({name})."
    if not isinstance(own.key.type, sa.Integer | sa.String):
        yield f"Its key {name} is {own.key.type}, neither a text nor a whole number. Name another."
    if own.mapping.key.issued_by == "database" and own.key is not own.table.autoincrement_column:
        yield f'{name} is no column that the database numbers: issued_by = "file", or name another.'


def _misfits_of(own: OwnTable, ours: str, mapped: ColumnMapping) -> Iterator[str]:
    column = own.table.c[mapped.column]
    kinds = _KINDS[mapped.stored_as]
    if column.computed is not None or column.identity is not None:
        yield f"{column.name} is made by the database itself; a write to it would not stick. Map {ours} elsewhere."
    if isinstance(column.type, sa.Float):
        yield f"{column.name} is {column.type}, which rounds: make it a DECIMAL, or map {ours} elsewhere."
    elif not isinstance(column.type, kinds):
        yield f'{column.name} is {column.type}, which does not go with stored_as = "{mapped.stored_as}".'
    elif mapped.stored_as == "decimal" and not _has_room(own, column):
        yield f"{column.name} is {column.type}, which has no place for cents."
    if isinstance(column.type, sa.TIMESTAMP) and own.table.info.get("mysql") and mapped.time_zone != "UTC":
        yield f'{column.name} is a TIMESTAMP, which we read in UTC: time_zone = "UTC".'
    if column.nullable is False and mapped.blank == "null" and mapped.stored_as == "text":
        yield f'{column.name} is NOT NULL: blank = "empty".'


def _has_room(own: OwnTable, column: sa.Column[Any]) -> bool:
    scale = getattr(column.type, "scale", None)
    needed = own.digits(own.mapping.constants().get(own.resource.unit, "EUR"))
    return own.table.info.get("sqlite", False) or scale is None or scale >= needed


def _never_filled(own: OwnTable) -> Iterator[str]:
    """Yield the columns that a new record must fill and nobody does."""
    filled = {each.column for each in own.mapping.stored().values()} | set(own.mapping.create)
    for column in own.table.c:
        given = column.nullable or column.server_default is not None or column is own.table.autoincrement_column
        if not (given or column is own.key or column.name in filled):
            yield f"New records must fill {column.name}: say with what, under [create]."


_KINDS: dict[str, tuple[type[Any], ...]] = {
    "text": (sa.String, sa.Integer),
    "decimal": (sa.Numeric,),
    "minor_units": (sa.Integer, sa.Numeric),
    "whole_number": (sa.Integer,),
    "words": (sa.String, sa.Integer, sa.Boolean),
    "date": (sa.Date,),
    "moment": (sa.DateTime,),
}
