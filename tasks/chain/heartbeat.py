"""Let the ledger see that a run still works, from its beginning to its end, however it ends."""

from functools import partial

from infra.clock import now
from infra.processes import Beat
from infra.systems import ledger

_RENEWED_AFTER_SECONDS = 30.0

_beats: dict[str, Beat] = {}
"""What renews the signs of life of this process, by run."""


def start_heartbeat(run_id: str) -> None:
    """Renew the run's sign of life twice a minute from here on."""
    if run_id not in _beats:
        _beats[run_id] = Beat(partial(_renew, run_id), _RENEWED_AFTER_SECONDS)


def stop_heartbeat(run_id: str) -> None:
    """Stop: the run has ended, or waits for a person."""
    beat = _beats.pop(run_id, None)
    if beat:
        beat.end()


def _renew(run_id: str) -> None:
    ledger().heartbeats.renew(run_id, now())
