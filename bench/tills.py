"""Tills to measure against: a database filled once, and a fresh copy of it for every measurement."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import sqlalchemy as sa

from bench.measuring import measure_in_child
from bench.scenario import Scenario
from infra.databases.bulk import load_rows
from infra.databases.database import open_database, writing
from infra.migrations.migrate import migrate
from infra.stack.postgres import postgres


class Tills(Protocol):
    """A database system with tills on it."""

    @property
    def name(self) -> str: ...

    def fill(self, scenario: Scenario) -> None:
        """Make the till of *scenario*, to be copied."""
        ...

    def remove(self, scenario: Scenario) -> None:
        """Remove the till of *scenario*."""
        ...

    def copied(self, scenario: Scenario) -> AbstractContextManager[str]:
        """Yield the URL of a fresh copy, gone afterwards."""
        ...


@dataclass(frozen=True)
class SqliteTills:
    """A file a till."""

    folder: Path
    name: str = "sqlite"

    def fill(self, scenario: Scenario) -> None:
        measure_in_child({}, _fill, f"sqlite:///{self._file(scenario)}", scenario)

    def remove(self, scenario: Scenario) -> None:
        self._file(scenario).unlink()

    @contextmanager
    def copied(self, scenario: Scenario) -> Iterator[str]:
        with _folder_of_copy(self.folder) as folder:
            copy = shutil.copy(self._file(scenario), folder / "copy.sqlite")
            yield f"sqlite:///{copy}"

    def _file(self, scenario: Scenario) -> Path:
        return self.folder / f"{scenario.name}.sqlite"


@contextmanager
def _folder_of_copy(folder: Path) -> Iterator[Path]:
    made = folder / "copy"
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made)


@dataclass(frozen=True)
class PostgresTills:
    """A database a till, on a server of its own that waits for the disk as one in production does."""

    url: str
    name: str = "postgresql"

    def fill(self, scenario: Scenario) -> None:
        self._run(f"CREATE DATABASE {scenario.name}")
        measure_in_child({}, _fill, self._address(scenario.name), scenario)
        self._run(_numbered(scenario), scenario.name)
        self._run("VACUUM ANALYZE", scenario.name)

    def remove(self, scenario: Scenario) -> None:
        self._run(f"DROP DATABASE {scenario.name}")

    @contextmanager
    def copied(self, scenario: Scenario) -> Iterator[str]:
        self._run(f"CREATE DATABASE copy TEMPLATE {scenario.name} STRATEGY FILE_COPY")
        try:
            yield self._address("copy")
        finally:
            self._run("DROP DATABASE copy WITH (FORCE)")

    def _address(self, database: str) -> str:
        return sa.make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str, database: str = "postgres") -> None:
        address = self._address(database).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def _numbered(scenario: Scenario) -> str:
    """Let a till that numbers its records itself go on behind those it was filled with; others take no notice."""
    table, key = scenario.table.name, scenario.columns[0]
    return f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), count(*)) FROM {table}"


@contextmanager
def open_tills(name: str, folder: Path) -> Iterator[Tills]:
    """Yield the tills of the database system *name*."""
    if name == "sqlite":
        yield SqliteTills(folder)
    else:
        with postgres(folder / "cluster", durable=True) as url:
            yield PostgresTills(url)


@contextmanager
def open_databases(kind: str, folder: Path, *names: str) -> Iterator[list[str]]:
    """Yield the addresses of empty databases of these *names*."""
    if kind == "sqlite":
        yield [f"sqlite:///{folder}/{name}.sqlite" for name in names]
        return
    with postgres(folder / "cluster", durable=True) as url:
        server = open_database(url)
        with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in names:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield [sa.make_url(url).set(database=name).render_as_string(hide_password=False) for name in names]


def _fill(url: str, scenario: Scenario) -> None:
    engine = open_database(url)
    migrate(engine, "target")
    with writing(engine) as connection:
        load_rows(connection, scenario.table, scenario.held())
    engine.dispose()
