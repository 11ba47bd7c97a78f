"""Many rows in and out of a database at once, the fastest safe way of each.

In: COPY on PostgreSQL, executemany on SQLite. Out: one JSON list a column and page, which
either database builds faster than its driver hands over single rows. (ADBC is not used on
SQLite: it brings a second copy of the library, and closing a file with one copy drops the
locks that the other holds on it: sqlite.org/howtocorrupt.html, 2.2.1.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import polars as pl
import sqlalchemy as sa

from infra.databases.database import is_postgres

Selected = sa.Column[Any] | sa.Label[Any]
"""A column that is read, under its name."""

PAGE_ROWS = 65_536
PAGE_BLOCKS = 1_000
NULL = r"\N"
_NO_ROWS = (None, "[]")
"""What a list of nothing is, on PostgreSQL and on SQLite."""

SQL_TYPES: Mapping[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {
    pl.String: sa.Text,
    pl.Int64: sa.BigInteger,
    pl.UInt32: sa.BigInteger,
}


def polars_schema(columns: Sequence[Selected]) -> pl.Schema:
    """Return the types in which *columns* are read: text, or whole numbers."""
    return pl.Schema({c.name: pl.Int64 if isinstance(c.type, sa.Integer) else pl.String for c in columns})


def load_rows(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Append *rows*, whose columns are named as the table's."""
    if rows.is_empty():
        return
    if is_postgres(connection):
        _copy(connection, table, rows)
    else:
        marks = ", ".join("?" * rows.width)
        statement = f"INSERT INTO {table.name} ({', '.join(rows.columns)}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.connection.cursor().executemany(statement, rows.iter_rows())  # type: ignore[arg-type]


def _copy(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    text = rows.write_csv(include_header=False, null_value=NULL, quote_style="non_numeric")
    statement = f"COPY {table.name} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
        copy.write(text)


def count_values(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL look at rows just loaded; knowing nothing of them, it joins them one by one."""
    if is_postgres(connection):
        connection.exec_driver_sql(f"ANALYZE {table.name}")


@contextmanager
def staged(connection: sa.Connection, rows: pl.DataFrame, name: str = "counterfoil_stage") -> Iterator[sa.Table]:
    """Lay *rows* into a temporary table that only this connection sees, gone at the end."""
    columns = [sa.Column(column, SQL_TYPES[type(dtype)]) for column, dtype in rows.schema.items()]
    stage = sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    stage.create(connection)
    load_rows(connection, stage, rows)
    count_values(connection, stage)
    yield stage
    stage.drop(connection)  # after an error the roll-back does it


def fetch_rows(
    connection: sa.Connection, columns: Sequence[Selected], source: sa.FromClause, paged_by: sa.Table
) -> pl.DataFrame:
    """Return *columns* of *source* in no promised order, as ``fetch_pages`` does some at a time."""
    return pl.concat(fetch_pages(connection, columns, source, paged_by))


def fetch_pages(
    connection: sa.Connection, columns: Sequence[Selected], source: sa.FromClause, paged_by: sa.Table
) -> Iterator[pl.DataFrame]:
    """Yield *columns* of *source* in no promised order, some rows at a time; first a frame without any.

    *paged_by* is the table of *source* whose pages are asked for one by one, so that neither
    side ever holds the whole as text. Read within one ``reading`` or ``writing``.
    """
    return fetch_each(connection, columns, source, _pages(connection, paged_by))


def fetch_each(
    connection: sa.Connection,
    columns: Sequence[Selected],
    source: sa.FromClause,
    conditions: Iterable[sa.ColumnElement[bool] | sa.TextClause],
) -> Iterator[pl.DataFrame]:
    """Yield *columns* of *source*, first a frame without any row, then those where each of *conditions* holds."""
    schema = polars_schema(columns)
    yield schema.to_frame()
    lists = sa.select(*(_as_list(connection, column) for column in columns)).select_from(source)
    with ThreadPoolExecutor(1) as parser:  # one page is parsed while the next is fetched
        parsing: Future[pl.DataFrame] | None = None
        for condition in conditions:
            texts = tuple(connection.execute(lists.where(condition)).one())
            if texts[0] in _NO_ROWS:
                continue
            before, parsing = parsing, parser.submit(_parse, texts, schema)
            if before:
                yield before.result()
        if parsing:
            yield parsing.result()


def _as_list(connection: sa.Connection, column: Selected) -> sa.ColumnElement[str]:
    if is_postgres(connection):
        return sa.cast(sa.func.array_to_json(sa.func.array_agg(column)), sa.Text)
    return sa.func.json_group_array(column)


def _parse(lists: Sequence[str], schema: pl.Schema) -> pl.DataFrame:
    columns = zip(lists, schema.items(), strict=True)
    return pl.DataFrame(
        [pl.Series(name, [text]).str.json_decode(pl.List(dtype)).explode() for text, (name, dtype) in columns]
    )


def _pages(connection: sa.Connection, table: sa.Table) -> list[sa.TextClause]:
    """Return conditions that cut *table* into parts, by where its rows lie."""
    if is_postgres(connection):
        blocks = connection.scalar(sa.text(f"SELECT pg_relation_size('{table.name}') / 8192")) or 0
        spans = [(start, start + PAGE_BLOCKS) for start in range(0, int(blocks), PAGE_BLOCKS)]
        return [sa.text(f"{table.name}.ctid >= '({a},0)' AND {table.name}.ctid < '({b},0)'") for a, b in spans]
    last = connection.scalar(sa.text(f"SELECT max(rowid) FROM {table.name}")) or 0  # noqa: S608 - our own names
    return [
        sa.text(f"{table.name}.rowid BETWEEN {start} AND {start + PAGE_ROWS - 1}")
        for start in range(1, last + 1, PAGE_ROWS)
    ]


def count_about(connection: sa.Connection, table: sa.Table) -> int:
    """Return roughly how many rows *table* holds, at no cost; 0 where nobody counted yet."""
    if is_postgres(connection):
        estimate = sa.text("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)")
        return max(0, int(connection.scalar(estimate, {"name": table.name}) or 0))
    return connection.scalar(sa.text(f"SELECT max(rowid) FROM {table.name}")) or 0  # noqa: S608 - our own names
