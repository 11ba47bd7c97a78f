"""What many failures share, so that one cure settles them: worst first.

Redemptions come first, for with them the distributor's credit is at stake; then the money, and how little time is
left. Money that nobody knows is weighed as the rest of its section on average: unknown is not nothing.
"""

from collections.abc import Sequence
from datetime import date
from typing import get_args

import polars as pl

from schemas.loyalty.cures import CURES
from schemas.loyalty.records import Who
from tasks.core.loyalty.sweep import days_left
from tasks.core.wording.money import amount_text

_KEY = "failure_key"


_CAUSE = ("section", "failure_class", "cause")
_FINE = 1_000
"""Weights are whole numbers of thousandths, so that parts add up to the same in any order."""


def tally_causes(failures: pl.DataFrame, diagnoses: pl.DataFrame, day: date) -> pl.DataFrame:
    """Count and sum up *failures* (FailureStates) by what cures them; of a part, where each customer is in one part."""
    diagnosed = diagnoses.select(_KEY, "failure_class", "cause", "at_risk_cents", "who")
    rows = failures.drop("failure_class", "at_risk_cents").join(diagnosed, on=_KEY).with_columns(left=days_left(day))
    known = pl.col("at_risk_cents").is_not_null()
    near = pl.max_horizontal(pl.col("left") + 1, pl.lit(1))
    return rows.group_by(*_CAUSE).agg(
        failures=pl.len().cast(pl.Int64),
        customers=pl.col("customer_id").filter(pl.col("customer_id") != "").n_unique().cast(pl.Int64),
        upcs=pl.col("upc").filter(pl.col("upc") != "").unique(),
        at_risk_cents=pl.col("at_risk_cents").sum(),
        known=known.sum().cast(pl.Int64),
        unknown=(~known).sum().cast(pl.Int64),
        weight=(pl.col("at_risk_cents") * _FINE // near).sum(),
        unweighed=(_FINE // near).filter(~known).sum(),
        days_left=pl.col("left").min(),
        who=_whoever_can(),
    )


def add_causes(tallies: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add the tallies of parts."""
    sums = ("failures", "customers", "at_risk_cents", "known", "unknown", "weight", "unweighed")
    return (
        pl.concat(tallies)
        .group_by(*_CAUSE)
        .agg(
            pl.col(sums).sum(),
            upcs=pl.col("upcs").explode(empty_as_null=False).unique(),
            days_left=pl.col("days_left").min(),
            who=_whoever_can(),
        )
    )


def name_causes(tally: pl.DataFrame, *, currency: str) -> pl.DataFrame:
    """Put causes in the order in which they should be dealt with, and say each.

    Returns ``section, failure_class, cause, says, failures, customers, at_risk_cents, unknown`` (how many of which
    nobody knows the money), ``days_left, who, currency``.
    """
    ordered = tally.with_columns(weight=_weight()).sort(
        ["section", "weight", "days_left", "failures", "cause", "failure_class"],
        descending=[False, True, False, True, False, False],
    )
    named = ordered.with_columns(
        currency=pl.lit(currency), upc=pl.col("upcs").list.max(), upcs=pl.col("upcs").list.len()
    )
    return named.with_columns(says=_sentence(currency)).select(
        *(*_CAUSE, "says", "failures", "customers", "at_risk_cents", "unknown", "days_left", "who", "currency")
    )


def _whoever_can() -> pl.Expr:
    """Name who can do all of it."""
    return pl.col("who").cast(pl.Enum(get_args(Who))).max().cast(pl.String)


def _weight() -> pl.Expr:
    """Weigh money by nearness: what expires tomorrow counts a week's worth of what has a week."""
    whole = pl.col("at_risk_cents").sum().over("section") / pl.col("known").sum().over("section")
    usual = pl.when(pl.col("known").sum().over("section") > 0).then(whole).otherwise(1.0)
    return pl.col("weight") + usual * pl.col("unweighed")


def _sentence(currency: str) -> pl.Expr:
    """Say it as people do: *UPC 0123 not enrolled: 37 failures, 22 customers, 1,240.00 at risk: one enrolment ...*."""
    name = pl.col("failure_class")
    what = name.replace_strict({each: cure.is_ for each, cure in CURES.items()}, return_dtype=pl.String)
    cure = name.replace_strict({each: cure.does for each, cure in CURES.items()}, return_dtype=pl.String)
    items = (
        pl.when(pl.col("upcs") > 1)
        .then(pl.format(" ({} items)", "upcs"))
        .when((pl.col("upcs") == 1) & ~pl.col("cause").str.starts_with("UPC "))
        .then(pl.format(" (UPC {})", "upc"))
        .otherwise(pl.lit(""))
    )
    money = amount_text(pl.col("at_risk_cents"), pl.col("currency"), [currency])
    risk = pl.when(pl.col("at_risk_cents") > 0).then(pl.format(", {} at risk", money)).otherwise(pl.lit(""))
    unknown = pl.when(pl.col("unknown") > 0).then(pl.format(", {} of unknown worth", "unknown")).otherwise(pl.lit(""))
    counts = pl.concat_str(_counted("failures", "failure"), pl.lit(", "), _counted("customers", "customer"))
    return pl.format("{}{}{}: {}{}{}: {}", "cause", items, what, counts, risk, unknown, cure)


def _counted(name: str, word: str) -> pl.Expr:
    plural = pl.when(pl.col(name) == 1).then(pl.lit(word)).otherwise(pl.lit(f"{word}s"))
    return pl.format("{} {}", name, plural)
