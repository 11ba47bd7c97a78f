"""What a sweep tells people who are not looking: only what changed, in counts and sums, and where to look."""

import hashlib

import polars as pl

from schemas.mail import News
from tasks.core.wording.speech import ENGLISH, Speech

SOON_DAYS = 3
AT_RISK = "%(counts)s new at risk: %(amount)s"
EXPIRING = f"%(counts)s about to expire, within {SOON_DAYS} days: %(amount)s"
UNKNOWN = ", and nobody knows of %(unknown)s"
SOON = "%(count)s about to expire"
_HARMLESS = ("hide",)
_IS_FRESH = pl.col("change").is_in(["new", "reopened"])
_IS_SOON = (pl.col("warned_days") <= SOON_DAYS).fill_null(value=False)


def newsworthy(failures: pl.DataFrame, diagnoses: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return of *failures* that were open those that are new or about to expire: what of a part has to be told."""
    at_risk = diagnoses.filter(~pl.col("action").is_in(_HARMLESS)).select("failure_key", "at_risk_cents")
    sections = failures.select("failure_key", "section")
    joined = changes.filter(_IS_FRESH | _IS_SOON).join(at_risk, on="failure_key").join(sections, on="failure_key")
    return joined.select("failure_key", "section", "at_risk_cents", fresh=_IS_FRESH)


def news_of(rows: pl.DataFrame, done: pl.Series, *, day: str, currency: str, speech: Speech = ENGLISH) -> News | None:
    """Return what is new at risk or about to expire, of what is worth telling; None where nothing changed.

    Those that the run put right (*done*, their keys) are no news. The name leaves that out: people who were asked were
    told before.
    """
    name = f"loyalty {day} {_name(rows.filter('fresh'), rows.filter(~pl.col('fresh')))}"
    left = rows.filter(~pl.col("failure_key").is_in(done.implode()))
    fresh, soon = left.filter("fresh"), left.filter(~pl.col("fresh"))
    parts = [
        (_line(fresh, currency, AT_RISK, speech), fresh),
        (_line(soon, currency, EXPIRING, speech), soon),
    ]
    lines = tuple(line for line, rows in parts if rows.height)
    return News(subject=_subject(fresh, soon, speech), lines=lines, name=name) if lines else None


def _line(rows: pl.DataFrame, currency: str, says: str, speech: Speech) -> str:
    redemptions = rows.filter(section="redemption").height
    purchases = rows.height - redemptions
    counts = [
        *([speech.ngettext("%(num)s redemption", "%(num)s redemptions", redemptions)] if redemptions else []),
        *([speech.ngettext("%(num)s purchase", "%(num)s purchases", purchases)] if purchases else []),
    ]
    unknown = rows["at_risk_cents"].null_count()
    money = speech.amount(int(rows["at_risk_cents"].sum() or 0), currency)
    line = speech.gettext(says) % {"counts": speech.gettext(" and ").join(counts), "amount": money}
    return line + (speech.gettext(UNKNOWN) % {"unknown": speech.number(unknown)} if unknown else "")


def _subject(fresh: pl.DataFrame, soon: pl.DataFrame, speech: Speech) -> str:
    parts = [speech.ngettext("%(num)s new", "%(num)s new", fresh.height)] * bool(fresh.height)
    parts += [speech.gettext(SOON) % {"count": speech.number(soon.height)}] * bool(soon.height)
    return f"{speech.gettext('Loyalty failures')}: {', '.join(parts)}"


def _name(fresh: pl.DataFrame, soon: pl.DataFrame) -> str:
    keys = [*fresh["failure_key"].sort(), "", *soon["failure_key"].sort()]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
