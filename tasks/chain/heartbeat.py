"""Let the ledger see that a run still works, from its beginning to its end, however it ends."""

from functools import partial

from infra.clock import now
from infra.context import ledger, systems

_RENEWED_AFTER_SECONDS = 30.0


def start_heartbeat(run_id: str) -> None:
    """Renew the run's sign of life twice a minute from here on."""
    systems().heartbeats.start(f"run {run_id}", partial(_renew, run_id), _RENEWED_AFTER_SECONDS)


def stop_heartbeat(run_id: str) -> None:
    """Stop: the run has ended, or waits for a person."""
    systems().heartbeats.end(f"run {run_id}")


def _renew(run_id: str) -> None:
    ledger().heartbeats.renew(run_id, now())
