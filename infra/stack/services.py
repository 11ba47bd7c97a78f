"""One server program: how it is started, known to be ready, and stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import psutil

from infra.stack.state import private_folder
from schemas.problems import Unavailable

PR_SET_PDEATHSIG = 1
START_SECONDS = 600
IDLE_SECONDS = 90
LARGEST_LOG_BYTES = 20 * 2**20
_local = build_opener(ProxyHandler({}))  # a company proxy cannot reach this machine's own ports


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user a program runs as, where that is not the user who starts it."""

    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Service:
    """``prepare`` runs before every start, ``clear_up`` before and after; ``is_ready`` is asked until it says yes."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    is_ready: Callable[[], bool]
    prepare: Callable[[], None] = lambda: None
    clear_up: Callable[[], None] = lambda: None
    addresses: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15
    account: Account | None = None


Child = subprocess.Popen[bytes]


def start(service: Service) -> Child:
    """Start the program, in a session of its own, tied to the life of this process."""
    service.clear_up()  # after a start that was killed
    service.prepare()
    account = service.account
    with open_log(service.log) as log:
        return subprocess.Popen(
            service.command,
            env=service.environment,
            cwd=service.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,  # what it writes is for the eyes of its owner
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=tie_to_parent(service.stop_signal),  # noqa: PLW1509 (we start from one thread)
        )


def await_ready(service: Service, child: Child, most_seconds: float = START_SECONDS) -> None:
    """Return once *child* answers. On a busy machine that takes as long as it takes, while it works.

    Raises:
        Unavailable: It ended, has done nothing for a while, or did not answer in all that time.
    """
    began = worked = time.monotonic()
    work = 0.0
    while child.poll() is None and time.monotonic() < min(began + most_seconds, worked + IDLE_SECONDS):
        if service.is_ready():
            return
        if work != (work := _work_of(child)):
            worked = time.monotonic()
        time.sleep(0.05)
    happened = "did not answer in time" if child.poll() is None else f"ended with status {child.returncode}"
    raise Unavailable(f"The {service.name} {happened}. Look at {service.log}, then start again.")


def _work_of(child: Child) -> float:
    """Return the seconds of the processor that a program has had."""
    try:
        times = psutil.Process(child.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def stop(service: Service, child: Child) -> None:
    """Ask the program to end, then end it and whatever it started."""
    child.send_signal(service.stop_signal)
    with suppress(subprocess.TimeoutExpired):
        child.wait(service.stop_seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    service.clear_up()


def tie_to_parent(ending: signal.Signals) -> Callable[[], None]:
    """Return what makes a child get *ending* when its parent dies, even by kill -9. Linux only."""
    if sys.platform != "linux":
        return lambda: None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(ending))
        if os.getppid() != parent:
            os._exit(1)

    return tie


def answer(url: str, body: bytes | None = None, authorization: str = "") -> bytes | None:
    """Return what a server answers, None if it does not."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": authorization} if authorization else {})
    request = Request(url, data=body, headers=headers)  # noqa: S310 (an http URL of ours or of the settings)
    try:
        with _local.open(request, timeout=5) as response:
            return bytes(response.read())
    except (URLError, OSError):
        return None


def open_log(log: Path) -> IO[bytes]:
    """Open *log* to be added to; one that grew large becomes ``.1``."""
    private_folder(log.parent)
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))
    if not log.exists():
        log.touch(mode=0o600)
    return log.open("ab")
