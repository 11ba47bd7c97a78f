"""What is remembered of failures, and today's report of them -> what is remembered now.

A report is a set of rows, and what became of a failure follows from the days that showed it and the days that
did not. So the same report twice changes nothing, reports may come late, and nothing remembered is ever dropped.
Whether a report can be believed when it lacks something is judged first, over everything: ``believing``.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from schemas.columns import shape_of
from schemas.loyalty.records import DAYS_SHOWN, WARNED_DAYS, FailureStates, Section
from tasks.core.loyalty.shown_days import NEVER, with_followed, with_shown

_TYPES = shape_of(FailureStates)
_COLUMNS = tuple(_TYPES)
_MOVING = _COLUMNS[_COLUMNS.index("first_seen_on") :]
"""What may change of a failure; what was told of it does not."""
_KEY = "failure_key"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One sweep: the day it is for, and all days that were ever ``swept``, this one included.

    ``believed`` are, by section, the days whose whole report was read and believed, ``day`` among them if it was:
    what these do not show is gone.
    """

    day: date
    swept: Collection[date]
    believed: Mapping[Section, Collection[date]]

    @property
    def newest(self) -> date:
        """Return the last day that was ever swept."""
        return max(self.swept)


def sweep(states: pl.DataFrame, failures: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Return every failure as it is after the sweep: those of *states* (FailureStates) and the new ones of *failures*.

    Rows depend on themselves alone, so a part of the keys can be swept at a time.
    """
    reported = failures.select(_KEY, seen=pl.lit(value=True), shown_now=pl.col("source") != "journal")
    every = pl.concat([states.select(_COLUMNS), _unknown(states, failures, look)]).join(
        reported, on=_KEY, how="left", maintain_order="left"
    )
    dated = with_followed(with_shown(every.with_columns(_seen(look)), look.day), look.believed)
    decided = dated.with_columns(kept=_is_decided() & ~pl.col("undone"))
    judged = decided.with_columns(noticed_on=_noticed_on(decided, look)).with_columns(now=_status())
    return FailureStates.validate(judged.with_columns(_moves(look)).select(_COLUMNS))


def _unknown(states: pl.DataFrame, failures: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Return the failures that are not remembered yet, as if nothing were known but what is told."""
    fresh = failures.join(states.select(_KEY), on=_KEY, how="anti", maintain_order="left")
    shown_for = timedelta(days=DAYS_SHOWN)
    begun = fresh.with_columns(
        expires_at=pl.col("occurred_at") + pl.duration(days=DAYS_SHOWN),
        expires_on=pl.col("occurred_on") + shown_for,
        first_seen_on=pl.lit(look.day),
        last_seen_on=pl.lit(look.day),
        shown=pl.lit(NEVER),
        status=pl.lit("open"),
    )
    absent = [pl.lit(None).alias(name) for name in _COLUMNS if name not in begun.columns]
    typed = [pl.col(name).cast(dtype) for name, dtype in _TYPES.items()]
    return begun.with_columns(absent).select(typed)


def _seen(look: Look) -> list[pl.Expr]:
    day = pl.when("seen").then(pl.lit(look.day))
    return [
        pl.min_horizontal("first_seen_on", day).alias("first_seen_on"),
        pl.max_horizontal("last_seen_on", day).alias("last_seen_on"),
    ]


def _noticed_on(rows: pl.DataFrame, look: Look) -> pl.Series:
    """Find the first day that was swept after a failure was last seen, when its time was over."""
    over = rows.select(pl.max_horizontal(pl.col("last_seen_on") + timedelta(days=1), "expires_on")).to_series()
    swept = sorted(look.swept)
    met = [day for day in over.unique() if day <= swept[-1]]
    noticed = {day: swept[bisect_left(swept, day)] for day in met}
    return over.replace_strict(noticed, default=None, return_dtype=pl.Date)


def _is_decided() -> pl.Expr:
    """Say whether a person or a run settled it; if so, it stays settled whatever the report shows."""
    settled = pl.col("status").is_in(["resolved", "hidden", "duplicate"])
    return settled & pl.col("decision").is_not_null() & (pl.col("decision") != "wrong")


def _status() -> pl.Expr:
    """Return the status that follows from the days alone, whoever decided what."""
    in_time = pl.col("gone_on") < pl.col("expires_on")
    return (
        pl.when(pl.col("gone_on").is_not_null())
        .then(pl.when(in_time).then(pl.lit("resolved")).otherwise(pl.lit("expired")))
        .when(pl.col("noticed_on").is_not_null())
        .then(pl.lit("expired"))
        .otherwise(pl.lit("open"))
    )


def _moves(look: Look) -> list[pl.Expr]:
    status = pl.when("kept").then("status").otherwise("now")
    settled = pl.when(status != "open").then(pl.coalesce("gone_on", "noticed_on"))
    undone = _is_decided() & pl.col("undone")
    return [
        status.alias("status"),
        pl.when("kept").then("settled_on").otherwise(settled).alias("settled_on"),
        pl.when(status == "open").then(_warning(days_left(look.newest))).alias("warned_days"),
        *(pl.when(~undone).then(name).alias(name) for name in ("decision", "decided_by", "decided_on")),
    ]


def days_left(day: date) -> pl.Expr:
    """Return for how many days after *day* the report still shows a failure."""
    return (pl.col("expires_on") - pl.lit(day)).dt.total_days()


def _warning(left: pl.Expr) -> pl.Expr:
    """Return the fewest of WARNED_DAYS that is reached, null where none is."""
    reached = [pl.when(left <= days).then(pl.lit(days, pl.Int64)) for days in sorted(WARNED_DAYS)]
    return pl.coalesce(reached)


def moved(after: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return those of *after* that are new, or of which something else is remembered than *before*."""
    joined = after.join(before.select(_KEY, *_MOVING), on=_KEY, how="left", maintain_order="left", suffix="_before")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in _MOVING]
    return joined.filter(pl.any_horizontal(differs)).select(_COLUMNS)


def changes_on(states: pl.DataFrame, day: date, previous: date | None) -> pl.DataFrame:
    """Return ``failure_key, change, warned_days`` of what *day* changed, found from the days that are remembered.

    So a retry says what the first attempt said. ``warned_days`` is set where one of WARNED_DAYS was reached
    since *previous*, the sweep before this one.
    """
    change = (
        pl.when(pl.col("first_seen_on") == day)
        .then(pl.lit("new"))
        .when((pl.col("reopened_on") == day) & (pl.col("status") == "open"))
        .then(pl.lit("reopened"))
        .when(pl.col("status") == "open")
        .then(pl.lit("still_open"))
        .when((pl.col("settled_on") == day) & (pl.col("status") == "expired"))
        .then(pl.lit("expired"))
        .when((pl.col("settled_on") == day) & (pl.col("gone_on") == day))
        .then(pl.lit("gone"))
        .otherwise(pl.lit("settled"))
    )
    now = _warning(days_left(day))
    before = pl.when(pl.col("first_seen_on") < day).then(_warning(days_left(previous)) if previous else None)
    reached = (pl.col("status") == "open") & now.is_not_null() & (before.is_null() | (now < before))
    return states.select(_KEY, change=change, warned_days=pl.when(reached).then(now))
