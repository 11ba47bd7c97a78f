"""Bring what is remembered of failures up to date, day by day up to the day of the sweep."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from infra.artifacts import load_frame, save_frame
from infra.ledger.failures import Remembered
from infra.opening import ledger
from schemas.loyalty import Section
from schemas.records import Run
from schemas.sweeps import Collected, Swept, SweptDay
from schemas.tables import Concern
from tasks.core.loyalty.believing import ShortReport, believe, missed_days, tally
from tasks.core.loyalty.sweeping import Look, changes_on, sweep
from tasks.core.loyalty.twins import with_known_keys
from tasks.step import step

REMEMBERED_DAYS = 92
"""For so long a settled failure is looked at with every sweep: it may come back, and reports show three months."""


@step
def sweep_failures(run: Run, collected: Collected, day: date, *, believe_short: bool) -> Swept:
    """Sweep every day that something was told of, and *day* itself; a preview remembers nothing.

    Safe to repeat: the same accounts of the same days come to the same.

    Raises:
        Unavailable: Another run entered some of the failures meanwhile; done again from the start.
    """
    told = load_frame(collected.failures)
    days = sorted({*told["told_on"], *(report.day for report in collected.reports), day})
    loaded = ledger().load_failures(told["failure_key"], settled_since=days[0] - timedelta(days=REMEMBERED_DAYS))
    history = Days(ledger().list_sweeps())
    states, concerns = loaded.states, list(collected.concerns)
    for each in days:
        rows = told.filter(pl.col("told_on") == each).drop("told_on")
        states, raised = _sweep_day(states, rows, each, collected, history, believe_short=believe_short)
        concerns += raised
    if run.mode != "preview":
        _enter(run, states, loaded, history)
    return Swept(
        day=day,
        states=save_frame(run.run_id, "states.parquet", states),
        open=save_frame(run.run_id, "open.parquet", states.filter(status="open")),
        changes=save_frame(run.run_id, "day.parquet", changes_on(states, day, history.previous(day))),
        concerns=tuple(dict.fromkeys(concerns)),
    )


class Days:
    """Which days were swept, earlier and in this run."""

    def __init__(self, swept: Sequence[SweptDay]) -> None:
        self._earlier = swept
        self.added: list[SweptDay] = []

    def add(self, day: date, believed: frozenset[Section], reported: frozenset[Section]) -> None:
        """Add a day of this run."""
        self.added.append(SweptDay(day=day, section="", believed=False))
        self.added += [SweptDay(day=day, section=s, believed=s in believed) for s in sorted(reported)]

    def newest(self, day: date) -> date:
        """Return the last day that was ever swept, *day* included."""
        return max(day, *(swept.day for swept in self._all()), day)

    def previous(self, day: date) -> date | None:
        """Return the day that was swept before *day*."""
        return max((swept.day for swept in self._all() if swept.day < day), default=None)

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


def _sweep_day(
    states: pl.DataFrame, rows: pl.DataFrame, day: date, collected: Collected, history: Days, *, believe_short: bool
) -> tuple[pl.DataFrame, tuple[Concern, ...]]:
    rejected: dict[Section, int] = defaultdict(int)
    for report in collected.reports:
        if report.day == day:
            rejected[report.section] += report.rejected
    told = with_known_keys(rows, states)
    tallies = tally(states, told, day=day, rejected=rejected)
    believed, doubts = believe(tallies, limit=ShortReport(), regardless=believe_short)
    missed = missed_days(history.last_report(day), believed, day)
    history.add(day, believed, frozenset(rejected))
    look = Look(day=day, newest=history.newest(day), believed=history.believed())
    return sweep(states, told, look), (*doubts, *missed)


def _enter(run: Run, states: pl.DataFrame, loaded: Remembered, history: Days) -> None:
    changed = states.join(loaded.states, on=states.columns, how="anti", nulls_equal=True)
    ledger().save_failures(changed, loaded=loaded, run_id=run.run_id, days=history.added)
