"""Where it is measured: a folder, the servers in it, and what a page says of the machine."""

import platform
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psutil

from infra.clock import now
from infra.settings import Settings
from infra.stack import ensure_services, exported_environment
from infra.stack.state import end_processes, last_state

QUIET = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}
GIB = 2**30


@contextmanager
def workplace() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield a folder that a database server may enter, and the settings that reach storage and Prefect there."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "home"
        try:
            yield folder, exported_environment(ensure_services("server", Settings(home=home))) | QUIET
        finally:
            if state := last_state(home):
                end_processes(state)


def machine_told(*measured: str) -> str:
    """Say what these numbers were measured on, with the versions of the packages *measured*."""
    versions = ", ".join(f"{name} {version(name)}" for name in measured)
    memory = round(psutil.virtual_memory().total / GIB)
    load = psutil.getloadavg()[2]
    return (
        f"These numbers are of {now():%Y-%m-%d}: {psutil.cpu_count()} cores shared with others (load {load:.1f} over "
        f"the last quarter of an hour), {memory} GB of memory, Python {platform.python_version()}, {versions}."
    )


def table_of(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
