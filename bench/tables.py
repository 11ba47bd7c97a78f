"""What every page of results has: on what was measured, and tables."""

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import psutil

from infra.clock import now

GIB = 2**30


def describe_machine(*names: str) -> str:
    """Say on what was measured, with the versions of the libraries that matter."""
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    memory = round(psutil.virtual_memory().total / GIB)
    load = psutil.getloadavg()[2]
    return (
        f"These numbers are of {now():%Y-%m-%d}: {psutil.cpu_count()} cores shared with others (load {load:.1f} over "
        f"the last quarter of an hour), {memory} GB of memory, Python {platform.python_version()}, {versions}."
    )


def write_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table whose first column is words, and the others numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
