"""Where it is measured: a folder, and the servers in it."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.settings import Settings
from infra.stack import ensure_services, exported_environment
from infra.stack.state import end_processes, last_state

QUIET = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}


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
