"""Servers shared by the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.databases.database import writing
from infra.ledger import Ledger
from infra.ledger.desk_tables import AUDIT
from infra.ledger.tables import LEDGER
from infra.migrations.migrate import migrate
from infra.settings import Settings
from infra.storage import Storage, connect_storage
from schemas.problems import Refused
from tests.databases import new_database, open_database
from tests.parts import seaweedfs, temporary_postgres


@pytest.fixture(scope="session")
def s3_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running S3 store."""
    with seaweedfs(tmp_path_factory.mktemp("s3")) as reached:
        yield reached


@pytest.fixture(scope="session")
def s3(s3_settings: Settings) -> Storage:
    """The store, connected."""
    return connect_storage(s3_settings)


@pytest.fixture(scope="session")
def ledger_on_postgres() -> Iterator[str]:
    """A ledger's database on PostgreSQL, where there is one."""
    try:
        with temporary_postgres() as url:
            migrate(open_database(url), "ledger")
            yield url
    except Refused as problem:
        pytest.skip(f"No PostgreSQL to test with: {problem}")


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    """An empty ledger, on either database."""
    if request.param == "sqlite":
        return Ledger(new_database(tmp_path / "ledger.sqlite", "ledger"))
    engine = open_database(request.getfixturevalue("ledger_on_postgres"))
    with writing(engine) as connection:
        for table in reversed(LEDGER.sorted_tables):
            if table is not AUDIT:  # the database lets nobody delete from it
                connection.execute(sa.delete(table))
    return Ledger(engine)
