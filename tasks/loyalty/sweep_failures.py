"""Bring what is remembered of failures up to date, day by day up to the day of the sweep."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

import polars as pl

from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces
from infra.artifacts.run_files import load_parts, save_parts, scan_frame
from infra.context import ledger, settings
from infra.parallel import on_all_cores
from schemas import file_names
from schemas.loyalty.records import Section
from schemas.loyalty.steps import Collected, Swept, SweptDay
from schemas.records import Artifact, Run
from schemas.tables import Concern
from tasks.chain.step import step
from tasks.core.loyalty.completeness import ShortReport, add_tallies, awaited, judge_completeness, missed_days, tally
from tasks.core.loyalty.duplicates import names_of, with_known_keys
from tasks.core.loyalty.partitions import cut
from tasks.core.loyalty.slices import EVERY_SLICE
from tasks.core.loyalty.sweep import Look, changes_on, moved, sweep

REMEMBERED_DAYS = 92
"""For so long a settled failure is looked at with every sweep: it may come back, and reports show three months."""


@step
def sweep_failures(run: Run, collected: Collected, day: date, *, believe_short: bool) -> Swept:
    """Sweep every day that something was told of, and *day* itself; a preview remembers nothing.

    Safe to repeat: the same accounts of the same days come to the same.

    Raises:
        Unavailable: Another run entered some of the failures meanwhile; done again from the start.
    """
    reported = _reported(collected, day)
    remembered, revision = _remembered(run, reported)
    states, history = remembered, Days(ledger().failures.list_sweeps())
    concerns = [*collected.concerns, *awaited(history.last_reported(day), collected.taken or collected.reports, day)]
    for each in reported.days:
        look, raised = _judge(
            _known_and_reported(reported, states, each), each, collected, history, believe_short=believe_short
        )
        with passing_pieces(run.run_id):
            due = _unswept(run, look, _known_and_reported(reported, states, each))
            swept = map(load_piece, on_all_cores(sweep_part, due, len(reported.parts)))
            states = save_parts(run.run_id, file_names.one_of_several(file_names.STATES, each), swept)
        concerns += raised
    if run.mode != "preview":
        both = zip(load_parts(states), load_parts(remembered), strict=True)
        changed = (moved(after, before) for after, before in both)
        saved = ledger().failures.save(changed, loaded=revision, run_id=run.run_id, days=history.added)
        revision = saved.revision
    return replace(_swept(run, reported, states, history, revision), concerns=tuple(dict.fromkeys(concerns)))


@dataclass(frozen=True, kw_only=True)
class UnsweptPart:
    """What is remembered of some customers, what was told of them on a day, and how that day is looked at."""

    run_id: str
    known: Piece
    rows: Piece
    look: Look


def _unswept(run: Run, look: Look, parts: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> Iterator[UnsweptPart]:
    for known, rows in parts:
        both = {"known": pass_piece(run.run_id, known), "rows": pass_piece(run.run_id, rows)}
        yield UnsweptPart(run_id=run.run_id, look=look, **both)


def sweep_part(due: UnsweptPart) -> Piece:
    """Bring what is remembered of some customers up to date."""
    return pass_piece(due.run_id, sweep(load_piece(due.known), load_piece(due.rows), due.look))


@dataclass(frozen=True, kw_only=True)
class ReportedFailures:
    """What was told up to a day, and the ``parts`` of the slices in which it is swept.

    ``rows`` lie in the order of slices, and ``sizes`` says how many are of each. What was settled since ``since`` may
    be told again.
    """

    rows: pl.LazyFrame
    sizes: Sequence[int]
    days: Sequence[date]
    since: date
    parts: Sequence[range]

    def by_part(self) -> Iterator[pl.DataFrame]:
        """Give the rows of each part."""
        for part in self.parts:
            start, size = sum(self.sizes[: part.start]), sum(self.sizes[part.start : part.stop])
            yield self.rows.slice(start, size).drop("slice").collect()


def _reported(collected: Collected, day: date) -> ReportedFailures:
    rows = scan_frame(collected.failures)
    told_on = rows.select(pl.col("told_on").unique()).collect()["told_on"]
    days = sorted({*told_on, *(report.day for report in collected.reports), day})
    since = days[0] - timedelta(days=REMEMBERED_DAYS)
    counted = dict(rows.group_by("slice").len().collect().iter_rows())
    sizes = [counted.get(number, 0) for number in EVERY_SLICE]
    both = [
        reported + known for reported, known in zip(sizes, ledger().failures.count(settled_since=since), strict=True)
    ]
    parts = tuple(cut(both, settings().loyalty_part_rows))
    return ReportedFailures(rows=rows, sizes=sizes, days=days, since=since, parts=parts)


class Days:
    """Which days were swept, earlier and in this run."""

    def __init__(self, swept: Sequence[SweptDay]) -> None:
        self._earlier = swept
        self.added: list[SweptDay] = []

    def add(self, day: date, believed: frozenset[Section], reported: frozenset[Section]) -> None:
        """Add a day of this run."""
        self.added.append(SweptDay(day=day, section="", believed=False))
        self.added += [SweptDay(day=day, section=s, believed=s in believed) for s in sorted(reported)]

    def swept(self) -> set[date]:
        """Return all days that were ever swept."""
        return {swept.day for swept in self._all()}

    def previous(self, day: date) -> date | None:
        """Return the day that was swept before *day*."""
        return max((swept.day for swept in self._all() if swept.day < day), default=None)

    def last_reported(self, day: date) -> date | None:
        """Return the last day before *day* of which a report came, believed or not."""
        return max((swept.day for swept in self._all() if swept.section and swept.day < day), default=None)

    def believed(self) -> dict[Section, list[date]]:
        """Return by section the days whose whole report was believed."""
        days: dict[Section, set[date]] = defaultdict(set)
        for swept in self._all():
            if swept.believed:
                days[swept.section].add(swept.day)  # type: ignore[index]  # only sections are believed
        return {section: sorted(found) for section, found in days.items()}

    def last_report(self, day: date) -> dict[Section, date]:
        """Return by section the last day before *day* whose report was believed."""
        before = {section: [each for each in days if each < day] for section, days in self.believed().items()}
        return {section: days[-1] for section, days in before.items() if days}

    def _all(self) -> list[SweptDay]:
        return [*self._earlier, *self.added]


def _remembered(run: Run, reported: ReportedFailures) -> tuple[Artifact, int]:
    """Store what is remembered of failures that may be told again, and say when it was loaded: the oldest revision."""
    revisions = []

    def loaded() -> Iterator[pl.DataFrame]:
        for slices, rows in zip(reported.parts, reported.by_part(), strict=True):
            found = ledger().failures.load_pressing(rows["failure_key"], settled_since=reported.since, slices=slices)
            revisions.append(found.revision)
            yield found.states

    return save_parts(run.run_id, file_names.REMEMBERED, loaded()), min(revisions)


def _known_and_reported(
    reported: ReportedFailures, states: Artifact, day: date
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give, part by part, what is remembered and what was told on *day*, by the same keys."""
    for known, rows in zip(load_parts(states), reported.by_part(), strict=True):
        yield known, with_known_keys(rows.filter(told_on=day).drop("told_on"), known)


def _judge(
    parts: Iterable[tuple[pl.DataFrame, pl.DataFrame]],
    day: date,
    collected: Collected,
    history: Days,
    *,
    believe_short: bool,
) -> tuple[Look, tuple[Concern, ...]]:
    """Judge over all parts whether the report of *day* is believed."""
    rejected: dict[Section, int] = defaultdict(int)
    for report in collected.reports:
        if report.day == day:
            rejected[report.section] += report.rejected
    tallies = reduce(add_tallies, (tally(known, rows, day=day, rejected=rejected) for known, rows in parts))
    believed, doubts = judge_completeness(tallies, limit=ShortReport(), regardless=believe_short)
    missed = missed_days(history.last_report(day), believed, day)
    history.add(day, believed, frozenset(rejected))
    return Look(day=day, swept=history.swept(), believed=history.believed()), (*doubts, *missed)


def _swept(run: Run, reported: ReportedFailures, states: Artifact, history: Days, revision: int) -> Swept:
    day = reported.days[-1]
    previous = history.previous(day)
    still_open = (part.filter(status="open") for part in load_parts(states))
    changes = (changes_on(part, day, previous) for part in load_parts(states))
    names = (names_of(rows, known) for rows, known in zip(reported.by_part(), load_parts(states), strict=True))
    return Swept(
        day=day,
        states=states,
        open=save_parts(run.run_id, file_names.OPEN, still_open),
        changes=save_parts(run.run_id, file_names.DAY, changes),
        names=save_parts(run.run_id, file_names.NAMES, names),
        reported=history.last_reported(date.max) is not None or scan_frame(states).head(1).collect().height > 0,
        revision=revision,
    )
