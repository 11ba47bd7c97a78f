"""The changes and rejects of a run as text, ready to be shown: those that need a person first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from schemas.catalogue import CATALOGUE
from schemas.tables import ValueColumn
from tasks.core.planning.inverse_changes import EDITED_SINCE
from tasks.core.wording.messages import wording
from tasks.core.wording.money import amount_text, with_marks
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.words import GROUPS, heading

UNIT = "currency"
"""The column that says what the amounts of a row are in: every resource with amounts has it."""

EMPTIED = "(empty)"
NO_CHANGES = pl.DataFrame(schema={"line": pl.UInt32, "kind": pl.String, "code": pl.String, "key": pl.String})
NO_REJECTS = pl.DataFrame(
    schema={"line": pl.UInt32, "heading": pl.String, "value": pl.String, "code": pl.String, "message": pl.String}
)
"""What a run has to show that stopped before it got so far."""

FEW_COLUMNS = 4
"""So many columns of values stand beside each other on a usual screen."""

MOST_CELLS = 600_000
"""What a phone unpacks, and a spreadsheet opens, in a few seconds."""

_GROUP_OF_KIND = {"create": "new", "update": "changed", "remove": "removed", "held": "held", "conflict": "conflict"}
ROWS_SAY: Mapping[str, str] = {
    "written": "Written",
    "done": "Already so: an earlier attempt got through",
    "unchanged": "Already so: another run, or someone, did it first",
    "conflict": "Someone else changed it since the plan; left as it is",
    "refused": "The target said no; left as it is",
    "unknown": "The target did not say; look it up before you repeat it",
    "": "Not written",
}
HELD: tuple[str, ...] = tuple(entry.code for entry in CATALOGUE.values() if entry.level == "held")
"""Codes that say why a row is held."""


def value_columns(changes: pl.DataFrame) -> tuple[ValueColumn, ...]:
    """List the columns of the target that *changes* holds both sides of, in their order."""
    names = [name.removesuffix("_before") for name in changes.columns if name.endswith("_before")]
    return tuple(
        ValueColumn(
            name=name,
            heading=heading(name),
            is_amount=name.endswith("_cents"),
            has_now=f"{name}_now" in changes.columns,
        )
        for name in names
    )


def key_column(changes: pl.DataFrame) -> str:
    """Name the key: it follows line, kind and code (see ``tasks.core.planning.changes``)."""
    return changes.columns[3]


def pick_changes(changes: pl.DataFrame, most: int, says: pl.Expr | None = None) -> pl.DataFrame:
    """Take at most *most* changes, with columns ``group`` and ``says`` added: in English, or as *says* says it.

    Held, conflict, refused and unknown come first, then removals, updates and creates; within
    these the order of *changes* stays.
    """
    judged = grouped(changes)
    rank = judged.select(rank=pl.col("group").cast(pl.Enum(GROUPS)).to_physical()).with_row_index()
    first = rank.sort("rank", maintain_order=True).head(most)["index"]
    return judged[first].with_columns(says=row_says(str, english) if says is None else says)


def grouped(changes: pl.DataFrame) -> pl.DataFrame:
    """Add ``group``: what became of each change. A plan has no outcomes yet, which is no outcome."""
    missing = [pl.lit("").alias(name) for name in ("outcome", "detail") if name not in changes.columns]
    return changes.with_columns(*missing).with_columns(group=_group())


def _group() -> pl.Expr:
    by_kind = pl.col("kind").cast(pl.String).replace_strict(_GROUP_OF_KIND, return_dtype=pl.String)
    outcome = pl.col("outcome").cast(pl.String).fill_null("")
    return pl.when(outcome.is_in(["conflict", "refused", "unknown", "unchanged"])).then(outcome).otherwise(by_kind)


def english(code: str) -> tuple[str, str]:
    """Return why a row is held, and what would be right."""
    if code == EDITED_SINCE:
        return "Someone else changed it since the run", "left as it is"
    return wording(code, "en")


def row_says(said: Callable[[str], str], worded: Callable[[str], tuple[str, str]]) -> pl.Expr:
    """Say what became of a row in the language of *said*; *worded* gives reason and remedy of a code."""
    words = {code: worded(code) for code in HELD}
    reasons = {code: f"{says[:1].upper()}{says[1:]}" for code, (says, _) in words.items()}
    remedies = {code: f"; {remedy}" for code, (_, remedy) in words.items()}
    outcome = pl.col("outcome").cast(pl.String).fill_null("")
    detail = pl.when(pl.col("detail") != "").then(pl.format(" ({})", "detail")).otherwise(pl.lit(""))
    by_outcome = {outcome: said(text) for outcome, text in ROWS_SAY.items()}
    return (
        pl.when(pl.col("code") != "")
        .then(pl.concat_str(pl.col("code").replace(reasons), detail, pl.col("code").replace(remedies)))
        .otherwise(outcome.replace_strict(by_outcome, default=outcome, return_dtype=pl.String))
    )


def shown_changes(picked: pl.DataFrame, columns: Sequence[ValueColumn], speech: Speech = ENGLISH) -> pl.DataFrame:
    """Turn picked changes into text: ``group, line, key, says`` and each side of *columns*.

    The sides are ``<column>_before``, ``_after`` and, where known, ``_now``; the unit stands with
    the amounts, so it has no column of its own where there are any.
    """
    texts = [
        _as_text(picked, column, side, speech).alias(f"{column.name}_{side}")
        for column in columns
        for side in sides_of(column)
    ]
    return picked.select("group", "line", pl.col(key_column(picked)).alias("key"), "says", *texts)


def shown_columns(changes: pl.DataFrame) -> tuple[ValueColumn, ...]:
    """List the columns people look at: those that hold something, and no unit where it stands with the amounts."""
    columns = value_columns(changes)
    return tuple(column for column in columns if not is_folded(column, columns) and _holds(changes, column))


def columns_by_interest(changes: pl.DataFrame) -> tuple[ValueColumn, ...]:
    """List the columns people look at, where they are many: first what changes, most often changed first.

    What is asked for by held rows comes next, and where records are new, enough of the first columns to know them by.
    """
    columns = shown_columns(changes)
    if len(columns) <= FEW_COLUMNS:
        return columns
    kinds = (("update",), ("held", "conflict"))
    moved = [{c.name: _times_moved(changes, c, kind) for c in columns} for kind in kinds]
    names = [name for times in moved for name, count in sorted(times.items(), key=lambda each: -each[1]) if count]
    fresh = changes["kind"].is_in(["create", "remove"]).any() or not names
    usual = [column.name for column in columns][: max(0, FEW_COLUMNS - len(set(names)))] if fresh else []
    known = {column.name: column for column in columns}
    first = [known[name] for name in dict.fromkeys([*names, *usual])]
    return (*first, *(replace(column, rest=True) for column in columns if column not in first))


def _times_moved(changes: pl.DataFrame, column: ValueColumn, kinds: tuple[str, ...]) -> int:
    differs = pl.col(f"{column.name}_before").ne_missing(pl.col(f"{column.name}_after"))
    return int(changes.select((differs & pl.col("kind").is_in(kinds)).sum()).item())


def _holds(changes: pl.DataFrame, column: ValueColumn) -> bool:
    """Say whether any row has a value in *column*; of 36 columns of a customer most files fill a dozen."""
    sides = (changes[f"{column.name}_{side}"] for side in sides_of(column))
    return changes.is_empty() or any((side.cast(pl.String).fill_null("") != "").any() for side in sides)


def rows_that_fit(most: int, columns: Sequence[ValueColumn]) -> int:
    """Return how many changes a view may show: *most*, or fewer where each has many cells."""
    return min(most, MOST_CELLS // (len(columns) + 4))


def is_folded(column: ValueColumn, columns: tuple[ValueColumn, ...]) -> bool:
    """Say whether *column* is the unit that stands with the amounts."""
    return column.name == UNIT and any(other.is_amount for other in columns)


def sides_of(column: ValueColumn) -> tuple[str, ...]:
    """List what is known of a column: before, after and perhaps now."""
    return ("before", "after", "now") if column.has_now else ("before", "after")


def unit_of(changes: pl.DataFrame, side: str) -> str:
    """Name the column that says what the amounts of one side are in."""
    return f"{UNIT}_{side}" if f"{UNIT}_{side}" in changes.columns else f"{UNIT}_before"


def currencies_in(column: pl.Series) -> list[str]:
    """List the currencies that occur."""
    return column.drop_nulls().unique().sort().to_list()


def _as_text(picked: pl.DataFrame, column: ValueColumn, side: str, speech: Speech) -> pl.Expr:
    if not column.is_amount:
        return plain_text(column, side, speech)
    unit = unit_of(picked, side)
    amounts = amount_text(pl.col(f"{column.name}_{side}"), pl.col(unit), currencies_in(picked[unit]))
    return amounts if speech.language == "en" else with_marks(amounts, **speech.marks)


def plain_text(column: ValueColumn, side: str, speech: Speech = ENGLISH) -> pl.Expr:
    """Write a value that is no amount; where a change empties a cell it says so, for a blank may be overlooked."""
    value, before = (pl.col(f"{column.name}_{each}").cast(pl.String) for each in (side, "before"))
    if side != "after":
        return value
    return (
        pl.when((value == "") & (before != ""))
        .then(pl.lit(speech.gettext(EMPTIED)))
        .otherwise(value)
        .alias(f"{column.name}_after")
    )
