"""How far a long apply has come: a bar beside the run in Prefect, and a line on a terminal.

A bar is moved once a second at most: each move asks the server, which may take as long as what it tells of.
"""

import time
from collections.abc import Callable
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from infra.http.pace import Seldom
from infra.terminal import announce
from tasks.core.wording.durations import duration_text


def show_progress(
    run_id: str, total: int, what: str = "Changes written", at_least: Callable[[int], int] = lambda _: 0
) -> Callable[[int], None]:
    """Return what is to be called with how many of *total* changes are written, or what else is done (*what*).

    *at_least* is how many seconds so many more take, where something else than this machine sets the pace.
    """
    shown = cast(UUID, create_progress_artifact(0.0, key=f"progress-{run_id}", description=what))
    seldom, begun = Seldom(1), time.monotonic()

    def moved(done: int) -> None:
        so_far = f"{done:,} of {total:,}"
        if done >= total or seldom.due():
            seconds = max(seconds_left(done, total, time.monotonic() - begun), at_least(total - done))
            left = f", up to {duration_text(seconds)} left" if seconds else ""
            update_progress_artifact(shown, progress=100.0 * done / total, description=f"{what}: {so_far}{left}")
        announce(f"{what.rsplit(maxsplit=1)[-1]} {so_far}")

    return moved


def seconds_left(done: int, total: int, elapsed: float) -> int:
    """Return how long the rest takes if it goes on as so far."""
    return round(elapsed / done * (total - done)) if done else 0
