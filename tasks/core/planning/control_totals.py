"""Control totals: how many records, and what they add up to per currency where they are money.

Only live records are added up (gift cards that are ACTIVE), as the till's own screen does.
"""

import polars as pl

from schemas.domain import Resource
from schemas.records import Total


def expect_totals(before: tuple[Total, ...], changes: pl.DataFrame, resource: Resource) -> tuple[Total, ...]:
    """Add the effect of *changes* to the totals of the target: what it should hold afterwards."""
    held = pl.DataFrame(
        [(total.currency, total.count, total.sum_cents) for total in before],
        schema={"unit": pl.String, "count": pl.Int64, "cents": pl.Int64},
        orient="row",
    )
    return _totals(pl.concat([held, _side(changes, resource, "before", -1), _side(changes, resource, "after", 1)]))


def _side(changes: pl.DataFrame, resource: Resource, side: str, sign: int) -> pl.DataFrame:
    live = changes.filter(_counts(resource, side))
    contributed = live.with_columns(  # not select: literals alone would make one row of none or many
        unit=pl.col(f"{resource.unit}_{side}") if resource.unit else pl.lit(""),
        count=pl.lit(sign, dtype=pl.Int64),
        cents=sign * pl.col(f"{resource.amount}_{side}") if resource.amount else pl.lit(0, dtype=pl.Int64),
    )
    return contributed.select("unit", "count", "cents")


def _counts(resource: Resource, side: str) -> pl.Expr:
    """Say whether a record is there on one side, and live."""
    if resource.status:
        return pl.col(f"{resource.status}_{side}") == resource.live
    return pl.any_horizontal([pl.col(f"{column}_{side}").is_not_null() for column in resource.columns])


def _totals(contributions: pl.DataFrame) -> tuple[Total, ...]:
    summed = contributions.group_by("unit").agg(pl.col("count").sum(), pl.col("cents").sum()).sort("unit")
    return tuple(Total(currency=unit, count=count, sum_cents=cents) for unit, count, cents in summed.iter_rows())
