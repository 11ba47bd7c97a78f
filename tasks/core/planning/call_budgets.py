"""How long a plan takes to write in a system that takes so many calls in a time, and when that is of concern."""

from collections.abc import Sequence
from math import ceil

import polars as pl

from schemas.capabilities import CallCosts, CallWindow, Effort
from schemas.domain import Limits
from schemas.tables import Concern
from tasks.core.wording.durations import duration_text

_SECONDS_A_CALL = 0.3
"""Assumed of a web interface that is not busy: it matters only where all calls are left."""


def estimate_effort(changes: pl.DataFrame, costs: CallCosts, windows: Sequence[CallWindow]) -> Effort:
    """Say what writing *changes* (those to be carried out) takes, and what putting everything back would."""
    kinds = dict(changes.group_by("kind").len().iter_rows())
    created, updated, removed = (kinds.get(kind, 0) for kind in ("create", "update", "remove"))
    calls = created * costs.create + updated * costs.update + removed * costs.remove
    undo_calls = created * costs.remove + updated * costs.update + removed * costs.create
    return Effort(
        calls=calls,
        seconds=seconds_for(calls, windows),
        undo_calls=undo_calls,
        undo_seconds=seconds_for(undo_calls, windows),
    )


def seconds_for(calls: int, windows: Sequence[CallWindow]) -> int:
    """Return within how many seconds *calls* are taken, at the latest: a window that does not suffice begins anew."""
    waits = [ceil(calls / window.calls) * window.seconds for window in windows if calls > window.left]
    return max(ceil(calls * _SECONDS_A_CALL), *waits, 0)


def concern_of_effort(effort: Effort | None, limits: Limits) -> tuple[Concern, ...]:
    """Return the concern that a plan takes longer than usual, with its smallest override."""
    if effort is None or effort.seconds <= limits.minutes * 60:
        return ()
    says = (
        f"writing takes {effort.calls:,} calls, up to {duration_text(effort.seconds)}, more than the usual "
        f"{duration_text(limits.minutes * 60)}"
    )
    return (Concern(code="LIMIT_MINUTES", says=says, override=f"max_minutes={ceil(effort.seconds / 60)}"),)
