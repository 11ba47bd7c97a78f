"""What columns beside ours say of each row: in which currency it is, whether it expired or was ended, in which unit.

Each cell gets a verdict. Whether it costs the row or is shown to a person is for the domain to say.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice
from typing import Literal

import polars as pl

from schemas.currencies import codes, is_currency
from schemas.qualifiers import DEAD, LIVE, MANY, NO, PIECES, YES, Qualifier, bare, qualifier_of, says_many
from schemas.tables import FINDINGS_SCHEMA, Concern, Originals, Table
from tasks.core.checking.birth_dates import concluded_order
from tasks.core.checking.expiry_dates import TIME, last_days_meant
from tasks.core.checking.placeholders import ANY
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import counted

Verdict = Literal["", "foreign", "dead", "expired", "expires", "unreadable", "unknown", "unsaid"]
"""``""``: all is well. ``unsaid``: a blank cell in a column where others say something."""

_Days = tuple[date | None, date | None]
"""The earliest and the latest day that a text may mean; neither where it is no date."""

VERDICTS_SCHEMA = pl.Schema(
    {"line": pl.UInt32} | dict.fromkeys(("heading", "value", "verdict"), pl.String)  # in the order of the columns
)
MOST_WORDS = 5
_ENOUGH_TO_TELL = 100_000
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_NOTHING = frozenset({"", *ANY})


def judge_qualifiers(
    cells: pl.DataFrame, asked: Collection[Qualifier], *, currency: str = "", today: date
) -> pl.DataFrame:
    """Return ``line, heading, value, verdict`` of each cell that says more than that all is well.

    *cells* (``line`` and columns) are those that nobody takes, *asked* the kinds that would change what ours mean.
    """
    kinds = {name: qualifier_of(name) or _by_content(cells[name]) for name in cells.columns if name != "line"}
    judged = [_judged(cells, name, kind, currency, today) for name, kind in kinds.items() if kind and kind in asked]
    return pl.concat([VERDICTS_SCHEMA.to_frame(), *judged])


def findings_of(judged: pl.DataFrame, codes_of: Mapping[str, str]) -> pl.DataFrame:
    """Return the verdicts that cost their row, as *codes_of* (verdict -> code) says."""
    costly = judged.filter(pl.col("verdict").is_in(list(codes_of)))
    code = pl.col("verdict").replace_strict(codes_of, default=None, return_dtype=pl.String)
    return costly.select("line", "heading", "value", code=code, detail=pl.lit("")).cast(FINDINGS_SCHEMA)


def concerns_of(judged: pl.DataFrame, codes_of: Mapping[str, str], originals: Originals) -> tuple[Concern, ...]:
    """Return the verdicts that a person should look at, as *codes_of* (verdict -> code) says, a column at a time."""
    doubtful = judged.filter(pl.col("verdict").is_in(list(codes_of)))
    by_column = doubtful.group_by("heading", "verdict", maintain_order=True)
    return tuple(Concern(code=codes_of[str(verdict)], says=_says(str(heading), rows, originals))
                 for (heading, verdict), rows in by_column)  # fmt: skip


def scaled_headings(table: Table, *names: str) -> tuple[Concern, ...]:
    """Ask about columns of amounts whose own heading says that they count thousands, or cents."""
    headings = [table.headings[name] for name in names if says_many(table.headings.get(name, ""))]
    says = "the heading {!r} says that its numbers count something else than whole units; they are read as they stand"
    return tuple(Concern(code="COLUMN_DOUBT", says=says.format(heading)) for heading in headings)


def _says(heading: str, rows: pl.DataFrame, originals: Originals) -> str:
    words = rows["value"].unique(maintain_order=True)
    shown = ", ".join(repr(word) if word else "nothing" for word in islice(words, MOST_WORDS))
    more = ", ..." if words.len() > MOST_WORDS else ""
    lines = span_on(originals, rows["line"].to_list())
    return f"{heading} says {shown}{more} on {counted(rows.height, 'row')} (lines {lines})"


def _by_content(cells: pl.Series) -> Qualifier | None:
    """Tell a column of currencies, or of words such as ``expired`` or ``thousands``, whatever it is called."""
    words = {text for text in cells.head(_ENOUGH_TO_TELL).unique().str.strip_chars() if text}
    if words and words <= codes():
        return "currency"
    words_found = {bare(text) for text in words}
    return "status" if DEAD & words_found else "unit" if MANY & words_found else None


def _judged(cells: pl.DataFrame, name: str, kind: Qualifier, currency: str, today: date) -> pl.DataFrame:
    given = cells.select("line", value=pl.col(name).str.strip_chars()).with_columns(
        said=pl.col("value").str.replace(TIME, "")
    )
    texts = given["said"].unique()
    order = concluded_order(texts)
    judged = zip(texts, last_days_meant(texts, order).rows(), strict=True)
    verdict_of = {text: verdict for text, days in judged if (verdict := _verdict(text, kind, currency, days, today))}
    if not _NOTHING.issuperset(texts) and kind not in ("expiry", "dead", "price"):
        verdict_of |= dict.fromkeys(_NOTHING.intersection(texts), "unsaid")
    verdicts = pl.DataFrame(list(verdict_of.items()), schema={"said": pl.String, "verdict": pl.String}, orient="row")
    return given.join(verdicts, on="said", maintain_order="left").select(
        "line", pl.lit(name).alias("heading"), "value", "verdict"
    )


def _verdict(text: str, kind: Qualifier, currency: str, days: _Days, today: date) -> Verdict:
    if text in _NOTHING:
        return ""
    if kind == "currency":
        return "" if is_currency(text, currency) else "foreign"
    if kind == "unit":
        return "" if bare(text) in PIECES or is_currency(text, currency) else "unknown"
    if kind == "price" or (kind != "expiry" and _NUMBER.fullmatch(text) and text not in YES | NO):
        return "unknown" if text.strip("0.,") else ""
    return _of_life(bare(text), kind, days, today)


def _of_life(word: str, kind: Qualifier, days: _Days, today: date) -> Verdict:
    """Judge what a word or a date says of whether the record still counts."""
    if word in DEAD or (kind == "dead" and days[1]):
        return "dead"
    if kind == "expiry":
        return _until(days, today) if word not in NO | LIVE else ""
    if kind == "dead":
        return "" if word in NO | LIVE else "dead"
    if word in YES | LIVE or (kind == "live" and days[1] and days[1] <= today):
        return ""
    return "dead" if word in NO else "unknown"


def _until(days: _Days, today: date) -> Verdict:
    earliest, latest = days
    if earliest is None or latest is None:
        return "unreadable"
    if latest < today:
        return "expired"
    return "expires" if earliest >= today else "unreadable"
