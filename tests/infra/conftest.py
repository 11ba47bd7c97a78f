"""Servers shared by the tests of this folder."""

from collections.abc import Iterator

import pytest

from infra.settings import Settings
from infra.storage import Storage, connect_storage
from tests.parts import seaweedfs


@pytest.fixture(scope="session")
def s3_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running S3 store."""
    with seaweedfs(tmp_path_factory.mktemp("s3")) as reached:
        yield reached


@pytest.fixture(scope="session")
def s3(s3_settings: Settings) -> Storage:
    """The store, connected."""
    return connect_storage(s3_settings)
