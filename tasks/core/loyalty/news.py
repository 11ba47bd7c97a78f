"""What a sweep tells people who are not looking: only what changed, in counts and sums, and where to look."""

import hashlib

import polars as pl

from schemas.mail import News
from tasks.core.wording.money import amount
from tasks.core.wording.words import counted

SOON_DAYS = 3
_HARMLESS = ("hide",)
_IS_FRESH = pl.col("change").is_in(["new", "reopened"])
_IS_SOON = (pl.col("warned_days") <= SOON_DAYS).fill_null(value=False)


def newsworthy(failures: pl.DataFrame, diagnoses: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return of *failures* that were open those that are new or about to expire: what of a part has to be told."""
    at_risk = diagnoses.filter(~pl.col("action").is_in(_HARMLESS)).select("failure_key", "at_risk_cents")
    sections = failures.select("failure_key", "section")
    joined = changes.filter(_IS_FRESH | _IS_SOON).join(at_risk, on="failure_key").join(sections, on="failure_key")
    return joined.select("failure_key", "section", "at_risk_cents", fresh=_IS_FRESH)


def news_of(rows: pl.DataFrame, done: pl.Series, *, day: str, currency: str) -> News | None:
    """Return what is new at risk or about to expire, of what is worth telling; None where nothing changed.

    Those that the run put right (*done*, their keys) are no news. The name leaves that out: people who were asked were
    told before.
    """
    name = f"loyalty {day} {_name(rows.filter('fresh'), rows.filter(~pl.col('fresh')))}"
    left = rows.filter(~pl.col("failure_key").is_in(done.implode()))
    fresh, soon = left.filter("fresh"), left.filter(~pl.col("fresh"))
    parts = [
        (_line(fresh, currency, "new at risk"), fresh),
        (_line(soon, currency, f"about to expire, within {SOON_DAYS} days"), soon),
    ]
    lines = tuple(line for line, rows in parts if rows.height)
    return News(subject=_subject(fresh, soon), lines=lines, name=name) if lines else None


def _line(rows: pl.DataFrame, currency: str, what: str) -> str:
    redemptions = rows.filter(section="redemption").height
    purchases = rows.height - redemptions
    parts = [counted(redemptions, "redemption")] * bool(redemptions) + [counted(purchases, "purchase")] * bool(
        purchases
    )
    unknown = rows["at_risk_cents"].null_count()
    money = amount(int(rows["at_risk_cents"].sum() or 0), currency)
    unsaid = f", and nobody knows of {unknown:,}" if unknown else ""
    return f"{' and '.join(parts)} {what}: {money}{unsaid}"


def _subject(fresh: pl.DataFrame, soon: pl.DataFrame) -> str:
    parts = [f"{fresh.height:,} new"] * bool(fresh.height) + [f"{soon.height:,} about to expire"] * bool(soon.height)
    return f"Loyalty failures: {', '.join(parts)}"


def _name(fresh: pl.DataFrame, soon: pl.DataFrame) -> str:
    keys = [*fresh["failure_key"].sort(), "", *soon["failure_key"].sort()]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
