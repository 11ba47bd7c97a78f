"""A shop for the crash tests, on each database."""

import shutil
from collections.abc import Iterator, Mapping

import pytest
import sqlalchemy as sa

from schemas.problems import Refused
from tests.crash.shop import Shop, drop_files, fill
from tests.databases import open_database
from tests.parts import temporary_postgres


@pytest.fixture(scope="session")
def sqlite_shop(stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose databases are files."""
    folder = tmp_path_factory.mktemp("crash-sqlite")
    fill(f"sqlite:///{folder}/ledger.sqlite", f"sqlite:///{folder}/target.sqlite")
    drop_files(stack)

    def copy(name: str, template: str = ".") -> Mapping[str, str]:
        (folder / name).mkdir()
        for database in ("ledger", "target"):
            shutil.copy(folder / template / f"{database}.sqlite", folder / name)
        return {database: f"sqlite:///{folder}/{name}/{database}.sqlite" for database in ("ledger", "target")}

    return Shop(environment=stack, folder=folder, copy=copy)


@pytest.fixture(scope="session")
def postgres_shop(stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose ledger and till are in one PostgreSQL database."""
    try:
        with temporary_postgres() as server:
            drop_files(stack)
            url = sa.make_url(server)
            _make_database(url, "CREATE DATABASE seed")
            fill(_of(url, "seed"), _of(url, "seed"))

            folder = tmp_path_factory.mktemp("crash-postgres")

            def copy(name: str, template: str = "seed") -> Mapping[str, str]:
                (folder / name).mkdir()
                _make_database(url, f"CREATE DATABASE {name} TEMPLATE {template}")
                return {"ledger": _of(url, name), "target": _of(url, name)}

            yield Shop(environment=stack, folder=folder, copy=copy)
    except Refused as problem:
        pytest.skip(f"No PostgreSQL to test with: {problem}")


def _of(server: sa.URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


def _make_database(server: sa.URL, statement: str) -> None:
    engine = open_database(server.render_as_string(hide_password=False))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
