"""How far a long apply has come: a bar beside the run in Prefect, and a line on a terminal.

A bar is moved once a second at most: each move asks the server, which may take as long as what it tells of.
"""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from infra.http.pacing import Seldom
from infra.terminal import announce


def show_progress(run_id: str, total: int, what: str = "Changes written") -> Callable[[int], None]:
    """Return what is to be told how many of *total* changes are written, or what else is done (*what*)."""
    shown = cast(UUID, create_progress_artifact(0.0, key=f"progress-{run_id}", description=what))

    seldom = Seldom(1)

    def moved(done: int) -> None:
        if done >= total or seldom.due():
            update_progress_artifact(shown, progress=100.0 * done / total)
        announce(f"{what.rsplit(maxsplit=1)[-1]} {done:,} of {total:,}")

    return moved
