"""Every target the contract suite runs against; each test gets it empty."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.connectors import Connector
from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import writing
from infra.databases.foreign import open_foreign
from infra.migrations.migrate import migrate
from schemas.problems import Refused
from tests.connectors.lightspeed_shop import Shop, open_shop
from tests.connectors.own_tables import JournalKind, empty_journal, make_tables, new_sqlite, own_database
from tests.databases import new_database, open_database
from tests.mariadb import temporary_mariadb
from tests.parts import temporary_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.Engine]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(temporary_postgres())
        except Refused as problem:
            pytest.skip(f"No PostgreSQL to test with: {problem}")
        engine = open_database(url)
        migrate(engine, "target")
        yield engine
        engine.dispose()


@pytest.fixture
def postgres(postgres_server: sa.Engine) -> sa.Engine:
    """The database of an empty target on PostgreSQL."""
    with writing(postgres_server) as connection:
        for table in reversed(TARGET.sorted_tables):
            connection.execute(sa.delete(table))
    return postgres_server


@pytest.fixture
def sqlite(tmp_path: Path) -> sa.Engine:
    """The database of an empty target on SQLite."""
    return new_database(tmp_path / "target.sqlite", "target")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> sa.Engine:
    return request.getfixturevalue(request.param)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A Lightspeed without gift cards."""
    with open_shop(tmp_path) as shop:
        yield shop


@pytest.fixture(scope="session")
def own_postgres_server() -> Iterator[str]:
    with ExitStack() as stack:
        yield _entered(stack, temporary_postgres(), "PostgreSQL")


@pytest.fixture(scope="session")
def own_mariadb_server() -> Iterator[str]:
    with ExitStack() as stack:
        yield _entered(stack, temporary_mariadb(), "MariaDB")


def _entered(stack: ExitStack, server: AbstractContextManager[str], name: str) -> str:
    try:
        return stack.enter_context(server)
    except Refused as problem:
        if os.environ.get("CI"):  # there it is installed: a skip would say that all is well
            raise
        pytest.skip(f"No {name} to test with: {problem}")


OWN_DATABASES = ["own_sqlite", "own_postgres", "own_mariadb"]


@pytest.fixture
def own_sqlite(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = new_sqlite(tmp_path)
    make_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def own_postgres(own_postgres_server: str) -> sa.Engine:
    return _emptied(own_postgres_server)


@pytest.fixture
def own_mariadb(own_mariadb_server: str) -> sa.Engine:
    return _emptied(own_mariadb_server)


def _emptied(url: str) -> sa.Engine:
    engine = open_foreign(url)
    make_tables(engine)
    empty_journal(engine)
    return engine


@pytest.fixture(params=OWN_DATABASES)
def own_engine(request: pytest.FixtureRequest) -> sa.Engine:
    """A shop's own database, its tables empty, without any of ours."""
    return request.getfixturevalue(request.param)


JOURNALS: list[JournalKind] = ["database", "bucket"]
TARGETS = ["memory", "sqlite", "postgres", *(f"{name} {kind}" for name in OWN_DATABASES for kind in JOURNALS)]


@pytest.fixture(params=TARGETS)
def own_target(request: pytest.FixtureRequest) -> Connector:
    """An empty target of our own shape: of any currency and status, where what was removed is gone."""
    return _opened(request, request.param)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def stock_target(request: pytest.FixtureRequest) -> Connector:
    """An empty target that keeps stock."""
    return _opened(request, request.param)


@pytest.fixture(params=[*TARGETS, "lightspeed_x"])
def target(request: pytest.FixtureRequest) -> Connector:
    """An empty target; some know one currency and issue only cards that can be used."""
    return _opened(request, request.param)


def _opened(request: pytest.FixtureRequest, called: str) -> Connector:
    if called == "memory":
        return MemoryTarget()
    if called == "lightspeed_x":
        return request.getfixturevalue("shop").connect()
    name, _, kind = called.partition(" ")
    engine = request.getfixturevalue(name)
    return own_database(engine, kind) if kind else SqlTarget(engine)
