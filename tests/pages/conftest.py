"""A desk of a test's own: its application over a real ledger, a real store and a real Prefect server."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.children import run_child
from tests.pages.desks import OpenDesk, deploy, open_desk


@pytest.fixture(scope="session")
def deployed(stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The stack, with the deployments that the desk starts."""
    ended = run_child(deploy, stack, tmp_path_factory.mktemp("deploy") / "said")
    assert ended.code == 0, ended
    return stack


@pytest.fixture
def opened(deployed: Mapping[str, str], seeds: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk with nobody in it."""
    with open_desk(deployed, seeds, tmp_path) as desk:
        yield desk
