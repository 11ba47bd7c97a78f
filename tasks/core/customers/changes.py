"""What a file of customers means for the register.

Limits and approval do not belong here: a change that is too big is still a change.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.domain import CREATED_AS, Resource
from tasks.core.customers.matching import having, in_question, matched
from tasks.core.customers.values import Register, as_written, read_by_country
from tasks.core.planning.changes import arranged
from tasks.core.planning.unchanged_rows import says_nothing_new
from tasks.core.writing.files import harmless

_GIVEN = "_given"
_BLANK = r':(?:""|null)'


def decide_customer_changes(
    rows: pl.LazyFrame, before: pl.LazyFrame, resource: Resource, register: Register, *, updates_by_email: bool
) -> tuple[pl.DataFrame, int]:
    """List the changes that *rows* (Customers) ask of *before* (CustomerRecords), and count the unchanged.

    Both are looked at a column at a time, and whole only where something is new, so neither has to fit in memory:
    a partition of each at a time is asked what is new (``with_news``), which records are in question
    (``tasks.core.customers.matching.in_question``), and for the whole of those that a row is about.

    A row without a number whose person is in the register is unchanged if it says nothing new; else it
    is an update where rows are known by their address (*updates_by_email*, Lightspeed eCom), and held
    where it asks for a new customer (Tixly). Whatever would make two people one, or one two, is held.
    """
    news = with_news(rows, before, resource)
    held = in_question(before, news.rows, register, news.settled)
    joined = matched(news.rows, held, register, updates_by_email=updates_by_email)
    there = having(before.select(resource.key, *resource.columns), resource.key, joined["match"].drop_nulls())
    changes = decide_matched(joined, there, days_born(before), register, resource)
    return changes, news.rows.height + news.settled.len() - changes.height


@dataclass(frozen=True, kw_only=True)
class News:
    """The rows that say something new, and the keys of the records of which all others say what stands there."""

    rows: pl.DataFrame
    settled: pl.Series


def with_news(rows: pl.LazyFrame, before: pl.LazyFrame, resource: Resource) -> News:
    """Tell which rows say something new: of a register that was edited, a few in a hundred."""
    columns = rows.collect_schema().names()
    given = [column for column in resource.columns if column in columns]
    keys, as_it_is = says_nothing_new(rows, before, resource.key, given)
    lines = rows.select("line").collect().to_series()
    return News(rows=having(rows, "line", lines.filter(~as_it_is)), settled=keys.filter(as_it_is))


def days_born(before: pl.LazyFrame) -> pl.Series:
    """Return each date of birth in a register once, as it is written there."""
    return before.select("born_on").unique().collect().to_series()


def decide_matched(
    joined: pl.DataFrame, there: pl.DataFrame, days: pl.Series, register: Register, resource: Resource
) -> pl.DataFrame:
    """List the changes that rows ask of the records they are about.

    *joined* are rows as ``matched`` returns them, *there* the records that they match, *days* all dates of birth.
    """
    given = [column for column in resource.columns if column in joined.columns]
    wanted = _with_afters(_with_befores(joined, there, resource), days, given, register, resource)
    moved = pl.any_horizontal([pl.col(f"{c}_before").ne_missing(pl.col(f"{c}_after")) for c in resource.columns])
    judged = wanted.with_columns(_kind(moved))
    changes = judged.filter(pl.col("kind") != "unchanged")
    return arranged(_keyed(changes), resource)


def cells_emptied(changes: pl.DataFrame) -> int:
    """Count the cells that updates would empty."""
    updates = changes.filter(kind="update")
    names = [name.removesuffix("_before") for name in changes.columns if name.endswith("_before")]
    counts = [((updates[f"{n}_before"] != "") & (updates[f"{n}_after"] == "")).sum() for n in names]
    return int(sum(counts))


def _with_befores(joined: pl.DataFrame, there: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Put the record that each row is about beside it, as ``<column>_before`` (null: there is none)."""
    given = joined.rename({c: c + _GIVEN for c in resource.columns if c in joined.columns})
    held = there.rename({c: f"{c}_before" for c in resource.columns})
    return given.join(held, left_on="match", right_on=resource.key, how="left", maintain_order="left")


def _with_afters(
    joined: pl.DataFrame, days: pl.Series, given: Sequence[str], register: Register, resource: Resource
) -> pl.DataFrame:
    """Say what each column should hold: what is given, unless it means what is there already."""
    overlaid = _with_extra_kept(joined, given)
    return overlaid.with_columns(
        _after(overlaid, days, column, register) if column in given else _kept(overlaid, column)
        for column in resource.columns
    )


def _kept(joined: pl.DataFrame, column: str) -> pl.Series:
    return joined[f"{column}_before"].fill_null("").alias(f"{column}_after")


def _after(joined: pl.DataFrame, days: pl.Series, column: str, register: Register) -> pl.Series:
    held = joined[f"{column}_before"]
    wanted = joined[column + _GIVEN].fill_null(held).fill_null("")
    same = _means_the_same(joined, days, column, wanted, register)
    return wanted.zip_with(~same, held).alias(f"{column}_after")


def _means_the_same(
    joined: pl.DataFrame, days: pl.Series, column: str, wanted: pl.Series, register: Register
) -> pl.Series:
    """Tell the cells that differ from the register's only in how they are written (``Sweden``, ``SE``)."""
    there = joined[f"{column}_before"]
    differ = (there.is_not_null() & (there != wanted)).fill_null(False)
    if column == "extra" or not differ.any():
        return pl.repeat(False, joined.height, eager=True)
    held = joined.filter(differ).select(pl.col(f"{c}_before").alias(c) for c in [column, *read_by_country(column)])
    if column == "born_on":  # the order of day and month is that of the whole column
        held = pl.concat([held, days.to_frame()])
    same = as_written(held, register)[column].head(int(differ.sum())) == wanted.filter(differ)
    return pl.repeat(False, joined.height, eager=True).scatter(differ.arg_true(), same)


def _with_extra_kept(joined: pl.DataFrame, given: Sequence[str]) -> pl.DataFrame:
    """Lay the cells that pass through over those that are there, so that other columns of the register stay."""
    if "extra" not in given:
        return joined
    name = f"extra{_GIVEN}"
    there = pl.col("extra_before").fill_null("")
    overlaid = pl.struct(there.alias("before"), pl.col(name).alias("given")).map_elements(_overlay, pl.String)
    new = there.is_in(["", "{}"]) & ~pl.col(name).str.contains(_BLANK)
    plain = new | (there == pl.col(name))
    return joined.with_columns(pl.when(plain).then(name).otherwise(overlaid).alias(name))


def _overlay(sides: dict[str, str]) -> str:
    """Return what is there if nothing new is said: a blank cell is no column, an apostrophe marks a text."""
    before, given = json.loads(sides["before"] or "{}"), json.loads(sides["given"] or "{}")
    added = {
        heading: text
        for heading, text in given.items()
        if text is not None and text not in (held := before.get(heading, ""), harmless(held))
    }
    return json.dumps(before | added, ensure_ascii=False, separators=(",", ":")) if added else sides["before"]


def _kind(moved: pl.Expr) -> list[pl.Expr]:
    exists, asks_new = pl.col("match").is_not_null(), pl.col("asks_new")
    refused = pl.col("code") != ""
    kind = (
        pl.when(exists & ~moved)
        .then(pl.lit("unchanged"))
        .when(refused | (exists & asks_new))
        .then(pl.lit("held"))
        .when(exists)
        .then(pl.lit("update"))
        .otherwise(pl.lit("create"))
    )
    known = exists & asks_new & ~refused
    code = pl.when(known).then(pl.lit("CUST_EMAIL_DUP_SERVER")).otherwise("code").alias("code")
    detail = pl.when(known).then(pl.format("customer {}", "match")).otherwise("detail").alias("detail")
    return [kind.alias("kind"), code, detail]


def _keyed(changes: pl.DataFrame) -> pl.DataFrame:
    """Name each record: by its number, or a new one by what tells it from all others."""
    named = pl.concat_str(pl.lit(CREATED_AS), pl.col("natural_key"))
    number = pl.when(pl.col("customer_id") == "").then(None).otherwise(pl.col("customer_id"))
    none = pl.lit(None, dtype=pl.String)
    return changes.with_columns(customer_id=pl.coalesce("match", number, named), operation_id=none, operation=none)
