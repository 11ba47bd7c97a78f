"""Make a file of customers fit a system that has no place for some of its columns; what is left out is counted."""

from collections.abc import Mapping

import polars as pl

from schemas.customer_systems import GROUPS_JOINED_BY, System
from schemas.domain import Dialect
from schemas.tables import Concern
from tasks.core.wording.words import counted


def fitted(rows: pl.LazyFrame, system: System) -> tuple[pl.LazyFrame, dict[str, int]]:
    """Return *rows* (Customers) with the columns that *system* holds, and the filled cells it cannot, by column."""
    names = rows.collect_schema().names()
    joins = {into: parts for into, parts in system.joins.items() if into in names}
    within = {part for parts in joins.values() for part in parts}
    left = {name: _filled(name) for name in names if name in system.lacks - within - system.own}
    left |= {name: _filled(name) & ~_takes(name, words) for name, words in system.words.items() if name in names}
    left |= {p: _filled(p) & pl.col(i).is_null() for i, parts in joins.items() for p in parts if p in names and p != i}
    counts = rows.select(pl.len().alias(""), **{name: cells.sum() for name, cells in left.items()}).collect()
    fits = rows.with_columns(
        *(_joined(into, [part for part in parts if part in names]) for into, parts in joins.items()),
        *(_known(name, words) for name, words in system.words.items() if name in names),
        *([_sorted_groups(system.groups_apart)] if "groups" in names else []),
    )
    return fits.drop(system.lacks & set(names)), {name: count for name in left if (count := counts[name].item())}


def with_usual(changes: pl.DataFrame, system: System) -> pl.DataFrame:
    """Write into *changes* what a system makes of a blank cell: of new customers what is usual, else what is there."""
    return changes.with_columns(
        pl.when(pl.col(f"{column}_after") != "")
        .then(f"{column}_after")
        .when(kind="create")
        .then(pl.lit(usual))
        .when(kind="update")
        .then(f"{column}_before")
        .otherwise(f"{column}_after")
        .alias(f"{column}_after")
        for column, usual in system.usual.items()
    )


def concern_of_cells_left_out(left: Mapping[str, int], system: System, dialect: Dialect) -> tuple[Concern, ...]:
    """Say which cells of a file a system has no place for, by the headings that people see."""
    if not left:
        return ()
    headings = {column.name: column.heading for column in dialect.columns}
    listed = ", ".join(f"{headings.get(name, name)} {count:,}" for name, count in left.items())
    says = f"{system.title} has no place for {counted(sum(left.values()), 'filled cell')}, left out ({listed})"
    return (Concern(code="CUST_LEFT_OUT", says=says, about=tuple(sorted(left))),)


def _filled(name: str) -> pl.Expr:
    return (pl.col(name).fill_null("") != "") & (pl.col(name) != "{}").fill_null(True)


def _takes(name: str, words: tuple[str, ...]) -> pl.Expr:
    return pl.col(name).str.to_lowercase().is_in(words).fill_null(False)


def _known(name: str, words: tuple[str, ...]) -> pl.Expr:
    """Keep the words that the system knows, and blanks; another cell says nothing there."""
    lower = pl.col(name).str.to_lowercase()
    return pl.when(lower.is_in(["", *words])).then(lower).otherwise(None).alias(name)


def _joined(into: str, parts: list[str]) -> pl.Expr:
    filled = [pl.col(part).replace("", None) for part in parts]
    joined = pl.concat_str(filled, separator=" ", ignore_nulls=True)
    return pl.when(pl.col(into).is_null()).then(None).otherwise(joined).alias(into)


def _sorted_groups(apart: str) -> pl.Expr:
    each = pl.col("groups").str.split(apart).list.eval(pl.element().str.strip_chars())
    named = each.list.eval(pl.element().filter(pl.element() != "")).list.unique().list.sort()
    return named.list.join(GROUPS_JOINED_BY).alias("groups")
