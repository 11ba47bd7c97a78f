"""What an upload did, in the words of its register, so that a later export can be compared with it.

A register writes values its own way, and fills cells of new customers by itself. Neither is an edit.
"""

import json

import polars as pl

from schemas.domain import Resource
from tasks.core.customers.values import Register, as_written
from tasks.core.planning.settlement import join_now


def in_words_of(
    done: pl.DataFrame, shown: pl.DataFrame, now: pl.DataFrame, resource: Resource, register: Register
) -> pl.DataFrame:
    """Write the cells of *done* (a ChangeSet) as *now*, the newest export, has them wherever both mean the same.

    *shown* are the records as the upload was confirmed: what new customers were then, their creation made of them.
    """
    created = _as_confirmed(done, shown, resource)
    joined = join_now(created, now, resource)
    meant = {side: _meaning(joined, side, resource, register) for side in ("before", "after", "now")}
    same = [
        pl.when(meant[side][column] == meant["now"][column])
        .then(f"{column}_now")
        .otherwise(f"{column}_{side}")
        .alias(f"{column}_{side}")
        for side in ("before", "after")
        for column in resource.columns
    ]
    return joined.with_columns(same).select(done.columns)


def _as_confirmed(done: pl.DataFrame, shown: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    new = pl.col("kind") == "create"
    cells = [
        pl.when(new).then(pl.coalesce(f"{c}_now", f"{c}_after")).otherwise(f"{c}_after").alias(f"{c}_after")
        for c in resource.columns
    ]
    return join_now(done, shown, resource).with_columns(cells).select(done.columns)


def _meaning(joined: pl.DataFrame, side: str, resource: Resource, register: Register) -> pl.DataFrame:
    """Return what the cells of one side say, whoever wrote them; null where there is no such record."""
    sides = joined.select(pl.col(f"{c}_{side}").alias(c) for c in resource.columns)
    there = pl.select(pl.any_horizontal([pl.lit(sides[c].is_not_null()) for c in resource.columns])).to_series()
    every = pl.concat([joined.select(pl.col(f"{c}_now").alias(c) for c in resource.columns), sides])
    written = as_written(every.fill_null(""), register).slice(joined.height)
    return written.select(pl.when(there).then(_compared(column)).alias(column) for column in resource.columns)


def _compared(column: str) -> pl.Expr:
    match column:
        case "email":
            return pl.col(column).str.to_lowercase()
        case "extra":
            return pl.col(column).map_elements(_filled, return_dtype=pl.String)
    return pl.col(column)


def _filled(extra: str) -> str:
    """Return the columns that only the register knows, without those that hold nothing."""
    return json.dumps({heading: text for heading, text in json.loads(extra or "{}").items() if text}, sort_keys=True)
