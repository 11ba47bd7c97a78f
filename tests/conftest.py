"""What several folders of tests share."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pygal  # noqa: F401 - its hook for imports is of a form that pytest cannot ask
import pytest
from hypothesis import settings

from infra.migrations.versions import Tree
from tests.databases import new_database
from tests.desk import Desk, open_desk
from tests.stack_fixture import stack

__all__ = ["stack"]

sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]

# The same examples each time, so that what fails fails again: few in the quick profile, many in the thorough one.
# The searching one (--hypothesis-profile=searching) looks elsewhere each time. A machine may be shared: an example that
# takes long says nothing of the code.
settings.register_profile("quick", max_examples=20, derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=300, deadline=None)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger and a till with tables and nothing in them."""
    folder = tmp_path_factory.mktemp("seeds")
    for name in get_args(Tree):
        new_database(folder / f"{name}.sqlite", name).dispose()
    return folder


@pytest.fixture
def desk(stack: Mapping[str, str], seeds: Path, tmp_path: Path) -> Desk:
    """A desk for one test."""
    return open_desk(stack, seeds, tmp_path)


@pytest.fixture(scope="module")
def shared_desk(stack: Mapping[str, str], seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that the tests of a module share."""
    return open_desk(stack, seeds, tmp_path_factory.mktemp("desk"))
