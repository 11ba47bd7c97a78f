"""Processes of their own for tests: forked from one that has everything imported, so that each starts at once."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WARM = ["pytest", "tests.warm"]
_OURS = ("COUNTERFOIL_", "PREFECT_", "FLOW_RUN_ID")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended. ``code`` is negative where a signal ended it."""

    code: int
    out: str
    err: str


def warm_up(environment: Mapping[str, str]) -> None:
    """Start the process that others are forked from. What it imports keeps the settings it sees now."""
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        multiprocessing.set_forkserver_preload(WARM)
        run_child(print, environment, Path(os.devnull))
    finally:
        os.environ.clear()
        os.environ.update(kept)


def run_child(
    function: Callable[..., Any], environment: Mapping[str, str], output: Path, *arguments: Any, seconds: float = 120
) -> Ended:
    """Call *function* in a process of its own that has only these settings; what it prints goes beside *output*."""
    out, err = (output, output) if output == Path(os.devnull) else (output.with_suffix(e) for e in (".out", ".err"))
    process = multiprocessing.get_context("forkserver").Process(
        target=_become, args=(function, dict(environment), str(out), str(err), arguments)
    )
    process.start()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"The child did not end in {seconds} seconds. It said: {err.read_text()}")
    return Ended(code=process.exitcode or 0, out=out.read_text(), err=err.read_text())


def _become(
    function: Callable[..., Any], environment: dict[str, str], out: str, err: str, arguments: tuple[Any, ...]
) -> None:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    os.environ.update(environment)
    for stream, file in ((sys.stdout, out), (sys.stderr, err)):
        stream.flush()
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream.fileno())
    function(*arguments)
