"""The target's own journal of batches: it is written in the same transaction as the records, and so never wrong."""

import json

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.statements import inserting
from infra.connectors.sql.tables import BATCHES
from schemas.problems import Refused
from schemas.records import BatchName


def enter(connection: sa.Connection, batch: BatchName, rows: int) -> bool:
    """Enter the batch in the target's journal; False if it stands there already."""
    entry = {"plan_id": batch.plan_id, "number": batch.number, "run_id": batch.run_id}
    insert = inserting(connection)(BATCHES).values(**entry, rows=rows, conflicts="[]")
    return connection.execute(insert.on_conflict_do_nothing()).rowcount == 1


def _this(batch: BatchName) -> sa.ColumnElement[bool]:
    return sa.and_(
        BATCHES.c.plan_id == batch.plan_id, BATCHES.c.number == batch.number, BATCHES.c.run_id == batch.run_id
    )


def outcomes_then(connection: sa.Connection, batch: BatchName) -> pl.Series | None:
    """Return what a batch did, in order; None if it never landed."""
    asked = sa.select(BATCHES.c.rows, BATCHES.c.conflicts, BATCHES.c.found).where(_this(batch))
    entry = connection.execute(asked).one_or_none()
    if entry is None:
        return None
    outcomes = pl.repeat("done", entry.rows, dtype=pl.String, eager=True).alias("outcome")
    return outcomes.scatter(json.loads(entry.conflicts), "conflict").scatter(json.loads(entry.found), "unchanged")


def earlier_outcomes(connection: sa.Connection, batch: BatchName, rows: int) -> pl.Series:
    """Answer a batch that was committed before with what it did then."""
    then = outcomes_then(connection, batch)
    if then is None or then.len() != rows:
        raise Refused(
            f"Batch {batch.number} of plan {batch.plan_id} was written before with other changes than "
            f"these {rows}. Nothing was written; start a new run instead of this one."
        )
    return then


def note_unwritten(connection: sa.Connection, batch: BatchName, outcomes: pl.Series) -> None:
    """Remember which changes of a batch were not written, and why: moved by someone, or found as wanted."""
    kept = {"conflicts": "conflict", "found": "unchanged"}
    positions = {column: (outcomes == outcome).arg_true().to_list() for column, outcome in kept.items()}
    if any(positions.values()):
        values = {column: json.dumps(places) for column, places in positions.items()}
        connection.execute(sa.update(BATCHES).where(_this(batch)).values(**values))
