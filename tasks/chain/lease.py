"""Leases: one run at a time changes the records of a target; the second waits, then fails and names the other.

What keeps two runs from doubling anything are the keys and comparisons of the target itself. This keeps them from
getting in each other's way: conflicts, half of a plan by each, a backup that another run is just changing.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from infra.clock import now
from infra.context import ledger, systems
from infra.processes import this_process
from schemas.domains import DOMAINS
from schemas.leases import Lease
from schemas.problems import Problem, Unavailable
from schemas.records import Run
from tasks.chain.step import long_retrying_step

_LASTS = timedelta(minutes=3)
_RENEWED_AFTER_SECONDS = 30.0
_BEGINS_WITHIN = timedelta(hours=1)
"""How long a worker may take to begin a run again whose time has come."""


@long_retrying_step
def acquire_lease(run: Run) -> None:
    """Acquire the exclusive lease on the records of a domain, or on its whole place, until the end of a run.

    Raises:
        Unavailable: Another run holds it.
    """
    if run.mode == "preview":
        return
    holder = _take(run).run_id
    if holder != run.run_id:
        raise Unavailable(
            f"Run {holder} is changing {_place(run)} in the same target ({run.target}) just now. Nothing was changed "
            f"by this one. Look at the other with: counterfoil show {holder}; once it has ended, run this again."
        )
    systems().heartbeats.start(_renewal(run.run_id), partial(_take, run), _RENEWED_AFTER_SECONDS)


def release_lease(run_id: str) -> None:
    """Release the lease of a run, however it ended. Where the ledger is unavailable, the lease expires."""
    if systems().heartbeats.end(_renewal(run_id)):
        with suppress(Problem):
            ledger().leases.release(run_id)


def keep_lease(run_id: str, *, until: datetime) -> None:
    """Keep the lease of a run, if it has one, for the time in which no process works for it."""
    if systems().heartbeats.end(_renewal(run_id)):
        ledger().leases.keep(run_id, until=until + _BEGINS_WITHIN)


def _renewal(run_id: str) -> str:
    return f"lease of {run_id}"


def _place(run: Run) -> str:
    return DOMAINS[run.domain].place or run.domain


def _take(run: Run) -> Lease:
    moment = now()
    lease = Lease(
        place=f"{_place(run)}@{run.target}",
        run_id=run.run_id,
        process=this_process(),
        expires_at=moment + _LASTS,
    )
    return ledger().leases.take(lease, moment)
