"""What becomes of changes whose target has no place for some columns."""

import polars as pl

from schemas.domain import Resource
from tasks.core.planning.changes import all_equal


def only_kept(changes: pl.DataFrame, kept: tuple[str, ...], resource: Resource) -> tuple[pl.DataFrame, int]:
    """Leave out of *changes* what the target cannot keep; return also how many then change nothing."""
    left_out = [column for column in resource.columns if column not in kept]
    cleared = changes.with_columns(
        pl.when(pl.col(f"{column}_after").is_not_null())
        .then(pl.col(f"{column}_before").fill_null(""))
        .alias(f"{column}_after")
        for column in left_out
    )
    nothing = (pl.col("kind") == "update") & all_equal(resource, "_before", "_after")
    some = cleared.filter(~nothing)
    return some, cleared.height - some.height
