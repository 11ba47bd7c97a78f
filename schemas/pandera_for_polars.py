"""Pandera is loaded as it is where there is no pandas, which it supports.

It would else load pandas and its own half for pandas, which no schema of ours uses, and every command would
wait 0.3 s longer for its first step. Whoever needs pandas imports it as ever: it is hidden here only.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


class _Absent(MetaPathFinder):
    """Finds that there is no pandas."""

    def find_spec(self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'")  # pandera looks for these words


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
