"""The way back: the changes that undo a run, cell by cell, against what the target holds now.

Cells nobody touched since go back; cells edited since are left alone and reported with
their value before, ours and now. Records that are never removed (``Resource.removed_as``: a sale
with its lines and its stock) go back as a whole or not at all: half a sale would be no sale.
What goes back as a whole must still be the run's own: a record that another run wrote again since (``owning``,
a column ``written_since`` beside what was done) is that run's, even where it says the same.
"""

from collections.abc import Sequence
from functools import reduce

import polars as pl

from schemas.domain import Resource
from tasks.core.planning.changes import all_equal, arranged, equal, sided
from tasks.core.planning.settlement import join_now

EDITED_SINCE, WRITTEN_SINCE, ONE_WAY = "RESTORE_EDITED_SINCE", "RESTORE_WRITTEN_SINCE", "RESTORE_ONE_WAY"


def chain_changes(attempts: Sequence[pl.DataFrame], resource: Resource) -> pl.DataFrame:
    """Join the changes of several attempts of one run: *before* of the first, *after* of the last.

    Columns beyond those of *resource*, which some of them may have, are none that anything brings back.
    """
    alike = (arranged(changes, resource) for changes in attempts)
    return arranged(reduce(lambda earlier, later: _continue(earlier, later, resource), alike), resource)


def _continue(earlier: pl.DataFrame, later: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Join two attempts, record by record.

    A later change that does not begin where the earlier one ended stands alone: the earlier was
    never written, or someone edited the record in between, and what they did is not ours to undo.
    """
    key, befores, afters = resource.key, sided(resource, "before"), sided(resource, "after")
    ends = later.select(key, *befores, *[pl.col(after).alias(f"{after}_later") for after in afters])
    continued = (
        earlier.join(ends, left_on=[key, *afters], right_on=[key, *befores], nulls_equal=True)
        .drop(afters)
        .rename({f"{after}_later": after for after in afters})
    )
    alone = [earlier.join(later, on=key, how="anti"), later.join(continued, on=key, how="anti")]
    return pl.concat([part.select(earlier.columns) for part in (*alone, continued)])


def invert(done: pl.DataFrame, now: pl.DataFrame, resource: Resource) -> tuple[pl.DataFrame, int]:
    """List the changes that undo *done*, and count those with nothing left to undo.

    A record that the run created is removed only if it is still exactly as created: unspent. Where
    records are never removed, its status says so instead.
    A record that the run removed comes back only if its place is still free.
    """
    joined = join_now(_with_owners(done), now, resource)
    verdict = pl.when(_already_back(resource)).then(pl.lit("unchanged")).otherwise(_way_back(resource))
    judged = joined.with_columns(verdict.alias("verdict"))
    back = judged.filter(pl.col("verdict") != "unchanged")
    return arranged(_as_changes(back, resource), resource), judged.height - back.height


def hold_final(back: pl.DataFrame, held: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Hold what would be created in the place of a record that is gone and still *held* by its system, for good."""
    final = (pl.col("kind") == "create") & pl.col(resource.key).is_in(held[resource.key].implode())
    kind, code = pl.when(final).then(pl.lit("held")), pl.when(final).then(pl.lit(ONE_WAY))
    return back.with_columns(kind.otherwise("kind").alias("kind"), code.otherwise("code").alias("code"))


def list_conflicts(done: pl.DataFrame, now: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """List the cells that were edited since, in long form: key, column, before, ours, now (as text).

    A record that is another run's by now, and so stays, is listed with that run; one that goes back all the same
    (a cell of it is as we left it, whoever wrote others since) is not.
    """
    joined = join_now(_with_owners(done), now, resource).filter(~_already_back(resource))
    runs = joined.filter(_rewritten() & (_way_back(resource) == "conflict")).select(
        resource.key,
        pl.lit("").alias("column"),
        *[pl.lit(None, dtype=pl.String).alias(name) for name in ("before", "ours")],
        pl.format("written again by run {}", "written_since").alias("now"),
    )
    cells = [
        joined.filter(_moved(column, resource)).select(
            resource.key,
            pl.lit(column).alias("column"),
            pl.col(f"{column}_before").cast(pl.String).alias("before"),
            pl.col(f"{column}_after").cast(pl.String).alias("ours"),
            pl.col(f"{column}_now").cast(pl.String).alias("now"),
        )
        for column in resource.columns
    ]
    return pl.concat([runs, *cells]).sort(resource.key, "column")


def keys_going(back: pl.DataFrame, resource: Resource) -> pl.Series:
    """Return the keys of records that will be gone, or be as good as gone."""
    gone = pl.col("kind") == "remove"
    if resource.removed_as:
        gone = (pl.col("kind") == "update") & (pl.col(f"{resource.status}_after") == resource.removed_as)
    return back.filter(gone).get_column(resource.key)


def keep_referred(back: pl.DataFrame, referred: pl.Series, resource: Resource) -> tuple[pl.DataFrame, int]:
    """Retire what would be removed where something refers to it; leave out, and count, what is retired already."""
    kept = (pl.col("kind") == "remove") & pl.col(resource.key).is_in(referred.implode())
    retired = back.filter(kept).with_columns(
        pl.lit("update").alias("kind"),
        *[pl.col(f"{c}_before").alias(f"{c}_after") for c in resource.columns if c != resource.status],
        pl.lit(resource.retired_as).alias(f"{resource.status}_after"),
    )
    due = retired.filter(pl.col(f"{resource.status}_before") != resource.retired_as)
    return arranged(pl.concat([back.filter(~kept), due]), resource), retired.height - due.height


def _already_back(resource: Resource) -> pl.Expr:
    """Say whether every cell we changed holds its value from before the run."""
    cells = pl.all_horizontal(
        [equal(f"{c}_before", f"{c}_after") | equal(f"{c}_before", f"{c}_now") for c in resource.columns]
    )
    back = cells & (_exists("_before", resource) == _exists("_now", resource))
    return back | _removed_since(resource) if resource.removed_as else back


def _removed_since(resource: Resource) -> pl.Expr:
    """Say whether a record that we created is there but for its status, which says that it is removed."""
    others = [equal(f"{c}_after", f"{c}_now") for c in resource.columns if c != resource.status]
    removed = pl.col(f"{resource.status}_now").eq_missing(pl.lit(resource.removed_as))
    return (pl.col("kind") == "create") & removed & pl.all_horizontal(others)


def _with_owners(done: pl.DataFrame) -> pl.DataFrame:
    return done if "written_since" in done.columns else done.with_columns(written_since=pl.lit(""))


def _rewritten() -> pl.Expr:
    return pl.col("written_since") != ""


def _way_back(resource: Resource) -> pl.Expr:
    untouched = all_equal(resource, "_after", "_now")
    exists = _exists("_now", resource)
    if resource.removed_as:
        return pl.when(untouched & ~_rewritten()).then(pl.lit("update")).otherwise(pl.lit("conflict"))
    any_cell = pl.any_horizontal([_goes_back(column) for column in resource.columns])
    return (
        pl.when((pl.col("kind") != "update") & _rewritten())
        .then(pl.lit("conflict"))
        .when((pl.col("kind") == "create") & untouched)
        .then(pl.lit("remove"))
        .when((pl.col("kind") == "remove") & ~exists)
        .then(pl.lit("create"))
        .when((pl.col("kind") == "update") & exists & any_cell & _is_one_way(resource))
        .then(pl.lit("held"))
        .when((pl.col("kind") == "update") & exists & any_cell)
        .then(pl.lit("update"))
        .otherwise(pl.lit("conflict"))
    )


def _is_one_way(resource: Resource) -> pl.Expr:
    """Say whether a cell would have to go back to what nothing brings it back to."""
    ways = [(pl.col(f"{column}_before") == value) & _goes_back(column) for column, value in resource.one_way]
    return pl.any_horizontal([pl.lit(value=False), *ways])


def _exists(side: str, resource: Resource) -> pl.Expr:
    return pl.any_horizontal([pl.col(column + side).is_not_null() for column in resource.columns])


def _goes_back(column: str) -> pl.Expr:
    changed = ~equal(f"{column}_before", f"{column}_after")
    return changed & equal(f"{column}_after", f"{column}_now")


def _moved(column: str, resource: Resource) -> pl.Expr:
    """Say whether someone else changed a cell that stands in the way: it is neither ours nor as before.

    In the way is a cell that we had changed, and any cell of a record that goes back as a whole.
    """
    in_the_way = pl.lit(True) if resource.removed_as else ~equal(f"{column}_before", f"{column}_after")
    return in_the_way & ~equal(f"{column}_after", f"{column}_now") & ~equal(f"{column}_before", f"{column}_now")


def _wanted(column: str, resource: Resource) -> pl.Expr:
    """Say what a cell goes back to."""
    if resource.removed_as:
        created = (pl.col("verdict") == "update") & (pl.col("kind") == "create")
        kept = pl.lit(resource.removed_as) if column == resource.status else pl.col(f"{column}_now")
        return pl.when(created).then(kept).otherwise(f"{column}_before")
    whole = pl.col("verdict") != "update"
    return pl.when(whole | _goes_back(column)).then(f"{column}_before").otherwise(f"{column}_now")


def _as_changes(back: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Swap the sides: *before* is what is there now, *after* what was there before the run."""
    afters = [_wanted(c, resource).alias(f"{c}_after") for c in resource.columns]
    conflict = pl.col("verdict") == "conflict"
    again = conflict & _rewritten() & all_equal(resource, "_after", "_now")
    return back.select(
        pl.lit(None, dtype=pl.UInt32).alias("line"),
        pl.col("verdict").alias("kind"),
        pl.when(again)
        .then(pl.lit(WRITTEN_SINCE))
        .when(conflict)
        .then(pl.lit(EDITED_SINCE))
        .when(pl.col("verdict") == "held")
        .then(pl.lit(ONE_WAY))
        .otherwise(pl.lit(""))
        .alias("code"),
        pl.col(resource.key),
        *afters,
        *[pl.col(f"{c}_now").alias(f"{c}_before") for c in resource.columns],
        pl.col("operation_id"),
        pl.col("operation").replace({"apply": "reverse", "reverse": "apply"}).alias("operation"),
        pl.when(again).then(pl.format("run {}", "written_since")).otherwise(pl.lit("")).alias("detail"),
    )
