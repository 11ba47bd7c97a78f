"""Every target the contract suite runs against; each test gets it empty."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.connectors import Connector
from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import writing
from infra.migrations.migrate import migrate
from schemas.problems import Refused
from tests.connectors.lightspeed_shop import Shop, open_shop
from tests.databases import open_database
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
    engine = open_database(f"sqlite:///{tmp_path / 'target.sqlite'}")
    migrate(engine, "target")
    return engine


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> sa.Engine:
    return request.getfixturevalue(request.param)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A Lightspeed without gift cards."""
    with open_shop(tmp_path) as shop:
        yield shop


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def own_target(request: pytest.FixtureRequest) -> Connector:
    """An empty target of our own shape: of any currency and status, where what was removed is gone."""
    if request.param == "memory":
        return MemoryTarget()
    return SqlTarget(request.getfixturevalue(request.param))


@pytest.fixture(params=["memory", "sqlite", "postgres", "lightspeed_x"])
def target(request: pytest.FixtureRequest) -> Connector:
    """An empty target; some know one currency and issue only cards that can be used."""
    if request.param == "memory":
        return MemoryTarget()
    if request.param == "lightspeed_x":
        return request.getfixturevalue("shop").connect()
    return SqlTarget(request.getfixturevalue(request.param))
