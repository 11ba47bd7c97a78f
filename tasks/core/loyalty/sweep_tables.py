"""What the report of a sweep shows besides its actions: small tables of counts and sums, some of them drawn.

They hold counts, so Prefect may show them; but for the causes, some of which are customers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from schemas.loyalty.records import WARNED_DAYS
from schemas.report_tables import Chart, ReportTable
from tasks.core.loyalty.partitions import added
from tasks.core.loyalty.trends import REASONS, SHOWN_DAYS, by_reason, by_week, open_at_the_end

_UNIT = "currency"

_UNKNOWN = {"unknown": "Worth unknown"}
"""Of so many failures nobody knows the money, and no sum has it in it."""

CAUSES = ReportTable(
    name="causes",
    title="What is behind it",
    says="Failures that one cure settles together, by the money and how little time is left; redemptions first.",
    private=True,
    headings={"says": "Cause and cure"},
)

REPORT_TABLES: tuple[ReportTable, ...] = (
    ReportTable(
        name="today",
        title="Today",
        says="What this day did to the failures.",
        private=False,
        headings=_UNKNOWN,
    ),
    ReportTable(
        name="expiring",
        title="Time that is left",
        says="Open failures that Astro's report is about to drop, and what is lost with them.",
        private=False,
        headings={"within_days": "Within days", **_UNKNOWN},
    ),
    ReportTable(
        name="open-by-class",
        title="Open failures by what they are",
        says="Every open failure, by its diagnosis.",
        private=False,
        headings={"failure_class": "Class", "action": "What settles it", **_UNKNOWN},
    ),
    ReportTable(
        name="recovered",
        title="This month",
        says="Failures that were settled since the first of the month, by how, and what was at risk with them.",
        private=False,
        headings=_UNKNOWN,
    ),
    ReportTable(
        name="failures-by-day",
        title="Failures by day and reason",
        says="When they happened, over 30 days.",
        private=False,
        chart=Chart(kind="stacked", along="day", series=REASONS),
    ),
    ReportTable(
        name="failures-by-week",
        title="Failures by week and reason",
        says="When they happened, by weeks from Monday, the last one up to the day of this sweep; and by how much each "
        "has more of them than the four weeks before it.",
        private=False,
        chart=Chart(kind="stacked", along="week_of", series=REASONS),
        headings={"week_of": "Week of", "failures": "All", "change_share": "Against four weeks before"},
    ),
    ReportTable(
        name="thirty-days",
        title="Thirty days",
        says="How many failures were open at the end of each day, how many came and how many were settled.",
        private=False,
        chart=Chart(kind="line", along="day", series=("open", "new", "settled")),
    ),
    ReportTable(
        name="time-to-resolution",
        title="Time to resolution",
        says="How many days after it was first seen a failure was settled, by the week of its settlement.",
        private=False,
        chart=Chart(kind="bar", along="week_of", series=("median_days",)),
        headings={"week_of": "Week of", "median_days": "Median days"},
    ),
)


Tally = Mapping[str, pl.DataFrame]
"""What is counted of failures, by report table: of a part of them, or of all."""

_BY: Mapping[str, tuple[str, ...]] = {
    "today": ("change", "section"),
    "expiring": ("within_days", "section"),
    "open-by-class": ("section", "failure_class", "action"),
    "recovered": ("status", "section"),
    "failures-by-day": ("day", "reason_code"),
    "failures-by-week": ("day", "reason_code"),
    "thirty-days": ("day",),
    "time-to-resolution": ("week_of", "days"),
}
"""By what each report table counts; whatever else it has is added up."""


def tally_report_tables(states: pl.DataFrame, changes: pl.DataFrame, day: date) -> Tally:
    """Count failures, all those of a customer together; they are FailureStates with the ``action`` to be taken."""
    by_day = states.group_by("reason_code", day="occurred_on").agg(_count())
    return {
        "today": _today(states, changes),
        "expiring": _expiring(states, day),
        "open-by-class": _by_class(states),
        "recovered": _recovered(states, day),
        "failures-by-day": by_day,
        "failures-by-week": by_day,
        "thirty-days": _came_and_went(states),
        "time-to-resolution": _settled(states, day),
    }


def add_report_tables(tallies: Sequence[Tally]) -> Tally:
    """Add the tallies of parts."""
    return {name: added([each[name] for each in tallies], by) for name, by in _BY.items()}


def rows_of_table(tally: Tally, day: date, currency: str) -> dict[str, pl.DataFrame]:
    """Return the rows of every report table, by name, from the tally of all failures."""
    drawn: Mapping[str, Callable[[pl.DataFrame, date], pl.DataFrame]] = {
        "failures-by-day": by_reason,
        "failures-by-week": by_week,
        "thirty-days": open_at_the_end,
        "time-to-resolution": _resolution,
    }
    return {name: _with_unit(drawn.get(name, _ordered(name))(rows, day), currency) for name, rows in tally.items()}


def _ordered(name: str) -> Callable[[pl.DataFrame, date], pl.DataFrame]:
    if name == "open-by-class":
        return lambda rows, _: rows.sort("at_risk_cents", *_BY[name], descending=[True, False, False, False])
    return lambda rows, _: rows.sort(_BY[name])


def shown_causes(causes: pl.DataFrame) -> pl.DataFrame:
    """Return of the causes what a sentence does not say better; money that nobody knows is not nothing."""
    at_risk = pl.when(pl.col("unknown") < pl.col("failures")).then("at_risk_cents")
    return causes.select("says", "failures", "customers", at_risk, "currency", "days_left", "who")


def _with_unit(rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Name the currency of sums; where nobody knows any part of a sum, it is not nothing."""
    if "unknown" not in rows.columns:
        return rows
    known = pl.when(pl.col("unknown") < pl.col("failures")).then("at_risk_cents")
    return rows.with_columns(known.alias("at_risk_cents"), pl.lit(currency).alias(_UNIT))


def _count() -> pl.Expr:
    return pl.len().cast(pl.Int64).alias("failures")


def _counted() -> list[pl.Expr]:
    unknown = pl.col("at_risk_cents").null_count().cast(pl.Int64).alias("unknown")
    return [_count(), pl.col("at_risk_cents").sum(), unknown]


def _open(states: pl.DataFrame) -> pl.DataFrame:
    return states.filter(status="open")


def _today(states: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    joined = changes.join(states.select("failure_key", "section", "at_risk_cents"), on="failure_key")
    return joined.filter(pl.col("change") != "settled").group_by("change", "section").agg(_counted())


def _expiring(states: pl.DataFrame, day: date) -> pl.DataFrame:
    left = _open(states).with_columns(left=(pl.col("expires_on") - day).dt.total_days())
    within = [
        left.filter(pl.col("left") <= days).group_by("section").agg(_counted()).with_columns(within_days=pl.lit(days))
        for days in sorted(WARNED_DAYS)
    ]
    return pl.concat(within).select("within_days", "section", "failures", "at_risk_cents", "unknown")


def _by_class(states: pl.DataFrame) -> pl.DataFrame:
    words = pl.col("failure_class").fill_null("not diagnosed").str.replace_all("_", " ")
    groups = _open(states).with_columns(words, pl.col("action").str.replace_all("_", " "))
    customers = pl.col("customer_id").filter(pl.col("customer_id") != "").n_unique().cast(pl.Int64).alias("customers")
    return groups.group_by("section", "failure_class", "action").agg(*_counted(), customers)


def _recovered(states: pl.DataFrame, day: date) -> pl.DataFrame:
    settled = states.filter((pl.col("settled_on") >= day.replace(day=1)) & (pl.col("settled_on") <= day))
    return settled.group_by("status", "section").agg(_counted())


def _came_and_went(states: pl.DataFrame) -> pl.DataFrame:
    came = states.select(day="first_seen_on", new=1, settled=0)
    went = states.drop_nulls("settled_on").select(day="settled_on", new=0, settled=1)
    return pl.concat([came, went]).group_by("day").agg(pl.col("new", "settled").sum().cast(pl.Int64))


def _settled(states: pl.DataFrame, day: date) -> pl.DataFrame:
    settled = states.filter(pl.col("status").is_in(["resolved", "hidden", "duplicate"])).drop_nulls("settled_on")
    lately = settled.filter(pl.col("settled_on") > day - timedelta(days=3 * SHOWN_DAYS))
    took = (pl.col("settled_on") - pl.col("first_seen_on")).dt.total_days()
    return lately.group_by(week_of=pl.col("settled_on").dt.truncate("1w"), days=took).agg(_count())


def _resolution(rows: pl.DataFrame, _: date) -> pl.DataFrame:
    each = rows.select("week_of", pl.col("days").repeat_by("failures")).explode("days", empty_as_null=False)
    weeks = each.group_by("week_of").agg(_count(), median_days=pl.col("days").median().round().cast(pl.Int64))
    if weeks.is_empty():
        return weeks
    return weeks.sort("week_of").upsample("week_of", every="1w").with_columns(pl.col("failures").fill_null(0))
