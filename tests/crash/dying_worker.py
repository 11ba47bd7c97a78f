"""What a Dask worker of the crash tests loads before it works: the moment at which the first that comes to it dies."""

import os
import signal
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from infra.workers import on_worker
from tests.crash.boundaries import Boundaries

FATAL, PASSED = "DYING_WORKER_AT", "DYING_WORKER_PASSED"
"""Variables: at which moment of which task a worker dies, such as ``write_batch 3``, and the folder in which each
writes down the moments that it passed."""
_WATCHING = ExitStack()


class OnceFatal(Boundaries):
    """Dies at a moment of a task, counted from 0 in each task, unless another worker of this run died there already."""

    def __init__(self, folder: Path, fatal: str) -> None:
        super().__init__(folder / f"{os.getpid()}.passed", None)
        self._died, self._at, self._task, self._number = folder / "died", fatal, "", 0

    def of_tasks(self, perform: Callable[..., Any]) -> Callable[..., Any]:
        """Count the moments of each task by themselves."""

        def performed(work: Callable[..., Any], asked: Any) -> Any:
            self._task, self._number = work.__name__, 0
            return perform(work, asked)

        return performed

    def _pass(self, moment: str) -> None:
        at = f"{self._task} {self._number}"
        if at == self._at:
            self._die(moment)
        super()._pass(f"{at} {moment}")
        self._number += 1

    def _die(self, moment: str) -> None:
        try:
            self._died.touch(exist_ok=False)
        except FileExistsError:
            self._at = ""
        else:
            self._died.write_text(moment)
            os.kill(os.getpid(), signal.SIGKILL)


def dask_setup(_worker: Any) -> None:
    """Watch what this worker writes."""
    watch = OnceFatal(Path(os.environ[PASSED]), os.environ[FATAL])
    _WATCHING.enter_context(patch.object(on_worker, "_performed", watch.of_tasks(on_worker._performed)))
    _WATCHING.enter_context(watch.watching())


def moments_of_tasks(folder: Path) -> dict[str, int]:
    """Count the moments that every task of a name came to, at least."""
    counts: dict[str, list[int]] = defaultdict(list)
    for passed in folder.glob("*.passed"):
        for task, number, *_ in map(str.split, passed.read_text().splitlines()):
            if number == "0":
                counts[task].append(0)
            counts[task][-1] += 1
    return {task: min(each) for task, each in counts.items()}
