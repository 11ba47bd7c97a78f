"""Files of a run between one step and the next."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from infra.artifacts.run_files import cache_for_next_step, load_bytes, save_frame, save_parts
from infra.context import opened
from infra.recent_files import RecentFiles
from infra.settings import Settings
from infra.systems import systems_of
from schemas.file_names import TAKEN_FOR_FREE
from schemas.records import Artifact

FILE = Artifact(name="source.csv", key="runs/r/source.csv", sha256="abc", size_bytes=4)


class Empty:
    """A store that has nothing, and says so."""

    def get(self, key: str, _sha256: str) -> bytes:
        raise LookupError(key)


@pytest.fixture(autouse=True)
def no_store() -> Iterator[None]:
    """Let nothing be fetched, and everything pass for large."""
    empty: Any = Empty
    with opened(replace(systems_of(Settings()), storage=empty, recent_files=RecentFiles(most_bytes=3))):
        yield


def test_a_large_file_is_handed_to_the_next_step_once_and_then_let_go_of():
    cache_for_next_step(FILE, b"text")
    assert load_bytes(FILE) == b"text"
    with pytest.raises(LookupError):
        load_bytes(FILE)


def test_only_the_last_large_file_is_kept():
    cache_for_next_step(FILE, b"text")
    cache_for_next_step(Artifact(name="o", key="o", sha256="def", size_bytes=4), b"more")
    with pytest.raises(LookupError):
        load_bytes(FILE)


@pytest.mark.parametrize(
    "columns",
    [
        {"upc": ["1"]},
        {"customer_id": ["7"], "upc": [1]},
        {"customer_id": ["7"], "upc": ["1"], "name": ["Ann"]},
    ],
)
def test_a_frame_with_other_columns_than_its_file_is_declared_with_is_not_stored(columns: dict[str, Any]):
    frame = pl.DataFrame(columns)
    with pytest.raises(RuntimeError, match=r"^taken-for-free.parquet would have other .*: (customer_id|upc|name)"):
        save_frame("r", TAKEN_FOR_FREE, frame)
    with pytest.raises(RuntimeError, match="other columns"):
        save_parts("r", TAKEN_FOR_FREE, [frame])
