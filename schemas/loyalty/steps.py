"""What the steps of a sweep of loyalty failures hand to each other."""

from dataclasses import dataclass
from datetime import date

from schemas.inbox import Taken
from schemas.loyalty.records import Section
from schemas.records import Artifact, RowCounts
from schemas.tables import Concern


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A whole report of a section on a day, with so many rows that could not be read."""

    day: date
    section: Section
    rejected: int


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What was told. ``failures`` are ``schemas.loyalty.records.Failures`` with ``told_on``, the day they were told on.

    They lie in the order of their ``slice``. ``came_back``: rows of rejects files that did.
    """

    failures: Artifact
    findings: Artifact
    came_back: Artifact
    rows: RowCounts
    reports: tuple[Reported, ...]
    taken: tuple[Taken, ...]
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedSales:
    """What files say of sales: ``lines`` of them, each with its file."""

    lines: Artifact
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SoldTo:
    """What was sold to the customers of failures, and the ``days`` of which that is all that was sold to them.

    ``lines`` come by the parts of the failures. ``items``: what each is called and costs (SOLD_ITEMS). ``taken``: what
    was taken for free where a redemption failed.
    """

    lines: Artifact
    days: Artifact
    items: Artifact
    taken: Artifact


@dataclass(frozen=True, kw_only=True)
class Swept:
    """One day's sweep: failures as they are now (``FailureStates``), those of them that are open, what changed.

    All of them come in the same parts. ``names`` are those of customers, as far as they were told today. ``reported``:
    whether any source ever reported anything, today or before. ``revision``: of the ledger, when they were entered.
    """

    day: date
    states: Artifact
    open: Artifact
    changes: Artifact
    names: Artifact
    reported: bool
    revision: int
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SweptDay:
    """A day that was swept. ``section`` is empty where no report came; *believed*: what it lacks is gone."""

    day: date
    section: Section | str
    believed: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is the matter with the open failures, and what they have in common; ``causes`` are a report table.

    ``diagnoses`` come in the parts of the open failures.
    """

    diagnoses: Artifact
    causes: Artifact


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Worklists that people filled in, as they arrived, and the failures that they decide about (``FailureStates``)."""

    names: tuple[str, ...]
    sources: tuple[Artifact, ...]
    failures: Artifact
    taken: tuple[Taken, ...]
