"""Records of a database, read: all of them, those of some keys, and what they add up to."""

from collections.abc import Iterator

import polars as pl
import sqlalchemy as sa

from infra.connectors import NONE_ISSUED
from infra.connectors.outcomes import folded
from infra.connectors.sql.statements import same_key
from infra.connectors.sql.tables import OPERATIONS
from infra.databases.bulk import Selected, count_about, fetch_pages, fetch_rows, polars_schema, staged
from schemas.domain import Resource
from schemas.records import Total

WHOLE_TABLE_SHARE = 0.1
"""From this share of a table on, reading all of it is faster than looking its keys up."""


def read(connection: sa.Connection, table: sa.Table, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
    """Return the records of *keys*, or all there are."""
    if keys is None:
        return _read_all(connection, table, resource)
    wanted = folded(keys)
    if wanted.len() <= WHOLE_TABLE_SHARE * count_about(connection, table):
        return look_up(connection, table, resource, wanted)
    every = _read_all(connection, table, resource)
    return every.join(
        wanted.to_frame("key"), how="semi", left_on=pl.col(resource.key).str.to_lowercase(), right_on="key"
    )


def issued(connection: sa.Connection, table: sa.Table, resource: Resource, names: pl.Series) -> pl.DataFrame:
    """Return ``name, key`` of the records that were created under *names*."""
    if "created_as" not in table.c or names.is_empty():
        return NONE_ISSUED
    key = sa.cast(table.c[resource.key], sa.Text).label("key")
    with staged(connection, names.alias("name").to_frame()) as stage:
        found = stage.join(table, table.c.created_as == stage.c.name)
        return fetch_rows(connection, [stage.c.name, key], found, stage)


def totals(connection: sa.Connection, table: sa.Table, resource: Resource) -> tuple[Total, ...]:
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


def key_is_number(table: sa.Table, resource: Resource) -> bool:
    return isinstance(table.c[resource.key].type, sa.Integer)


def _columns(table: sa.Table, resource: Resource) -> list[Selected]:
    """Return what is read of a record; its key is text everywhere but in its own table."""
    key = sa.cast(table.c[resource.key], sa.Text) if key_is_number(table, resource) else table.c[resource.key]
    return [key.label(resource.key), *(table.c[column] for column in resource.columns)]


def as_keys(table: sa.Table, resource: Resource, keys: pl.Series) -> pl.Series:
    """Return *keys* as their column holds them; what cannot be a number is no key of such a table."""
    return keys.cast(pl.Int64, strict=False).drop_nulls() if key_is_number(table, resource) else keys


def read_parts(connection: sa.Connection, table: sa.Table, resource: Resource) -> Iterator[pl.DataFrame]:
    """Yield all records, some at a time."""
    return fetch_pages(connection, _columns(table, resource), table, table)


def _read_all(connection: sa.Connection, table: sa.Table, resource: Resource) -> pl.DataFrame:
    return fetch_rows(connection, _columns(table, resource), table, table)


def look_up(connection: sa.Connection, table: sa.Table, resource: Resource, keys: pl.Series) -> pl.DataFrame:
    with staged(connection, as_keys(table, resource, keys).alias("key").to_frame()) as stage:
        found = stage.join(table, same_key(table.c[resource.key], stage.c.key))
        return fetch_rows(connection, _columns(table, resource), found, stage)


def look_up_created(connection: sa.Connection, table: sa.Table, resource: Resource, names: pl.Series) -> pl.DataFrame:
    """Return the records that were created under *names*, with these for keys."""
    columns = [table.c.created_as, *(table.c[column] for column in resource.columns)]
    with staged(connection, names.alias("name").to_frame()) as stage:
        found = stage.join(table, table.c.created_as == stage.c.name)
        return fetch_rows(connection, columns, found, stage).rename({"created_as": resource.key})


def recorded(connection: sa.Connection, operation_ids: pl.Series) -> pl.DataFrame:
    """Return ``operation_id, state`` of those recorded."""
    asked = operation_ids.cast(pl.String).drop_nulls().unique().alias("operation_id").to_frame()
    columns = [OPERATIONS.c.operation_id, OPERATIONS.c.state]
    if asked.is_empty():
        return polars_schema(columns).to_frame()
    with staged(connection, asked) as stage:
        known = stage.join(OPERATIONS, OPERATIONS.c.operation_id == stage.c.operation_id)
        return fetch_rows(connection, columns, known, stage)
