"""How what a run is about stands now, and what about that is a change that somebody has to be told of."""

from schemas.notifications import WELL, NotificationKind, Standing
from schemas.records import Run, RunOutcome, RunReport
from tasks.core.reading.inbox_keys import file_named

BY_THEMSELVES = frozenset({"inbox", "schedule", "worklist"})
"""Who submits runs that nobody sits in front of."""

_ABOUT_ONE_THING = frozenset(
    {"gift-cards", "customers", "orders", "stock", "restore", "confirm-upload", "invite-customers"}
)
"""Flows of which each run is about a file or a run of its own; of any other, the next run is about the same again."""

_FAILED: tuple[RunOutcome, ...] = ("file_needs_fixing", "settings_need_fixing", "refused", "unavailable", "failed")
_UNDER_WAY: tuple[RunOutcome, ...] = ("running", "waiting")
_BROKEN = ("failed", "crashed")


def subject_of(run: Run) -> str:
    """Name what a run is about: what is told once of it is not told again by the next run about the same."""
    return f"{run.flow}:{file_named(run.source)}" if run.flow in _ABOUT_ONE_THING else run.flow


def is_watched(run: Run) -> bool:
    """Say whether whoever asked for a run looks at what it shows: it changes nothing, and concerns nobody else."""
    return run.mode == "preview" and run.submitted_by not in BY_THEMSELVES


def standing_of(outcome: RunOutcome, plan_id: str, report: RunReport | None, *, most_rejects: int) -> Standing | None:
    """Say how it stands after a run that ended so; None where it has not ended."""
    if outcome in _UNDER_WAY:
        return None
    if outcome == "interrupted":
        return Standing(kind="crashed")
    if outcome in _FAILED:
        return Standing(kind="failed", about=outcome)
    if outcome == "needs_approval":
        return Standing(kind="needs_approval", about=plan_id)
    if report and report.discrepancies:
        return Standing(kind="failed", about=outcome)
    return Standing(kind="rejects") if report and report.rows.rejected > most_rejects else WELL


def change_between(before: Standing, after: Standing) -> NotificationKind | None:
    """Name what people are told when it stood so *before* and stands so *after*; None where that is no news."""
    if after == before:
        return None
    if after.kind == "well":
        return "recovered" if before.kind in _BROKEN else None
    return after.kind
