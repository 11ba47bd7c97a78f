"""What a sweep itself enters about failures: what they are, and that some need nobody."""

from datetime import date

import polars as pl

_KEY = "failure_key"
POLICY = "policy: hide what is proven"


def with_diagnoses(states: pl.DataFrame, diagnoses: pl.DataFrame) -> pl.DataFrame:
    """Enter class and money at risk of those that were diagnosed."""
    diagnosed = diagnoses.select(_KEY, told="failure_class", risk="at_risk_cents")
    joined = states.join(diagnosed, on=_KEY, how="left", maintain_order="left")
    known = pl.col("told").is_not_null()
    return joined.with_columns(
        failure_class=pl.when(known).then("told").otherwise("failure_class"),
        at_risk_cents=pl.when(known).then("risk").otherwise("at_risk_cents"),
    ).drop("told", "risk")


def hide_proven(states: pl.DataFrame, diagnoses: pl.DataFrame, day: date) -> pl.DataFrame:
    """Close open failures of which it is proven that nothing is to be done; in Astro a person still presses Hide.

    Not those of which a person said that what we say is wrong.
    """
    proven = diagnoses.filter(pl.col("proven") & (pl.col("action") == "hide"))[_KEY]
    doubted = pl.col("decision").eq_missing(pl.lit("wrong"))
    due = pl.col(_KEY).is_in(proven.implode()) & (pl.col("status") == "open") & ~doubted
    status = pl.when(pl.col("failure_class") == "duplicate").then(pl.lit("duplicate")).otherwise(pl.lit("hidden"))
    values = {
        "status": status,
        "settled_on": pl.lit(day),
        "decision": pl.lit("hide"),
        "decided_by": pl.lit(POLICY),
        "decided_on": pl.lit(day),
    }
    return states.with_columns(pl.when(due).then(value).otherwise(name).alias(name) for name, value in values.items())


def settle_done(states: pl.DataFrame, keys: pl.Series, *, by: str, day: date) -> pl.DataFrame:
    """Return those of *states* that are open and whose key is among *keys*, as resolved by us."""
    mine = states.filter(pl.col(_KEY).is_in(keys.implode()) & (pl.col("status") == "open"))
    return mine.with_columns(
        status=pl.lit("resolved"),
        settled_on=pl.lit(day),
        decision=pl.lit("done"),
        decided_by=pl.lit(by),
        decided_on=pl.lit(day),
    )


def reopen_undone(states: pl.DataFrame, keys: pl.Series, *, undone: str, by: str, day: date) -> pl.DataFrame:
    """Return those of *states* among *keys* that the run *undone* settled, as open again.

    They count as doubted by a person: else the next sweep would do by its policy what somebody has just taken back.
    """
    mine = states.filter(pl.col(_KEY).is_in(keys.implode()) & (pl.col("decided_by") == f"run {undone}"))
    return mine.with_columns(
        status=pl.lit("open"),
        settled_on=pl.lit(None, pl.Date),
        decision=pl.lit("wrong"),
        decided_by=pl.lit(by),
        decided_on=pl.lit(day),
    )
