"""What becomes of changes whose target moved on since they were planned. Pure."""

from collections.abc import Mapping

import polars as pl

from schemas.domain import Resource
from schemas.problems import Bug

_FOLDED = "_folded"
STATES: Mapping[str, str] = {"apply": "applied", "reverse": "reversed"}
"""The state that each operation leaves behind."""


def folded(keys: pl.Series) -> pl.Series:
    """Return the keys that are asked for, each once in any case; in order, as an index is read fastest."""
    return keys.cast(pl.String).drop_nulls().str.to_lowercase().unique().sort()


def expect_one_change_a_record(changes: pl.DataFrame, resource: Resource) -> None:
    """Raise Bug where two changes of a batch meet in one record: neither could be told from the other."""
    twice = changes.height - folded(changes[resource.key]).len()
    if twice:
        raise Bug(f"{twice:,} records have more than one change in one batch. Nothing of it was written.")


def decide_outcomes(
    changes: pl.DataFrame, now: pl.DataFrame, operations: pl.DataFrame, resource: Resource
) -> pl.Series:
    """Say of each change ``written`` (it can be written now), ``unchanged`` (it is as wanted already) or ``conflict``.

    *now* holds the records as they are, *operations* those already recorded. An addition is
    there only if its operation is recorded: a balance that happens to be as wanted may be
    someone else's doing. Whether it was this very run that did it, the journal of batches says, not this.
    """
    recorded = pl.col("operation").replace_strict(STATES, default=None) == pl.col("state")
    as_wanted = all_as(resource, "_after") & pl.col("operation_id").is_null()
    verdict = (
        pl.when(recorded)
        .then(pl.lit("unchanged"))
        .when(as_wanted)
        .then(pl.lit("unchanged"))
        .when(all_as(resource, "_before"))
        .then(pl.lit("written"))
        .otherwise(pl.lit("conflict"))
    )
    return _joined(changes, now, operations, resource).select(outcome=verdict).to_series()


def all_as(resource: Resource, side: str) -> pl.Expr:
    """Say whether every column now is as one *side* of the change says, absence included."""
    return pl.all_horizontal([pl.col(f"{c}_now").eq_missing(pl.col(f"{c}{side}")) for c in resource.columns])


def _joined(changes: pl.DataFrame, now: pl.DataFrame, operations: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    lower = pl.col(resource.key).str.to_lowercase().alias(_FOLDED)
    held = now.select(lower, pl.col(*resource.columns).name.suffix("_now"))
    return (
        changes.with_columns(lower)
        .join(held, on=_FOLDED, how="left", maintain_order="left")
        .join(operations, on="operation_id", how="left", maintain_order="left")
    )
