"""What runs under a home folder, as its keeper last wrote it to ``stack.json``."""

import json
import stat
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import psutil

Mode = Literal["people", "embedded"]
PASSAGE = 0o710
"""Of a home in which a server runs as a user of its own, whose group may pass through it."""


@dataclass(frozen=True, kw_only=True)
class ProcessIdentity:
    """A process, told from a later one under the same number by when it was created."""

    pid: int
    created: float

    @property
    def process(self) -> psutil.Process | None:
        """The process while it runs."""
        try:
            process = psutil.Process(self.pid)
            same = process.create_time() == self.created
        except psutil.Error:
            return None
        return process if same and _runs(process) else None


@dataclass(frozen=True, kw_only=True)
class StackState:
    """``ready`` names the services that answer; ``addresses`` holds no secrets."""

    mode: Mode
    keeper: ProcessIdentity
    children: dict[str, ProcessIdentity]
    ready: tuple[str, ...]
    addresses: dict[str, str]
    notes: tuple[str, ...] = ()

    @property
    def processes(self) -> list[psutil.Process]:
        """Those of our processes that run."""
        ours = (self.keeper, *self.children.values())
        return [process for identity in ours if (process := identity.process)]


def identify(pid: int) -> ProcessIdentity:
    """Return the identity of a running process."""
    return ProcessIdentity(pid=pid, created=psutil.Process(pid).create_time())


def state_file(home: Path) -> Path:
    return home / "stack.json"


def write_state(home: Path, state: StackState) -> None:
    """Replace the file at once, readable by its owner only."""
    written = home / "stack.json.new"
    written.touch(mode=0o600)
    written.write_text(json.dumps(asdict(state), indent=1))
    written.replace(state_file(home))


def last_state(home: Path) -> StackState | None:
    """Return what was last written, None if nothing was or it cannot be read."""
    try:
        raw = json.loads(state_file(home).read_text())
        return StackState(
            mode=raw["mode"],
            keeper=ProcessIdentity(**raw["keeper"]),
            children={name: ProcessIdentity(**child) for name, child in raw["children"].items()},
            ready=tuple(raw["ready"]),
            addresses=raw["addresses"],
            notes=tuple(raw["notes"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def read_state(home: Path) -> StackState | None:
    """Return what runs now, None if no keeper does."""
    state = last_state(home)
    return state if state and state.keeper.process else None


def end_processes(state: StackState) -> None:
    """End a stack and wait until it is gone: by its keeper, then whatever a dead keeper left."""
    keeper = state.keeper.process
    _end([keeper] if keeper else [], grace_seconds=60)
    _end(state.processes, grace_seconds=10)


def _end(processes: list[psutil.Process], grace_seconds: float) -> None:
    for process in processes:
        process.terminate()
    left = _await_end(processes, grace_seconds)
    for process in left:
        process.kill()
    _await_end(left, 10)


def _await_end(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until processes have ended, and return those that have not in so many *seconds*."""
    until = time.monotonic() + seconds
    while (left := [process for process in processes if _runs(process)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _runs(process: psutil.Process) -> bool:
    """Return whether a process runs: one that ended stays listed as a zombie until its parent asks, if it ever does."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def private_folder(folder: Path) -> Path:
    """Make *folder* readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # mkdir leaves a folder that is there as it is
    return folder


def protect(home: Path) -> None:
    """Close *home* to everybody but its owner, with what lies in it: also one of an earlier version."""
    if not home.is_dir():
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    with suppress(PermissionError):  # it is somebody else's, who has to
        home.chmod(mode if mode == PASSAGE else mode & 0o700)
    for inside in home.iterdir():
        with suppress(FileNotFoundError, PermissionError):  # a file that someone is just replacing
            if not inside.is_symlink():
                inside.chmod(stat.S_IMODE(inside.stat().st_mode) & 0o700)
