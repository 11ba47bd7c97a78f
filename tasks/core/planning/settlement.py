"""What became of changes, judged by what the target holds now.

This is what makes applying twice the same as applying once, and it is how a read-back
is judged. It never looks at a journal: the target itself is the witness.
"""

import polars as pl

from schemas.domain import Resource
from tasks.core.planning.changes import all_equal

_NOW = "_now"


def join_now(changes: pl.DataFrame, now: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Put what the target holds now beside each change, as ``<column>_now`` (null: no such record)."""
    renamed = now.rename({column: column + _NOW for column in resource.columns})
    return changes.join(renamed, on=resource.key, how="left", maintain_order="left")


def settle(changes: pl.DataFrame, now: pl.DataFrame, resource: Resource) -> pl.Series:
    """Say of each change ``write``, ``done`` or ``conflict``.

    ``done`` if the record already is as wanted (an earlier attempt got through), ``write`` if
    it still is as planned against, ``conflict`` if someone else moved it.
    """
    joined = join_now(changes, now, resource)
    verdict = (
        pl.when(all_equal(resource, "_after", _NOW))
        .then(pl.lit("done"))
        .when(all_equal(resource, "_before", _NOW))
        .then(pl.lit("write"))
        .otherwise(pl.lit("conflict"))
    )
    return joined.select(verdict.alias("verdict")).to_series()


def without_removed(records: pl.DataFrame, resource: Resource, removed_as: str) -> pl.DataFrame:
    """Leave out records that count as gone though their system shows them for good, by their status."""
    return records.filter(pl.col(resource.status) != removed_as) if removed_as else records


def is_remainder(fresh: pl.DataFrame, approved: pl.DataFrame) -> bool:
    """Say whether every change of *fresh* is one of *approved*, unaltered.

    True for what is left of an approved plan after an interrupted attempt; never true for
    a change nobody has looked at.
    """
    columns = [column for column in fresh.columns if column not in ("line", "code", "detail")]
    if not {*columns} <= {*approved.columns}:
        return False
    return fresh.join(approved, on=columns, how="anti", nulls_equal=True).is_empty()
