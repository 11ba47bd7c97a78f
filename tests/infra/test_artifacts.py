"""Files of a run between one step and the next."""

import pytest

from infra.artifacts import run_files
from schemas.records import Artifact

FILE = Artifact(name="source.csv", key="runs/r/source.csv", sha256="abc", size_bytes=4)


class Empty:
    """A store that has nothing, and says so."""

    def get(self, key: str, _sha256: str) -> bytes:
        raise LookupError(key)


@pytest.fixture
def no_store(monkeypatch):
    """Let nothing be fetched, and everything pass for large."""
    monkeypatch.setattr(run_files, "storage", Empty)
    monkeypatch.setattr(run_files, "_KEPT_BYTES", 3)


def test_a_large_file_is_handed_to_the_next_step_once_and_then_let_go_of(no_store):
    run_files.cache_for_next_step(FILE, b"text")
    assert run_files.load_bytes(FILE) == b"text"
    with pytest.raises(LookupError):
        run_files.load_bytes(FILE)


def test_only_the_last_large_file_is_kept(no_store):
    run_files.cache_for_next_step(FILE, b"text")
    run_files.cache_for_next_step(Artifact(name="o", key="o", sha256="def", size_bytes=4), b"more")
    with pytest.raises(LookupError):
        run_files.load_bytes(FILE)
