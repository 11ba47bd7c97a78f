"""The shape of a ChangeSet: one row a change, with typed before and after columns.

For a resource with columns ``c1, c2`` the frame holds::

    line          UInt32, null for changes that come from no file
    kind          create | update | remove | held | conflict
    code          why a row is held or in conflict; empty otherwise
    detail        what completes the sentence of the code, such as the number of another record
    <key>         text
    c1_before, c1_after, c2_before, c2_after ...   typed as in the target, null where the
                  record does not exist (before of a create, after of a remove)
    operation_id  text, null unless the change is an ADD that must happen once
    operation     apply | reverse, null with operation_id

Held and conflict rows are part of the frame, so that the plan shows them, but are never
handed to a connector. The frame is sorted by key, then line.
"""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from schemas.domain import CREATED_AS, Resource
from schemas.records import ChangeCounts

Side = Literal["before", "after"]
WRITTEN = ("create", "update", "remove")
OURS = ("written", "done")
"""Outcomes of what this run did: now, or in an earlier attempt at the same batch, which the target remembers."""
AS_WANTED = (*OURS, "unchanged")
"""Outcomes of records that are as the plan wants them, whoever did it: *unchanged* is what another run did first."""
_LEADING = ("line", "kind", "code")
_TRAILING = ("operation_id", "operation", "detail")


def sided(resource: Resource, side: Side) -> list[str]:
    """Name the columns that hold one side of a change."""
    return [f"{column}_{side}" for column in resource.columns]


def arranged(changes: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Put the columns in their fixed order and the rows in theirs."""
    pairs = [f"{column}_{side}" for column in resource.columns for side in ("before", "after")]
    whole = changes if "detail" in changes.columns else changes.with_columns(detail=pl.lit(""))
    ordered = whole.select(*_LEADING, resource.key, *pairs, *_TRAILING)
    return ordered.sort(resource.key, "line", nulls_last=False)


def put_together(parts: Sequence[pl.DataFrame], resource: Resource) -> pl.DataFrame:
    """Return the changes of all partitions as one ChangeSet."""
    return parts[0] if len(parts) == 1 else arranged(pl.concat(parts), resource)


def no_changes(records: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Return a ChangeSet of nothing, for such *records*."""
    sides = [records[c].alias(f"{c}_{side}") for c in resource.columns for side in ("before", "after")]
    texts = [pl.lit("").alias(name) for name in ("kind", "code", "detail")]
    none = [pl.lit(None, dtype=pl.String).alias(name) for name in ("operation_id", "operation")]
    line = pl.lit(None, dtype=pl.UInt32).alias("line")
    return arranged(records.clear().select(line, resource.key, *sides, *texts, *none), resource)


def with_issued_keys(changes: pl.DataFrame, issued: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Put the keys that a target *issued* (``name, key``) in the place of the names that records were created under."""
    if issued.is_empty():
        return changes
    return changes.with_columns(pl.col(resource.key).replace(issued["name"], issued["key"]))


def names_in(changes: pl.DataFrame, resource: Resource) -> pl.Series:
    """Return the names in the place of keys that a target is still to issue."""
    keys = changes.get_column(resource.key)
    return keys.filter(keys.str.starts_with(CREATED_AS))


def writable(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the changes that are to be carried out."""
    return changes.filter(pl.col("kind").is_in(WRITTEN))


def held_if(changes: pl.DataFrame, beyond: pl.Expr, code: str) -> pl.DataFrame:
    """Hold, with this *code*, those of the changes to be carried out of which *beyond* is true."""
    held = pl.col("kind").is_in(WRITTEN) & beyond
    return changes.with_columns(
        kind=pl.when(held).then(pl.lit("held")).otherwise("kind"),
        code=pl.when(held).then(pl.lit(code)).otherwise("code"),
    )


def held_where(changes: pl.DataFrame, reasons: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Hold the changes that there are *reasons* against (``key, code, detail``)."""
    if reasons.is_empty():
        return changes
    why = reasons.rename({"key": resource.key, "code": "why", "detail": "more"})
    joined = changes.join(why, on=resource.key, how="left", maintain_order="left")
    held = pl.col("why").is_not_null() & pl.col("kind").is_in(WRITTEN)
    named = {"kind": pl.lit("held"), "code": pl.col("why"), "detail": pl.col("more")}
    return joined.with_columns(
        **{name: pl.when(held).then(instead).otherwise(name) for name, instead in named.items()}
    ).drop("why", "more")


def equal(left: str, right: str) -> pl.Expr:
    """Compare two columns, taking null for equal to null."""
    return pl.col(left).eq_missing(pl.col(right))


def all_equal(resource: Resource, left: str, right: str) -> pl.Expr:
    """Say whether all columns of one side (a suffix such as ``_after``) equal the other's."""
    return pl.all_horizontal([equal(c + left, c + right) for c in resource.columns])


def count_planned(changes: pl.DataFrame, *, unchanged: int) -> ChangeCounts:
    """Count what a plan would do."""
    kinds = dict(changes.group_by("kind").len().iter_rows())
    return ChangeCounts(
        created=kinds.get("create", 0),
        updated=kinds.get("update", 0),
        removed=kinds.get("remove", 0),
        held=kinds.get("held", 0),
        conflict=kinds.get("conflict", 0),
        unchanged=unchanged,
    )


def count_done(changes: pl.DataFrame, *, unchanged: int) -> ChangeCounts:
    """Count what was done, from changes with an ``outcome`` column.

    What this run did counts under its kind; every other outcome under its own name. *unchanged* is how many
    the plan found so; those that another run did before this one came to them are added.
    """
    done = pl.col("outcome").is_in(OURS) | ~pl.col("kind").is_in(WRITTEN)
    named = changes.select(pl.when(done).then("kind").otherwise("outcome").alias("kind"))
    counts = count_planned(named, unchanged=unchanged)
    others = dict(named.group_by("kind").len().iter_rows())
    return ChangeCounts(
        created=counts.created,
        updated=counts.updated,
        removed=counts.removed,
        unchanged=unchanged + others.get("unchanged", 0),
        held=counts.held,
        conflict=counts.conflict,
        refused=others.get("refused", 0),
        unknown=others.get("unknown", 0),
    )
