"""Who uses the embedded services, told by file locks that the system drops with their holder.

A command holds a lease as long as it lives, even when it is killed; no heartbeat can go stale.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

_held: dict[Path, IO[bytes]] = {}


def lease(home: Path, service: str) -> Path:
    """Return the lease that commands hold on a service."""
    return home / f"{service}.lease"


def hold(lease: Path) -> None:
    """Keep *lease* in use until this process ends. Waits while a keeper is ending."""
    if lease not in _held:
        file = _open(lease)
        fcntl.flock(file, fcntl.LOCK_SH)
        _held[lease] = file


def release_lease(lease: Path) -> None:
    """Stop using *lease* before this process ends."""
    if lease in _held:
        _held.pop(lease).close()


def claim(lease: Path) -> IO[bytes] | None:
    """Return the open lock if nobody else holds *lease*, else None. Closing it gives the lease back."""
    file = _open(lease)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def in_use(lease: Path) -> bool:
    """Return whether any process holds *lease*."""
    claimed = claim(lease)
    if claimed:
        claimed.close()
    return claimed is None


def _open(lease: Path) -> IO[bytes]:
    lease.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(lease, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
