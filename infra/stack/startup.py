"""Waiting until the services answer: one process starts the keeper, all others wait for it, and say that they do."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from infra.settings import Settings
from infra.stack.leases import claim
from infra.stack.services import open_log
from infra.stack.state import Mode, StackState, read_state
from schemas.problems import Unavailable

CODE = Path(__file__).parents[2]
TELL_SECONDS = 5
SILENT_SECONDS = 0.5


@dataclass(kw_only=True)
class Start:
    """One process that waits. ``launched`` is its own keeper, where it was the one to start it."""

    home: Path
    wanted: frozenset[str]
    mode: Mode
    chosen: Settings
    folder: Path
    began: float = field(default_factory=time.monotonic)
    announced_at: float = 0
    turn: IO[bytes] | None = None
    launched: subprocess.Popen[bytes] | None = None

    def look(self) -> StackState | None:
        """Return what runs once all that is wanted answers; where nothing runs, see that somebody starts it."""
        state = read_state(self.home)
        if state and self.wanted <= set(state.ready):
            return state
        self._announce(state)
        if state is None and (self.launched is None or self.launched.poll() is not None):
            self.turn = self.turn or claim(self.home / "launch.lock")  # held by one process, until it is done
            if self.turn:
                self.launched = _launch(self.home, self.mode, self.chosen, self.folder)
        return None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for: our keeper gave up, or it took too long."""
        failed = self.launched and self.launched.poll()
        return bool(failed) or time.monotonic() - self.began > self.chosen.start_minutes * 60

    def _announce(self, state: StackState | None) -> None:
        now = time.monotonic()
        if now - self.began < SILENT_SECONDS or now - self.announced_at < TELL_SECONDS:
            return
        if self.announced_at:
            states = (
                [f"{name} {'answers' if name in state.ready else 'starts'}" for name in state.children] if state else []
            )
            text = f"Still starting, {now - self.began:.0f} s: {', '.join(states) or 'nothing answers yet'}."
        else:
            text = "Starting the local services ..."
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
        self.announced_at = now


def await_stack(home: Path, wanted: frozenset[str], mode: Mode, chosen: Settings, folder: Path = CODE) -> StackState:
    """Return the state of the stack once all *wanted* services answer; a keeper is started if none runs.

    Raises:
        Unavailable: They did not start.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    start = Start(home=home, wanted=wanted, mode=mode, chosen=chosen, folder=folder)
    try:
        while not start.is_over:
            state = start.look()
            if state:
                return state
            time.sleep(0.03)
    finally:
        if start.turn:
            start.turn.close()
    raise Unavailable(f"The services on this machine did not start. {_last_words(home)}")


def _launch(home: Path, mode: Mode, chosen: Settings, folder: Path) -> subprocess.Popen[bytes]:
    own = {
        "COUNTERFOIL_HOME": str(home),
        "COUNTERFOIL_S3_BUCKET": chosen.s3_bucket,
        "COUNTERFOIL_START_MINUTES": str(chosen.start_minutes),
    }
    paths = os.pathsep.join(filter(None, (str(CODE), os.environ.get("PYTHONPATH"))))
    command = (sys.executable, "-m", "infra.stack", "keep", mode, "--idle-seconds", str(chosen.idle_minutes * 60))
    with open_log(home / "logs" / "keeper.log") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **own, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _last_words(home: Path) -> str:
    log = home / "logs" / "keeper.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"{lines[-1] if lines else ''} (log: {log})"
