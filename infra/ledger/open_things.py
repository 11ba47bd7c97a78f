"""What is left to do about runs. What is done elsewhere is no longer among it, and so is what somebody dropped.

A plan waits until it is decided or expires; rejects, until they are corrected or dropped. What a run could not do is
done with once a later run of the same content wrote it, or the run was undone; a failure, once a later run of the same
file got through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger.rejects import OPEN
from infra.ledger.runs import RunEntry, as_entry
from infra.ledger.tables import APPROVALS, ARTIFACTS, PLANS, REJECTS, RUNS
from infra.ledger.taking_back import TAKEN_BACK
from schemas.records import RunOutcome
from tasks.core.planning.chosen_lines import LINES
from tasks.core.reading.inbox_keys import stands_for

Left = Literal["approval", "upload", "rejects", "rest", "held", "conflict", "unknown", "failed"]
LEFT: tuple[Left, ...] = get_args(Left)
"""What is left to do about a run: decide about its plan, say what became of its upload, correct its rejects, go on
with the rows that were not chosen, look into what it could not do."""

LOOKS_BACK = timedelta(days=14)
"""How long what could not be done stays in the list; plans expire by themselves, and rejects stay until closed."""

FAILED: tuple[RunOutcome, ...] = (
    "interrupted",
    "file_needs_fixing",
    "settings_need_fixing",
    "refused",
    "unavailable",
    "failed",
)
_WROTE: tuple[RunOutcome, ...] = ("applied", "applied_with_rejects", "partly_applied")


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """Something left to do about a run, and how much of it."""

    left: Left
    count: int
    entry: RunEntry


@dataclass(frozen=True)
class OpenThings:
    """What is left to do in a shop."""

    engine: sa.Engine

    def list_all(self, *, now: datetime, since: datetime) -> tuple[OpenItem, ...]:
        """Return what is left: plans to decide about, rejects, and of runs since a day what they could not do."""
        with reading(self.engine) as connection:
            waiting = [OpenItem(left="approval", count=1, entry=each) for each in _waiting(connection, now)]
            later = _runs_since(connection, since)
            contents = _contents(connection, since)
            not_done = [each for each in _not_done(later) if not _is_done_since(each.entry, later, contents)]
            failed = [each for each in later if each.outcome in FAILED and not _got_through(each, later)]
            failures = [OpenItem(left="failed", count=1, entry=each) for each in failed]
            return (*waiting, *_once_a_file(_with_rejects(connection), contents), *not_done, *failures)


def _runs_since(connection: sa.Connection, since: datetime) -> list[RunEntry]:
    query = sa.select(RUNS).where(RUNS.c.started_at >= since).order_by(RUNS.c.started_at)
    return [as_entry(row) for row in connection.execute(query).mappings()]


def _contents(connection: sa.Connection, since: datetime) -> Mapping[str, str]:
    """Return the hash of the file that each run read."""
    query = sa.select(ARTIFACTS.c.run_id, ARTIFACTS.c.sha256).join(RUNS, RUNS.c.run_id == ARTIFACTS.c.run_id)
    named = query.where(ARTIFACTS.c.name.like("source.%"), RUNS.c.started_at >= since)
    return dict(connection.execute(named).all())  # type: ignore[arg-type]  # rows of two columns are pairs


def _waiting(connection: sa.Connection, now: datetime) -> list[RunEntry]:
    """Return the last run of each plan that waits for a decision."""
    since = APPROVALS.c.decided_at >= PLANS.c.created_at
    decided = sa.exists().where(APPROVALS.c.plan_id == PLANS.c.plan_id, since, ~TAKEN_BACK)
    query = (
        sa.select(RUNS)
        .join(PLANS, sa.and_(PLANS.c.plan_id == RUNS.c.plan_id, PLANS.c.run_id == RUNS.c.run_id))
        .where(RUNS.c.outcome == "needs_approval", PLANS.c.state != "finished", PLANS.c.expires_at > now, ~decided)
        .order_by(RUNS.c.started_at)
    )
    return [as_entry(row) for row in connection.execute(query).mappings()]


def _with_rejects(connection: sa.Connection) -> list[OpenItem]:
    """Return the runs with rejects that nobody corrected or dropped; of a preview, none went in either."""
    counted = sa.select(REJECTS.c.run_id, sa.func.count().label("rows")).where(OPEN).group_by(REJECTS.c.run_id)
    counts = counted.subquery()
    query = sa.select(RUNS, counts.c.rows).join(counts, counts.c.run_id == RUNS.c.run_id)
    rows = connection.execute(query.where(RUNS.c.mode != "preview").order_by(RUNS.c.started_at)).mappings()
    return [OpenItem(left="rejects", count=row["rows"], entry=as_entry(row)) for row in rows]


def _once_a_file(items: list[OpenItem], contents: Mapping[str, str]) -> list[OpenItem]:
    """Leave out runs whose file was read again since: the same rows are open there, and close together."""
    read = {each.entry.run.run_id: (contents.get(each.entry.run.run_id), each.entry.run.target) for each in items}
    newest = {file: run_id for run_id, file in read.items()}
    return [
        each
        for each in items
        if (file := read[each.entry.run.run_id])[0] is None or newest[file] == each.entry.run.run_id
    ]


def _not_done(entries: Iterable[RunEntry]) -> Iterable[OpenItem]:
    kinds: tuple[Left, ...] = ("unknown", "conflict", "held")
    for entry in entries:
        if entry.report is None or entry.outcome not in _WROTE:
            continue
        named = _named(entry, uploads=entry.report.has_upload)
        for kind in kinds:
            if count := getattr(entry.report.changes, kind):
                yield OpenItem(left=named.get(kind, kind), count=count, entry=entry)


def _named(entry: RunEntry, *, uploads: bool) -> dict[Left, Left]:
    """Say what else it is that is left: an answer about an upload, or rows of the file that nobody chose."""
    upload: dict[Left, Left] = {"unknown": "upload"} if uploads else {}
    return upload | ({"held": "rest"} if entry.run.options.get(LINES) else {})


def _is_done_since(entry: RunEntry, later: Iterable[RunEntry], contents: Mapping[str, str]) -> bool:
    """Say whether a later run wrote the same content to the same place, or undid this one."""
    content = contents.get(entry.run.run_id)
    ended = [each for each in later if _is_after(each, entry) and each.outcome in (*_WROTE, "nothing_to_do")]
    return any(
        (content is not None and contents.get(each.run.run_id) == content and each.run.target == entry.run.target)
        or (each.run.flow == "restore" and each.run.source == entry.run.run_id)
        for each in ended
        if each.run.mode != "preview"
    )


def _got_through(failed: RunEntry, later: Iterable[RunEntry]) -> bool:
    """Say whether a later run of the same file, wanted for as much, did not fail."""
    return any(
        _is_after(each, failed)
        and each.outcome not in (*FAILED, "running")
        and (each.run.flow, each.run.target) == (failed.run.flow, failed.run.target)
        and stands_for(each.run.source, failed.run.source)
        and (each.run.mode != "preview" or failed.run.mode == "preview")
        for each in later
    )


def _is_after(one: RunEntry, other: RunEntry) -> bool:
    return one.run.started_at > other.run.started_at
