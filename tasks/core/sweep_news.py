"""What a sweep tells people who are not looking: only what changed, in counts and sums, and where to look."""

import hashlib
from dataclasses import dataclass

import polars as pl

from tasks.core.rendering.words import amount, counted

SOON_DAYS = 3
_HARMLESS = ("hide",)


@dataclass(frozen=True, kw_only=True)
class News:
    """One message. ``name`` is the same for the same news, so that nobody is told twice."""

    subject: str
    lines: tuple[str, ...]
    name: str


def news_of(failures: pl.DataFrame, changes: pl.DataFrame, done: pl.Series, *, day: str, currency: str) -> News | None:
    """Return what is new at risk or about to expire; None where nothing changed.

    *failures* are those that were open, with ``action``; *changes* what the day did to them. Those that the run put
    right (*done*, their keys) are no news. The name leaves that out: people who were asked were told before.
    """
    beside = failures.join(changes, on="failure_key", how="inner").filter(~pl.col("action").is_in(_HARMLESS))
    fresh = beside.filter(pl.col("change").is_in(["new", "reopened"]))
    soon = beside.filter((pl.col("warned_days") <= SOON_DAYS) & ~pl.col("change").is_in(["new", "reopened"]))
    name = f"loyalty {day} {_name(fresh, soon)}"
    fresh, soon = (rows.filter(~pl.col("failure_key").is_in(done.implode())) for rows in (fresh, soon))
    told = [
        (_line(fresh, currency, "new at risk"), fresh),
        (_line(soon, currency, f"about to expire, within {SOON_DAYS} days"), soon),
    ]
    lines = tuple(line for line, rows in told if rows.height)
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
