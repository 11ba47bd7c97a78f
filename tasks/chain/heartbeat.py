"""Let the ledger see that a run still works, from its beginning to its end, however it ends."""

from functools import partial

from infra.clock import now
from infra.processes import Heartbeat
from infra.systems import ledger

_RENEWED_AFTER_SECONDS = 30.0

_heartbeats: dict[str, Heartbeat] = {}
"""The heartbeats of this process, by run."""


def start_heartbeat(run_id: str) -> None:
    """Renew the run's sign of life twice a minute from here on."""
    if run_id not in _heartbeats:
        _heartbeats[run_id] = Heartbeat(partial(_renew, run_id), _RENEWED_AFTER_SECONDS)


def stop_heartbeat(run_id: str) -> None:
    """Stop: the run has ended, or waits for a person."""
    heartbeat = _heartbeats.pop(run_id, None)
    if heartbeat:
        heartbeat.end()


def _renew(run_id: str) -> None:
    ledger().heartbeats.renew(run_id, now())
