"""Rejected rows, open until a later run accepts them: where they stand and why, never what they say."""

from collections.abc import Sequence

import polars as pl
import sqlalchemy as sa

from infra.bulk import count_values, load_rows, staged
from infra.ledger.tables import ARTIFACTS, REJECTS, RUNS

_OPEN = REJECTS.c.closed_by_run == ""


def record(connection: sa.Connection, run_id: str, rejects: pl.DataFrame) -> None:
    """Replace the rejects of the run: a retry has read its file again.

    What was corrected after an earlier run of the very same file is closed here too.
    """
    connection.execute(sa.delete(REJECTS).where(REJECTS.c.run_id == run_id))
    rows = rejects.select(pl.lit(run_id).alias("run_id"), "line", "codes", "key_sha256")
    load_rows(connection, REJECTS, rows)
    earlier = REJECTS.alias("earlier")
    closed = sa.and_(
        earlier.c.line == REJECTS.c.line, earlier.c.closed_by_run != "", earlier.c.run_id.in_(_same_file(run_id))
    )
    corrected_by = sa.select(sa.func.max(earlier.c.closed_by_run)).where(closed).scalar_subquery()
    own = sa.update(REJECTS).where(REJECTS.c.run_id == run_id)
    connection.execute(own.values(closed_by_run=sa.func.coalesce(corrected_by, "")))
    count_values(connection, REJECTS)


def _same_file(run_id: str) -> sa.Select[tuple[str]]:
    """Select the runs that read a file of the same content."""
    other = ARTIFACTS.alias("other")
    same = sa.and_(other.c.sha256 == ARTIFACTS.c.sha256, other.c.name.like("source.%"))
    return sa.select(other.c.run_id).join(ARTIFACTS, same).where(ARTIFACTS.c.run_id == run_id)


def close_lines(connection: sa.Connection, run_id: str, lines: Sequence[int], by_run: str) -> int:
    """Close lines of the run, and the same lines of other runs of the same file."""
    rows = pl.DataFrame({"line": pl.Series(lines, dtype=pl.Int64)}).unique()
    with staged(connection, rows) as stage:
        closing = sa.update(REJECTS).where(
            sa.or_(REJECTS.c.run_id == run_id, REJECTS.c.run_id.in_(_same_file(run_id))),
            _OPEN,
            REJECTS.c.line.in_(sa.select(stage.c.line)),
        )
        return connection.execute(closing.values(closed_by_run=by_run)).rowcount


def close_keys(connection: sa.Connection, hashes: pl.Series, by_run: str) -> tuple[str, ...]:
    # a row without a key has no hash and is nobody's correction; and no run corrects itself
    rows = hashes.alias("key_sha256").to_frame().filter(pl.col("key_sha256") != "").unique()
    with staged(connection, rows) as stage:
        same = [_OPEN, REJECTS.c.run_id != by_run, REJECTS.c.key_sha256.in_(sa.select(stage.c.key_sha256))]
        touched = connection.scalars(sa.select(REJECTS.c.run_id).where(*same).distinct().order_by(REJECTS.c.run_id))
        runs = tuple(touched)
        connection.execute(sa.update(REJECTS).where(*same).values(closed_by_run=by_run))
    return runs


def open_hashes(connection: sa.Connection, domain: str, but_of: str) -> pl.Series:
    """Return the key hashes of all open rejects of a domain, but of one run."""
    query = (
        sa.select(REJECTS.c.key_sha256)
        .join(RUNS, RUNS.c.run_id == REJECTS.c.run_id)
        .where(_OPEN, RUNS.c.domain == domain, REJECTS.c.run_id != but_of, REJECTS.c.key_sha256 != "")
        .distinct()
    )
    return pl.Series(connection.scalars(query).all(), dtype=pl.String)


def count_open(connection: sa.Connection, run_id: str) -> int:
    query = sa.select(sa.func.count()).where(REJECTS.c.run_id == run_id, _OPEN)
    return connection.execute(query).scalar_one()
