"""The words, numbers and order in which every report says the same thing."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from schemas.capabilities import Effort, Guard
from schemas.file_names import FileName
from schemas.records import (
    Artifact,
    InvitationCounts,
    Mode,
    RunOutcome,
    RunReport,
)
from schemas.rejects import DroppedRejects
from tasks.core.wording.durations import duration_text

Tone = Literal["good", "calm", "careful", "bad"]
Group = Literal["held", "conflict", "refused", "unknown", "removed", "changed", "new", "unchanged"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""What became of a change, as people see it; those that need a person come first."""

GROUP_LABELS: dict[Group, str] = {
    "held": "Held",
    "conflict": "Conflict",
    "refused": "Refused",
    "unknown": "Unknown",
    "removed": "Removed",
    "changed": "Changed",
    "new": "New",
    "unchanged": "Unchanged",
}

INVITATION_LABELS: dict[str, str] = {
    "due": "To be sent",
    "sent": "Sent",
    "refused": "Refused",
    "unknown": "Unknown",
    "suppressed": "Suppressed",
    "already": "Already invited",
    "no_address": "No address",
}

TILE_LABELS: dict[str, str] = {
    "uploaded": "Uploaded",
    "listed": "Listed",
    "accepted": "Accepted",
    "new": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "held": "Held",
    "removed": "Removed",
    "conflict": "Conflict",
    "refused": "Refused",
    "unknown": "Unknown",
    "rejected": "Rejected",
}

TONES: dict[RunOutcome, Tone] = {
    "running": "calm",
    "interrupted": "bad",
    "previewed": "calm",
    "exported": "good",
    "looked": "calm",
    "differences": "careful",
    "applied": "good",
    "applied_with_rejects": "careful",
    "partly_applied": "bad",
    "needs_approval": "careful",
    "waiting": "calm",
    "turned_down": "calm",
    "nothing_to_do": "good",
    "file_needs_fixing": "bad",
    "settings_need_fixing": "bad",
    "refused": "bad",
    "unavailable": "bad",
    "failed": "bad",
}

MODES: dict[Mode, str] = {
    "preview": "preview (shows, never writes)",
    "review": "review (asks before it writes)",
    "apply": "apply (writes when nothing is of concern)",
}


GUARDS: dict[Guard, str] = {
    "compare_and_set": "only where a record still is as it was, in one step",
    "look_then_write": "looks just before, writes, and reads back: a change made in between would be overwritten",
    "keyed": "under a key that the system takes once, looking just before",
    "blind": "as a file that a person uploads: what changed meanwhile is overwritten",
}


def effort_text(effort: Effort | None) -> str:
    """Say how many calls and how long writing takes, and undoing it; nothing where no calls are counted or needed."""
    if not (effort and effort.calls):
        return ""
    undo = f"; undoing it: {effort.undo_calls:,} calls, up to {duration_text(effort.undo_seconds)}"
    return f"{effort.calls:,} calls, up to {duration_text(effort.seconds)}{undo if effort.undo_calls else ''}"


def verdict(report: RunReport) -> tuple[str, Tone]:
    """Name the outcome and its tone: good only where no row waits for a person."""
    tone = TONES[report.outcome]
    waiting = report.rows.rejected or report.changes.held
    return TITLES[report.outcome], "careful" if tone == "good" and waiting else tone


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A counter of the report. ``group`` is empty where the table of changes holds no such rows."""

    name: str
    label: str
    count: int
    group: Group | Literal[""] = ""


def tiles(report: RunReport) -> tuple[Tile, ...]:
    """Return the counters in the order shops know; rare ones, and a file's where there is none, only if not zero.

    A run that only looked at what it accepted has no counters of records: all would be zero beside what it found.
    """
    if report.invitations:
        return _invitation_tiles(report, report.invitations)
    if report.rows.accepted and not any(asdict(report.changes).values()):
        return _file_tiles(report, _tile("accepted", report.rows.accepted))
    changes = report.changes
    usual = (
        _tile("new", changes.created, "new"),
        _tile("changed", changes.updated, "changed"),
        _tile("unchanged", changes.unchanged),
        _tile("held", changes.held, "held"),
    )
    rare = (
        _tile("removed", changes.removed, "removed"),
        _tile("conflict", changes.conflict, "conflict"),
        _tile("refused", changes.refused, "refused"),
        _tile("unknown", changes.unknown, "unknown"),
    )
    found = usual + tuple(tile for tile in rare if tile.count)
    return _file_tiles(report, *found) if report.rows.rows_in else found


def _tile(name: str, count: int, group: Group | Literal[""] = "") -> Tile:
    return Tile(name=name, label=TILE_LABELS[name], count=count, group=group)


def _file_tiles(report: RunReport, *found: Tile) -> tuple[Tile, ...]:
    """Put what became of a file's rows between how many there were and how many came back."""
    return _tile("uploaded", report.rows.rows_in), *found, _tile("rejected", report.rows.rejected)


def _invitation_tiles(report: RunReport, counts: InvitationCounts) -> tuple[Tile, ...]:
    """Return what became of the people a run invited; no table of changes goes with it."""
    found = [Tile(name=name, label=INVITATION_LABELS[name], count=count) for name, count in asdict(counts).items()]
    listed, rejected = _tile("listed", report.rows.rows_in), _tile("rejected", report.rows.rejected)
    return listed, *(tile for tile in (*found, rejected) if tile.count)


def counted(count: int, noun: str) -> str:
    """``1 row``, ``2,500 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def counting(name: str) -> str:
    """Return the text for so many of a name: languages count in their own ways."""
    return f"%(num)s {name}"


def are(count: int) -> str:
    """The verb that goes with a count: ``1 row is``, ``2 rows are``."""
    return "is" if count == 1 else "are"


def were(count: int) -> str:
    """The same of what was."""
    return "was" if count == 1 else "were"


def times(count: int) -> str:
    """``once``, ``2,500 times``."""
    return "once" if count == 1 else f"{count:,} times"


def instant(at: datetime | None, zone: str) -> str:
    """An instant with its zone in words; empty where there is none yet."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S %Z") if at else ""


def heading(column: str) -> str:
    """How people see a column of a target: ``balance_cents`` is their Balance."""
    return re.sub("_(cents|milli|share)$", "", column).replace("_", " ").capitalize()


def flow_title(flow: str) -> str:
    """Return what people call a flow."""
    return flow.replace("-", " ").capitalize()


def artifact_name(artifacts: Mapping[FileName, Artifact], beginning: str, otherwise: str) -> str:
    """Name the file that holds all rows, so that a shortened table can point to it."""
    return next((name for name in sorted(artifacts) if name.startswith(beginning)), otherwise)


def dropped_in_words(dropped: DroppedRejects) -> str:
    """Say how many rejects a person left out on purpose, and why."""
    who = f" by {dropped.who}" if dropped.who else ""
    return f"{len(dropped.lines):,}{who} on {dropped.at:%Y-%m-%d}: {dropped.why}"


FACTS = (
    "Shop",
    "Source",
    "Target",
    "Mode",
    "Writes",
    "Takes",
    "Run",
    "Plan",
    "Corrects run",
    "Rejects still open",
    "Rejects dropped",
    "Started",
    "Finished",
)


def facts(report: RunReport, zone: str) -> list[tuple[str, str]]:
    """List what identifies a run; what is not known is left out."""
    values = (
        report.shop,
        report.source,
        report.target,
        MODES[report.mode],
        GUARDS[report.guard] if report.guard else "",
        effort_text(report.effort),
        report.run_id,
        report.plan_id,
        report.follows,
        f"{report.still_open:,}" if report.still_open else "",
        "; ".join(map(dropped_in_words, report.dropped)),
        instant(report.started_at, zone),
        instant(report.finished_at, zone),
    )
    return [(name, value) for name, value in zip(FACTS, values, strict=True) if value]


TITLES: dict[RunOutcome, str] = {
    "running": "Running",
    "interrupted": "Interrupted",
    "previewed": "Previewed",
    "exported": "Exported",
    "looked": "Looked",
    "differences": "Differences found",
    "applied": "Applied",
    "applied_with_rejects": "Applied with rejects",
    "partly_applied": "Partly applied",
    "needs_approval": "Needs approval",
    "waiting": "Waiting",
    "turned_down": "Turned down",
    "nothing_to_do": "Nothing to do",
    "file_needs_fixing": "File needs fixing",
    "settings_need_fixing": "Settings need fixing",
    "refused": "Refused",
    "unavailable": "Unavailable",
    "failed": "Failed",
}
