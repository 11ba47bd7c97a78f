"""What the report of a sweep shows besides its actions: small tables of counts and sums, some of them drawn.

They hold counts, so Prefect may show them; but for the causes, some of which are customers.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import get_args

import polars as pl

from schemas.exhibits import Chart, Exhibit
from schemas.loyalty import WARNED_DAYS, ReasonCode

SHOWN_DAYS = 30
_UNIT = "currency"

CAUSES = Exhibit(
    name="causes",
    title="What is behind it",
    says="Failures that one cure settles together, by the money and how little time is left; redemptions first.",
    private=True,
    headings={"says": "Cause and cure"},
)

EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(name="today", title="Today", says="What this day did to the failures.", private=False),
    Exhibit(
        name="expiring",
        title="Time that is left",
        says="Open failures that Astro's report is about to drop, and what is lost with them.",
        private=False,
        headings={"within_days": "Within days"},
    ),
    Exhibit(
        name="open-by-class",
        title="Open failures by what they are",
        says="Every open failure, by its diagnosis.",
        private=False,
        headings={"failure_class": "Class", "action": "What settles it"},
    ),
    Exhibit(
        name="recovered",
        title="This month",
        says="Failures that were settled since the first of the month, by how, and what was at risk with them.",
        private=False,
    ),
    Exhibit(
        name="failures-by-day",
        title="Failures by day and reason",
        says="When they happened, over 30 days.",
        private=False,
        chart=Chart(
            kind="stacked",
            along="day",
            series=get_args(ReasonCode),
        ),
    ),
    Exhibit(
        name="thirty-days",
        title="Thirty days",
        says="How many failures were open at the end of each day, how many came and how many were settled.",
        private=False,
        chart=Chart(kind="line", along="day", series=("open", "new", "settled")),
    ),
    Exhibit(
        name="time-to-resolution",
        title="Time to resolution",
        says="How many days after it was first seen a failure was settled, by the week of its settlement.",
        private=False,
        chart=Chart(kind="bar", along="week_of", series=("median_days",)),
        headings={"week_of": "Week of", "median_days": "Median days"},
    ),
)


def exhibit_rows(states: pl.DataFrame, changes: pl.DataFrame, day: date, currency: str) -> dict[str, pl.DataFrame]:
    """Return the rows of every exhibit, by name. *states* are FailureStates with the ``action`` of their diagnosis."""
    makers: Mapping[str, Callable[[], pl.DataFrame]] = {
        "today": lambda: _today(states, changes),
        "expiring": lambda: _expiring(states, day),
        "open-by-class": lambda: _by_class(states),
        "recovered": lambda: _recovered(states, day),
        "failures-by-day": lambda: _by_day(states, day),
        "thirty-days": lambda: _thirty_days(states, day),
        "time-to-resolution": lambda: _resolution(states, day),
    }
    return {name: _with_unit(make(), currency) for name, make in makers.items()}


def shown_causes(causes: pl.DataFrame) -> pl.DataFrame:
    """Return of the causes what a sentence does not say better; money that nobody knows is not nothing."""
    told = pl.when(pl.col("unknown") < pl.col("failures")).then("at_risk_cents")
    return causes.select("says", "failures", "customers", told, "currency", "days_left", "who")


def _with_unit(rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    sums = any(name.endswith("_cents") for name in rows.columns)
    return rows.with_columns(pl.lit(currency).alias(_UNIT)) if sums else rows


def _counted() -> list[pl.Expr]:
    return [pl.len().cast(pl.Int64).alias("failures"), pl.col("at_risk_cents").sum()]


def open_failures(states: pl.DataFrame) -> pl.DataFrame:
    """Return the failures that are still to be dealt with."""
    return states.filter(status="open")


def _today(states: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    joined = changes.join(states.select("failure_key", "section", "at_risk_cents"), on="failure_key")
    told = joined.filter(pl.col("change") != "settled")
    return told.group_by("change", "section").agg(_counted()).sort("change", "section")


def _expiring(states: pl.DataFrame, day: date) -> pl.DataFrame:
    left = open_failures(states).with_columns(left=(pl.col("expires_on") - day).dt.total_days())
    within = [
        left.filter(pl.col("left") <= days).group_by("section").agg(_counted()).with_columns(within_days=pl.lit(days))
        for days in sorted(WARNED_DAYS)
    ]
    return (
        pl.concat(within).select("within_days", "section", "failures", "at_risk_cents").sort("within_days", "section")
    )


def _by_class(states: pl.DataFrame) -> pl.DataFrame:
    words = pl.col("failure_class").fill_null("not diagnosed").str.replace_all("_", " ")
    groups = open_failures(states).with_columns(words, pl.col("action").str.replace_all("_", " "))
    customers = pl.col("customer_id").filter(pl.col("customer_id") != "").n_unique().cast(pl.Int64).alias("customers")
    counted = groups.group_by("section", "failure_class", "action").agg(*_counted(), customers)
    return counted.sort("at_risk_cents", "failure_class", descending=[True, False])


def _recovered(states: pl.DataFrame, day: date) -> pl.DataFrame:
    settled = states.filter((pl.col("settled_on") >= day.replace(day=1)) & (pl.col("settled_on") <= day))
    return settled.group_by("status", "section").agg(_counted()).sort("status", "section")


def _days(day: date) -> pl.DataFrame:
    days = [day - timedelta(days=back) for back in range(SHOWN_DAYS - 1, -1, -1)]
    return pl.DataFrame({"day": days}, schema={"day": pl.Date})


def _by_day(states: pl.DataFrame, day: date) -> pl.DataFrame:
    counted = states.group_by(day="occurred_on").agg(
        (pl.col("reason_code") == reason).sum().cast(pl.Int64).alias(reason) for reason in get_args(ReasonCode)
    )
    return _days(day).join(counted, on="day", how="left", maintain_order="left").fill_null(0)


def _thirty_days(states: pl.DataFrame, day: date) -> pl.DataFrame:
    new = states.group_by(day="first_seen_on").agg(new=pl.len().cast(pl.Int64))
    settled = states.drop_nulls("settled_on").group_by(day="settled_on").agg(settled=pl.len().cast(pl.Int64))
    days = _days(day).join(new, on="day", how="left", maintain_order="left")
    days = days.join(settled, on="day", how="left", maintain_order="left").fill_null(0)
    before = states.filter(pl.col("first_seen_on") < days["day"][0])
    left = before.filter(pl.col("settled_on").is_null() | (pl.col("settled_on") >= days["day"][0])).height
    return days.with_columns(open=left + (pl.col("new") - pl.col("settled")).cum_sum()).select(
        "day", "open", "new", "settled"
    )


def _resolution(states: pl.DataFrame, day: date) -> pl.DataFrame:
    settled = states.filter(pl.col("status").is_in(["resolved", "hidden", "duplicate"])).drop_nulls("settled_on")
    lately = settled.filter(pl.col("settled_on") > day - timedelta(days=3 * SHOWN_DAYS))
    took = (pl.col("settled_on") - pl.col("first_seen_on")).dt.total_days()
    weeks = lately.group_by(week_of=pl.col("settled_on").dt.truncate("1w")).agg(
        failures=pl.len().cast(pl.Int64), median_days=took.median().round().cast(pl.Int64)
    )
    return weeks.sort("week_of")
