"""Changes that a target cannot be told, and so are left to a person: held in the plan, and listed."""

import polars as pl

from schemas.capabilities import EVERY_KIND, Kind
from schemas.domain import Resource
from tasks.core.planning.changes import equal, held_if

BY_HAND = "TARGET_BY_HAND"


def hold_by_hand(changes: pl.DataFrame, takes: frozenset[Kind]) -> pl.DataFrame:
    """Hold the changes of a kind that a target does not take."""
    if takes == EVERY_KIND:
        return changes
    return held_if(changes, ~pl.col("kind").is_in(sorted(takes)), BY_HAND)


def list_by_hand(changes: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """List what a person is to do, as text: the key and who it is about, what to do, column, now, wanted.

    A record to remove is one line; of one to change, each cell that is to be other than it is.
    """
    held = changes.filter(code=BY_HAND)
    if held.is_empty():
        return held.select(resource.key)
    names = [name for name in dict.fromkeys((*resource.names, resource.known_by)) if name in resource.columns]
    who = [pl.col(resource.key), *(pl.coalesce(f"{name}_before", f"{name}_after").alias(name) for name in names)]
    removed = _is_absent(resource, "_after")
    gone = held.filter(removed).select(*who, *_cell("remove", "", pl.lit(""), pl.lit("")))
    cells = [
        held.filter(~removed & ~equal(f"{column}_before", f"{column}_after")).select(
            *who, *_cell("change", column, pl.col(f"{column}_before"), pl.col(f"{column}_after"))
        )
        for column in resource.columns
    ]
    return pl.concat([gone, *cells]).sort(resource.key, "column")


def _cell(what: str, column: str, now: pl.Expr, wanted: pl.Expr) -> list[pl.Expr]:
    texts = [now.cast(pl.String).fill_null("").alias("now"), wanted.cast(pl.String).fill_null("").alias("wanted")]
    return [pl.lit(what).alias("do"), pl.lit(column).alias("column"), *texts]


def _is_absent(resource: Resource, side: str) -> pl.Expr:
    return pl.all_horizontal([pl.col(column + side).is_null() for column in resource.columns])
