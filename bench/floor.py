"""The floor: what no import that reads the file, reads the target and writes the changes can do without.

One polars read of the file, the fastest read known to us of the same target rows into Arrow,
and the bare bulk write of the changes. Nothing is checked, compared, kept or read back.
"""

import io
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
import psycopg
import sqlalchemy as sa

from bench.measuring import Stage, timed
from bench.scenario import Scenario, changes_of
from infra.databases.bulk import SQL_TYPES, fetch_rows, polars_schema
from infra.databases.database import open_database, reading, writing

_WRITTEN = "floor_changes"


def run_floor(file: Path, url: str, scenario: Scenario) -> list[Stage]:
    """Do the three pieces of work that are the floor, on a copy of the target at *url*."""
    changes = changes_of(scenario)
    is_postgres = url.startswith("postgresql")
    stages: list[Stage] = []
    with timed(stages, "read file"):
        pl.read_csv(file, infer_schema=False)
    stages.append(fastest_read(url, scenario))
    _make_table(url, changes)
    with timed(stages, "write changes"):
        (_copy if is_postgres else _executemany)(url, changes)
    return stages


def fastest_read(url: str, scenario: Scenario) -> Stage:
    """Read the target in every way that there is, and return the fastest."""
    tried: list[Stage] = []
    for read in _POSTGRES if url.startswith("postgresql") else _SQLITE:
        with timed(tried, "read target"):
            read(url, scenario)
    return min(tried, key=lambda stage: stage.seconds)


def _select(scenario: Scenario) -> str:
    return f"SELECT {', '.join(scenario.columns)} FROM {scenario.table.name}"


def _columns(scenario: Scenario) -> list[sa.Column[Any]]:
    return [scenario.table.c[name] for name in scenario.columns]


def _read_by_copy(url: str, scenario: Scenario) -> pl.DataFrame:
    statement = f"COPY ({_select(scenario)}) TO STDOUT (FORMAT csv, HEADER)"
    schema = polars_schema(_columns(scenario))
    with psycopg.connect(_address(url)) as connection, connection.cursor().copy(statement.encode()) as copy:
        return pl.read_csv(io.BytesIO(b"".join(copy)), schema=schema)


def _read_by_adbc_postgres(url: str, scenario: Scenario) -> pl.DataFrame:
    with adbc_driver_postgresql.dbapi.connect(_address(url)) as connection, connection.cursor() as cursor:
        cursor.execute(_select(scenario))
        return pl.DataFrame(cursor.fetch_arrow())


def _read_by_adbc_sqlite(url: str, scenario: Scenario) -> pl.DataFrame:
    with adbc_driver_sqlite.dbapi.connect(_address(url)) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": 65_536})
        cursor.execute(_select(scenario))
        return pl.DataFrame(cursor.fetch_arrow())


def _read_by_lists(url: str, scenario: Scenario) -> pl.DataFrame:
    with reading(open_database(url)) as connection:
        return fetch_rows(connection, _columns(scenario), scenario.table, scenario.table)


_SQLITE: Sequence[Callable[[str, Scenario], object]] = (_read_by_lists, _read_by_adbc_sqlite)
_POSTGRES: Sequence[Callable[[str, Scenario], object]] = (_read_by_lists, _read_by_copy, _read_by_adbc_postgres)


def _address(url: str) -> str:
    """Return what a driver calls the database at *url*."""
    return url.replace("+psycopg", "") if url.startswith("postgresql") else str(sa.make_url(url).database)


def _make_table(url: str, rows: pl.DataFrame) -> None:
    columns = [sa.Column(name, SQL_TYPES[type(dtype)]) for name, dtype in rows.schema.items()]
    engine = open_database(url)
    with writing(engine) as connection:
        sa.Table(_WRITTEN, sa.MetaData(), *columns).create(connection)
    engine.dispose()


def _copy(url: str, changes: pl.DataFrame) -> None:
    statement = f"COPY {_WRITTEN} FROM STDIN (FORMAT csv)".encode()
    with psycopg.connect(_address(url)) as connection, connection.cursor().copy(statement) as copy:
        copy.write(changes.write_csv(include_header=False))


def _executemany(url: str, changes: pl.DataFrame) -> None:
    marks = ", ".join("?" * changes.width)
    with sqlite3.connect(_address(url)) as connection:
        connection.executemany(f"INSERT INTO {_WRITTEN} VALUES ({marks})", changes.iter_rows())
    connection.close()
