"""Pandera is loaded as it is where there is neither pandas nor hypothesis, which it supports.

It would else load both, and its own half for pandas, which no schema of ours uses: 0.3 s before the first step of
every command, and as much again when the first rows are checked. Code that needs pandas imports it as usual: it is
hidden here only.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType

import polars as pl


class _Absent(MetaPathFinder):
    """Finds that there is no pandas, nor hypothesis."""

    def find_spec(self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> None:
        if fullname in ("pandas", "hypothesis"):
            raise ModuleNotFoundError(f"No module named '{fullname}'")  # pandera looks for these words


@contextmanager
def _without_pandas() -> Iterator[None]:
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


with _without_pandas():
    importlib.import_module("pandera.polars")
    # the first check of rows would look for pandas once more
    importlib.import_module("pandera.backends.register_checks").register_default_check_backends(pl.LazyFrame)
