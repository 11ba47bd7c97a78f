"""Whether a report that lacks failures can be believed: an empty file is no proof that all is well.

Only a believed report says of a failure that it has gone. One that cannot be believed still tells what it shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from schemas.loyalty.records import DAYS_SHOWN, Section
from schemas.tables import Concern

_WORDS: Mapping[Section, str] = {"redemption": "redemptions", "transaction": "transactions"}


@dataclass(frozen=True, kw_only=True)
class ShortReport:
    """When a report is too short: it lacks at least ``rows`` failures that should be there, and this share of them."""

    rows: int = 5
    share: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one section: failures that are open and should still be shown, those of them that are not, and all shown.

    ``rejected`` rows could not be read, and may be any of the missing ones.
    """

    expected: int = 0
    missing: int = 0
    shown: int = 0
    rejected: int = 0


def tally(
    states: pl.DataFrame, failures: pl.DataFrame, *, day: date, rejected: Mapping[Section, int]
) -> dict[Section, Tally]:
    """Count for each section of which a whole report came (those that *rejected* names).

    States and failures may be a part of the keys: tallies of parts are added up by ``add_tallies``.
    """
    shown = failures.filter(pl.col("source") != "journal")
    due = states.filter(pl.col("status") == "open", pl.col("reported_on") < day, pl.col("expires_on") > day).select(
        "section", "failure_key"
    )
    missing = due.join(shown.select("failure_key"), on="failure_key", how="anti")
    return {
        section: Tally(
            expected=due.filter(section=section).height,
            missing=missing.filter(section=section).height,
            shown=shown.filter(section=section).height,
            rejected=unread,
        )
        for section, unread in rejected.items()
    }


def add_tallies(one: Mapping[Section, Tally], other: Mapping[Section, Tally]) -> dict[Section, Tally]:
    """Add the tallies of two parts of the keys; rejects are of the whole report, and counted once."""
    none = Tally()
    return {
        section: Tally(
            expected=one.get(section, none).expected + other.get(section, none).expected,
            missing=one.get(section, none).missing + other.get(section, none).missing,
            shown=one.get(section, none).shown + other.get(section, none).shown,
            rejected=max(one.get(section, none).rejected, other.get(section, none).rejected),
        )
        for section in {**one, **other}
    }


def judge_completeness(
    tallies: Mapping[Section, Tally], *, limit: ShortReport, regardless: bool
) -> tuple[frozenset[Section], tuple[Concern, ...]]:
    """Return the sections whose report is believed, and the concerns about the others.

    *regardless*: a person looked, and says that what is missing has been dealt with. Rows that could not be read
    are not believed away even so.
    """
    doubts = {section: _doubt(section, counts, limit, regardless) for section, counts in tallies.items()}
    believed = frozenset(section for section, doubt in doubts.items() if doubt is None)
    return believed, tuple(doubt for doubt in doubts.values() if doubt)


def _doubt(section: Section, counts: Tally, limit: ShortReport, regardless: bool) -> Concern | None:
    lacks = f"the report of {_WORDS[section]} lacks {counts.missing:,} of {counts.expected:,} open failures"
    if counts.rejected and counts.missing:
        says = f"{lacks}, and {counts.rejected:,} of its rows could not be read; nothing is taken for resolved"
        return Concern(code="LOYALTY_REPORT_SHORT", says=says)
    empty = counts.shown == 0 and counts.missing > 0
    short = counts.missing >= limit.rows and counts.missing > limit.share * counts.expected
    if regardless or not (empty or short):
        return None
    says = f"{lacks}, which nobody dealt with; nothing is taken for resolved"
    return Concern(code="LOYALTY_REPORT_SHORT", says=says, override="believe_short_report=true")


def awaited(last_reported: date | None, taken: Collection[object], day: date) -> tuple[Concern, ...]:
    """Warn where reports came until *last_reported*, and nothing at all came for *day*; who never sent one is not."""
    if taken or last_reported is None or last_reported >= day:
        return ()
    says = f"no report has arrived since {last_reported}: what failed since is not known"
    return (Concern(code="LOYALTY_REPORT_AWAITED", says=says),)


def missed_days(previous: Mapping[Section, date], reported: Collection[Section], day: date) -> tuple[Concern, ...]:
    """Warn of days whose failures may have come and gone between two reports. *previous*: the last report before."""
    since = day - timedelta(days=DAYS_SHOWN)
    return tuple(
        Concern(
            code="LOYALTY_DAYS_MISSED",
            says=f"no report of {_WORDS[section]} was read from {last} to {day}: what failed from {last} to {since} "
            "may have come and gone unseen",
        )
        for section, last in previous.items()
        if section in reported and last < since
    )
