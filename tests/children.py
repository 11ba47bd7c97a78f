"""Processes for tests: forked from one that has everything imported, so that each starts at once.

``run_child`` is for what dies or needs a process of its own. ``run_warm`` is for all else: one process that does one
thing after the other, and so has loaded and compiled what the next one needs too.
"""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
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
    _warm_process.cache_clear()
    forkserver._forkserver._stop()  # one that tests without a stack began has imported nothing, and knows no server
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
    out, err = _outputs(output)
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


def run_warm(
    function: Callable[..., Any], environment: Mapping[str, str], output: Path, *arguments: Any, seconds: float = 120
) -> Ended:
    """Call *function* as ``run_child`` does, in the process that has done so before; in another while that is busy."""
    out, err = _outputs(output)
    warm = _warm_process()
    if not warm.free.acquire(blocking=False):
        return run_child(function, environment, output, *arguments, seconds=seconds)
    try:
        warm.connection.send((function, dict(environment), str(out), str(err), arguments))
        if not warm.connection.poll(seconds):
            raise TimeoutError(f"It did not end in {seconds} seconds. It said: {err.read_text()}")
        code = warm.connection.recv()
    except (TimeoutError, EOFError):
        warm.process.kill()
        _warm_process.cache_clear()
        raise
    finally:
        warm.free.release()
    return Ended(code=code, out=out.read_text(), err=err.read_text())


@dataclass(frozen=True)
class _Warm:
    process: Any
    connection: Connection
    free: Lock = field(default_factory=Lock)


@cache
def _warm_process() -> _Warm:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("forkserver").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Warm(process, ours)


def _serve(connection: Connection) -> None:
    """Do what is asked, each time from the same environment and folder."""
    environment, folder = dict(os.environ), Path.cwd()
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(_exit_code(*task))
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)


def _exit_code(*task: Any) -> int:
    try:
        _become(*task)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - as a process would end
        traceback.print_exc()
        return 1
    else:
        return 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _outputs(output: Path) -> tuple[Path, Path]:
    return (output, output) if output == Path(os.devnull) else (output.with_suffix(".out"), output.with_suffix(".err"))


def _become(
    function: Callable[..., Any], environment: dict[str, str], out: str, err: str, arguments: tuple[Any, ...]
) -> None:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    os.environ.update(environment)
    for stream, file in ((sys.stdout, out), (sys.stderr, err)):
        stream.flush()
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, stream.fileno())
        os.close(opened)
    function(*arguments)
