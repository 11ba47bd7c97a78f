"""What rows mean for records that are to be just as the rows say: the decision of domains that need no other.

Limits and approval do not belong here: a change that is too big is still a change.
"""

from collections.abc import Sequence

import polars as pl

from schemas.domain import Hold, Resource
from tasks.core.planning.changes import arranged, equal

_FOLDED = "_folded"


def set_changes(
    rows: pl.DataFrame, before: pl.DataFrame, resource: Resource, holds: Sequence[Hold]
) -> tuple[pl.DataFrame, int]:
    """List the changes that make the records of *before* what *rows* say, and count the unchanged.

    Null says nothing of a record, and neither does a column that the rows lack. A record keeps the spelling of its key.
    Of changes to what is there, those that one of *holds* is true of are held.
    """
    decided = _decided(rows, before, resource, holds)
    changes = decided.filter(pl.col("kind") != "unchanged")
    return arranged(changes, resource), decided.height - changes.height


def _decided(rows: pl.DataFrame, before: pl.DataFrame, resource: Resource, holds: Sequence[Hold]) -> pl.DataFrame:
    folded = pl.col(resource.key).str.to_lowercase().alias(_FOLDED)
    there = before.select(folded, pl.all().name.suffix("_before"))
    matched = rows.with_columns(folded).join(there, on=_FOLDED, how="left", maintain_order="left")
    wanted = matched.with_columns(_after(column, matched.columns, resource) for column in resource.columns)
    coded = wanted.with_columns(_code(resource, holds).alias("code"))
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in ("operation_id", "operation")]
    return coded.with_columns(_kind(resource).alias("kind")).with_columns(
        pl.coalesce(f"{resource.key}_before", resource.key).alias(resource.key), *nothing
    )


def _after(column: str, given: Sequence[str], resource: Resource) -> pl.Expr:
    there = pl.col(f"{column}_before")
    if column not in given:
        return there.alias(f"{column}_after")
    sides = (there, pl.col(column)) if column in resource.key_of else (pl.col(column), there)
    return pl.coalesce(*sides).alias(f"{column}_after")


def _exists(resource: Resource) -> pl.Expr:
    return pl.col(f"{resource.key}_before").is_not_null()


def _same(resource: Resource) -> pl.Expr:
    return pl.all_horizontal([equal(f"{column}_before", f"{column}_after") for column in resource.columns])


def _code(resource: Resource, holds: Sequence[Hold]) -> pl.Expr:
    """Name the first of *holds* that is true of a change to a record that is there; empty where none is."""
    named = [pl.when(hold.when.fill_null(False)).then(pl.lit(hold.code)) for hold in holds]
    return pl.when(_exists(resource) & ~_same(resource)).then(pl.coalesce(*named, pl.lit(""))).otherwise(pl.lit(""))


def _kind(resource: Resource) -> pl.Expr:
    return (
        pl.when(~_exists(resource))
        .then(pl.lit("create"))
        .when(_same(resource))
        .then(pl.lit("unchanged"))
        .when(pl.col("code") != "")
        .then(pl.lit("held"))
        .otherwise(pl.lit("update"))
    )
