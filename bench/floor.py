"""The floor: what no import that reads the file, reads the target and writes the changes can do without.

One polars read of the file, the fastest read known to us of the same target rows into Arrow,
and the bare bulk write of the changes. Nothing is checked, compared, kept or read back.
"""

import io
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
import psycopg
import sqlalchemy as sa

from bench.cards import Scenario, changed_cards
from bench.measuring import Stage, timed
from infra.bulk import fetch_rows
from infra.database import open_database, reading
from infra.tables import GIFT_CARDS

_COLUMNS = "number, currency, balance_cents, status"
_TABLE = "CREATE TABLE floor_changes (number TEXT, balance_cents BIGINT)"


def run_floor(file: Path, url: str, scenario: Scenario) -> list[Stage]:
    """Do the three pieces of work that are the floor, on a copy of the target at *url*."""
    changes = changed_cards(scenario)
    is_postgres = url.startswith("postgresql")
    stages: list[Stage] = []
    with timed(stages, "read file"):
        pl.read_csv(file)
    stages.append(_fastest(url, _POSTGRES if is_postgres else _SQLITE))
    with timed(stages, "write changes"):
        (_copy if is_postgres else _executemany)(url, changes)
    return stages


def _fastest(url: str, readers: Sequence[Callable[[str], object]]) -> Stage:
    tried: list[Stage] = []
    for read in readers:
        with timed(tried, "read target"):
            read(url)
    return min(tried, key=lambda stage: stage.seconds)


def _read_by_copy(url: str) -> pl.DataFrame:
    statement = f"COPY (SELECT {_COLUMNS} FROM gift_cards) TO STDOUT (FORMAT csv, HEADER)"
    address = url.replace("+psycopg", "")
    with psycopg.connect(address) as connection, connection.cursor().copy(statement.encode()) as copy:
        return pl.read_csv(io.BytesIO(b"".join(copy)), schema_overrides={"number": pl.String})


def _read_by_adbc_postgres(url: str) -> pl.DataFrame:
    address = url.replace("+psycopg", "")
    with adbc_driver_postgresql.dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM gift_cards")
        return pl.DataFrame(cursor.fetch_arrow())


def _read_by_adbc_sqlite(url: str) -> pl.DataFrame:
    address = str(sa.make_url(url).database)
    with adbc_driver_sqlite.dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": 65_536})
        cursor.execute(f"SELECT {_COLUMNS} FROM gift_cards")
        return pl.DataFrame(cursor.fetch_arrow())


def _read_by_lists(url: str) -> pl.DataFrame:
    columns = [GIFT_CARDS.c[name] for name in _COLUMNS.split(", ")]
    with reading(open_database(url)) as connection:
        return fetch_rows(connection, columns, GIFT_CARDS, GIFT_CARDS)


_SQLITE = (_read_by_lists, _read_by_adbc_sqlite)
_POSTGRES = (_read_by_lists, _read_by_copy, _read_by_adbc_postgres)


def _copy(url: str, changes: pl.DataFrame) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(b"COPY floor_changes FROM STDIN (FORMAT csv)") as copy:
            copy.write(changes.write_csv(include_header=False))


def _executemany(url: str, changes: pl.DataFrame) -> None:
    with sqlite3.connect(str(sa.make_url(url).database)) as connection:
        connection.execute(_TABLE)
        connection.executemany("INSERT INTO floor_changes VALUES (?, ?)", changes.iter_rows())
    connection.close()
