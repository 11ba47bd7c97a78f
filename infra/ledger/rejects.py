"""Rejected rows, open until a later run accepts them: where they stand and why, never what they say."""

from collections.abc import Sequence
from typing import get_args

import polars as pl
import sqlalchemy as sa

from infra.databases.bulk import count_values, load_rows, staged
from infra.ledger.tables import ARTIFACTS, REJECTS, RUNS
from schemas.target_names import Channel

_CHANNELS = get_args(Channel)
"""Whoever was told by one of them need not be told by another."""
OPEN = sa.and_(REJECTS.c.closed_by_run == "", REJECTS.c.dropped_at.is_(None))


def record(connection: sa.Connection, run_id: str, rejects: pl.DataFrame) -> None:
    """Replace the rejects of the run: a retry has read its file again.

    What was corrected or dropped after an earlier run of the very same file, for the same target, is closed here too.
    """
    connection.execute(sa.delete(REJECTS).where(REJECTS.c.run_id == run_id))
    rows = rejects.select(pl.lit(run_id).alias("run_id"), "line", "codes", "key_sha256")
    load_rows(connection, REJECTS, rows)
    others = [other for other in connection.scalars(same_file(run_id).distinct()) if other != run_id]
    if others:
        _close_as_before(connection, run_id, others)
    count_values(connection, REJECTS)


def _close_as_before(connection: sa.Connection, run_id: str, others: Sequence[str]) -> None:
    """Close what was corrected or dropped of the same lines in other runs."""
    earlier = REJECTS.alias("earlier")
    names = ("closed_by_run", "dropped_by", "dropped_why", "dropped_at")
    same = [earlier.c.line == REJECTS.c.line, earlier.c.run_id.in_(others)]
    closed = [*same, sa.or_(earlier.c.closed_by_run != "", earlier.c.dropped_at.is_not(None))]
    values = {name: sa.select(sa.func.max(earlier.c[name])).where(*closed).scalar_subquery() for name in names}
    there = sa.select(earlier.c.line).where(*closed).exists()
    connection.execute(sa.update(REJECTS).where(REJECTS.c.run_id == run_id, there).values(**values))


def same_file(run_id: str) -> sa.Select[tuple[str]]:
    """Select the runs that read a file of the same content, for the same target."""
    other, runs = ARTIFACTS.alias("other"), RUNS.alias("theirs")
    same = sa.and_(other.c.sha256 == ARTIFACTS.c.sha256, other.c.name.like("source.%"))
    theirs = sa.func.coalesce(sa.select(runs.c.target).where(runs.c.run_id == other.c.run_id).scalar_subquery(), "")
    selected = sa.select(other.c.run_id).join(ARTIFACTS, same)
    return selected.where(ARTIFACTS.c.run_id == run_id, theirs == _target_of(run_id))


def _target_of(run_id: str) -> sa.ColumnElement[str]:
    """Select where a run writes to."""
    runs = RUNS.alias("ours")
    return sa.func.coalesce(sa.select(runs.c.target).where(runs.c.run_id == run_id).scalar_subquery(), "")


def _of_target(by_run: str) -> sa.ColumnElement[bool]:
    """Say which rejects are of runs that write to where *by_run* wrote: what is in one till is missing in another."""
    runs = RUNS.alias("rejecting")
    theirs = sa.select(runs.c.target).where(runs.c.run_id == REJECTS.c.run_id).scalar_subquery()
    ours = _target_of(by_run)
    told_either_way = sa.and_(theirs.in_(_CHANNELS), ours.in_(_CHANNELS))
    return sa.or_(ours == "", sa.func.coalesce(theirs, "") == ours, told_either_way)


def close_lines(connection: sa.Connection, run_id: str, lines: Sequence[int], by_run: str) -> int:
    """Close lines of the run, and the same lines of other runs of the same file."""
    rows = pl.DataFrame({"line": pl.Series(lines, dtype=pl.Int64)}).unique()
    with staged(connection, rows) as stage:
        closing = sa.update(REJECTS).where(
            sa.or_(REJECTS.c.run_id == run_id, REJECTS.c.run_id.in_(same_file(run_id))),
            OPEN,
            _of_target(by_run),
            REJECTS.c.line.in_(sa.select(stage.c.line)),
        )
        return connection.execute(closing.values(closed_by_run=by_run)).rowcount


def close_keys(connection: sa.Connection, hashes: pl.Series, by_run: str) -> tuple[str, ...]:
    # a row without a key has no hash and is nobody's correction; and no run corrects itself
    rows = hashes.alias("key_sha256").to_frame().filter(pl.col("key_sha256") != "").unique()
    with staged(connection, rows) as stage:
        same = [
            OPEN,
            _of_target(by_run),
            REJECTS.c.run_id != by_run,
            REJECTS.c.key_sha256.in_(sa.select(stage.c.key_sha256)),
        ]
        touched = connection.scalars(sa.select(REJECTS.c.run_id).where(*same).distinct().order_by(REJECTS.c.run_id))
        runs = tuple(touched)
        connection.execute(sa.update(REJECTS).where(*same).values(closed_by_run=by_run))
    return runs


def open_hashes(connection: sa.Connection, domain: str, but_of: str) -> pl.Series:
    """Return the key hashes of all open rejects of a domain, except those of one run."""
    query = (
        sa.select(REJECTS.c.key_sha256)
        .join(RUNS, RUNS.c.run_id == REJECTS.c.run_id)
        .where(OPEN, RUNS.c.domain == domain, REJECTS.c.run_id != but_of, REJECTS.c.key_sha256 != "")
        .distinct()
    )
    return pl.Series(connection.scalars(query).all(), dtype=pl.String)


def count_open(connection: sa.Connection, run_id: str) -> int:
    query = sa.select(sa.func.count()).where(REJECTS.c.run_id == run_id, OPEN)
    return connection.execute(query).scalar_one()
