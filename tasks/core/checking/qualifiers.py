"""What columns beside ours say of each row: in which currency it is, whether it expired or was ended, in which unit.

Each cell gets a verdict. Whether it costs the row or is shown to a person is for the domain to say.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

import polars as pl

from schemas.qualifiers import DEAD, LIVE, MANY, NO, PIECES, YES, Qualifier
from schemas.tables import FINDINGS_SCHEMA, Concern, Originals, Table
from tasks.core.checking.birth_dates import concluded_order
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.expiry_dates import TIME, last_days_meant
from tasks.core.checking.placeholders import ANY
from tasks.core.reading.currencies import codes, is_currency
from tasks.core.reading.qualifier_headings import bare, qualifier_of, says_many
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import counted

Verdict = Literal["", "foreign", "dead", "expired", "expires", "unreadable", "unknown", "unsaid"]
"""``""``: all is well. ``unsaid``: a blank cell in a column where others say something."""

_Days = tuple[date | None, date | None]
"""The earliest and the latest day that a text may mean; neither where it is no date."""

VERDICTS_SCHEMA = pl.Schema(
    {"line": pl.UInt32} | dict.fromkeys(("heading", "value", "verdict", "until"), pl.String)  # in this order
)
MOST_WORDS = 5
ENOUGH_TO_TELL = 100_000
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_NOTHING = frozenset({"", *ANY})


@dataclass(frozen=True, kw_only=True)
class AskedColumn:
    """What a column beside ours is as a whole: its kind, how it writes dates, and whether it says anything at all."""

    kind: Qualifier
    order: DayOrder
    says: bool


def judge_qualifiers(
    cells: pl.DataFrame, asked: Collection[Qualifier], *, currency: str = "", today: date
) -> pl.DataFrame:
    """Return ``line, heading, value, verdict, until`` of each cell that says more than that all is well.

    ``until`` is the last day that a cell means (ISO 8601), null where it means none, or one of several.
    *cells* (``line`` and columns) are those that nobody takes, *asked* the kinds that would change what ours mean.
    """
    columns = {name: look_at_whole(cells[name], kind) for name, kind in kinds_of(cells, asked).items()}
    return judge_some_qualifiers(cells, columns, currency=currency, today=today)


def kinds_of(cells: pl.DataFrame, asked: Collection[Qualifier]) -> dict[str, Qualifier]:
    """Tell which of the columns are of an *asked* kind, by heading or else by the first ``ENOUGH_TO_TELL`` cells."""
    kinds = {name: qualifier_of(name) or _by_content(cells[name]) for name in cells.columns if name != "line"}
    return {name: kind for name, kind in kinds.items() if kind and kind in asked}


def look_at_whole(cells: pl.Series, kind: Qualifier) -> AskedColumn:
    """Conclude from all cells of a column how each of them is to be judged."""
    texts = cells.to_frame("said").select(_said(pl.col("said"))).to_series().unique()
    return AskedColumn(kind=kind, order=concluded_order(texts), says=not _NOTHING.issuperset(texts))


def judge_some_qualifiers(
    cells: pl.DataFrame, columns: Mapping[str, AskedColumn], *, currency: str = "", today: date
) -> pl.DataFrame:
    """Judge some rows of a file, of which it is known what its *columns* are; see ``judge_qualifiers``."""
    judged = [_judged(cells, name, column, currency, today) for name, column in columns.items()]
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
    words = {text for text in cells.head(ENOUGH_TO_TELL).unique().str.strip_chars() if text}
    if words and words <= codes():
        return "currency"
    words_found = {bare(text) for text in words}
    return "status" if DEAD & words_found else "unit" if MANY & words_found else None


def _judged(cells: pl.DataFrame, name: str, column: AskedColumn, currency: str, today: date) -> pl.DataFrame:
    given = cells.select("line", value=pl.col(name).str.strip_chars()).with_columns(said=_said(pl.col("value")))
    texts = given["said"].unique()
    meant = dict(zip(texts, last_days_meant(texts, column.order).rows(), strict=True))
    verdict_of = {
        text: verdict for text in meant if (verdict := _verdict(text, column.kind, currency, meant[text], today))
    }
    if column.says and column.kind not in ("expiry", "dead", "price"):
        verdict_of |= dict.fromkeys(_NOTHING.intersection(texts), "unsaid")
    rows = [(text, verdict, _one_day(meant[text])) for text, verdict in verdict_of.items()]
    verdicts = pl.DataFrame(rows, schema=dict.fromkeys(("said", "verdict", "until"), pl.String), orient="row")
    return given.join(verdicts, on="said", maintain_order="left").select(
        "line", pl.lit(name).alias("heading"), "value", "verdict", "until"
    )


def _said(cell: pl.Expr) -> pl.Expr:
    return cell.str.strip_chars().str.replace(TIME, "")


def _one_day(days: _Days) -> str | None:
    earliest, latest = days
    return earliest.isoformat() if earliest and earliest == latest else None


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
