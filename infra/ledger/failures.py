"""Loyalty failures: one row each, which outlives the vendor's report of it.

Two runs may look at the same failures, a sweep and what people decided; whoever saves second loads again.
What becomes of a failure is decided in ``tasks.core.loyalty``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import polars.selectors as cs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.bulk import count_values, fetch_rows, staged
from infra.database import is_postgres
from infra.ledger.rows import upsert
from infra.ledger.tables import FAILURE_SWEEPS, FAILURES
from schemas.loyalty import FailureStates
from schemas.problems import Unavailable
from schemas.sweeps import SweptDay

COLUMNS = tuple(FailureStates.to_schema().columns)
_TOLD = 16
"""So many columns say what was told, which never changes; those behind them how far it is."""
_AT = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Failures as they were loaded (``FailureStates``), and when: what was saved later has a higher revision."""

    states: pl.DataFrame
    revision: int


def load(connection: sa.Connection, keys: pl.Series, settled_since: date) -> Remembered:
    """Return the failures that are open, were settled since a day, or are asked for by key."""
    revision = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(FAILURES.c.revision), 0))) or 0
    asked = pl.DataFrame({"wanted": keys.cast(pl.String).unique()})
    with staged(connection, asked, "counterfoil_wanted") as wanted:
        recent = sa.or_(FAILURES.c.status == "open", FAILURES.c.settled_on >= settled_since.isoformat())
        others = sa.select(FAILURES.c.failure_key).where(
            recent, FAILURES.c.failure_key.not_in(sa.select(wanted.c.wanted))
        )
        connection.execute(sa.insert(wanted).from_select(["wanted"], others))
        count_values(connection, wanted)
        found = wanted.join(FAILURES, FAILURES.c.failure_key == wanted.c.wanted)
        rows = fetch_rows(connection, [FAILURES.c[name] for name in COLUMNS], found, wanted)
    return Remembered(states=_as_values(rows), revision=revision)


def save(connection: sa.Connection, states: pl.DataFrame, loaded: Remembered) -> int:
    """Enter failures as they are now; return how many are new or changed.

    Raises:
        Unavailable: Some were saved by someone else since they were loaded.
    """
    if is_postgres(connection):
        connection.execute(sa.text("LOCK TABLE failures IN SHARE ROW EXCLUSIVE MODE"))
    with staged(connection, _as_text(states)) as stage:
        _expect_as_loaded(connection, stage, loaded.revision)
        revision = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(FAILURES.c.revision), 0) + 1))
        rows = sa.select(*(stage.c[name] for name in COLUMNS), sa.literal(revision)).where(sa.true())
        insert = (postgresql.insert if is_postgres(connection) else sqlite.insert)(FAILURES)
        statement = insert.from_select([*COLUMNS, "revision"], rows)
        moves = {name: statement.excluded[name] for name in (*COLUMNS[_TOLD:], "revision")}
        moved = sa.or_(*(FAILURES.c[name].is_distinct_from(moves[name]) for name in COLUMNS[_TOLD:]))
        saved = connection.execute(
            statement.on_conflict_do_update(index_elements=[FAILURES.c.failure_key], set_=moves, where=moved)
        )
        return saved.rowcount


def record_sweeps(connection: sa.Connection, days: Sequence[SweptDay], run_id: str) -> None:
    """Enter days that were swept; a day whose report was believed once stays so."""
    for swept in days:
        row = {
            "day": swept.day.isoformat(),
            "section": swept.section,
            "believed": int(swept.believed),
            "run_id": run_id,
        }
        statement = upsert(connection, FAILURE_SWEEPS, [row])
        better = sa.case(
            (FAILURE_SWEEPS.c.believed > statement.excluded.believed, FAILURE_SWEEPS.c.believed),
            else_=statement.excluded.believed,
        )
        place = [FAILURE_SWEEPS.c.day, FAILURE_SWEEPS.c.section]
        connection.execute(statement.on_conflict_do_update(index_elements=place, set_={"believed": better}))


def list_sweeps(connection: sa.Connection) -> tuple[SweptDay, ...]:
    """Return every day that was swept, oldest first."""
    c = FAILURE_SWEEPS.c
    rows = connection.execute(sa.select(c.day, c.section, c.believed).order_by(c.day, c.section))
    return tuple(SweptDay(day=date.fromisoformat(d), section=s, believed=bool(believed)) for d, s, believed in rows)


def _expect_as_loaded(connection: sa.Connection, stage: sa.Table, revision: int) -> None:
    both = stage.join(FAILURES, FAILURES.c.failure_key == stage.c.failure_key)
    newer = sa.select(FAILURES.c.failure_key).select_from(both).where(FAILURES.c.revision > revision)
    if connection.execute(newer.limit(1)).first() is not None:
        raise Unavailable("Loyalty failures were entered by another run meanwhile. They are looked at again.")


def _as_text(states: pl.DataFrame) -> pl.DataFrame:
    """Write days and instants as text that sorts as they do."""
    return states.select(COLUMNS).with_columns(
        cs.date().dt.to_string("%Y-%m-%d"), cs.datetime().dt.strftime(_AT), cs.by_dtype(pl.Int64)
    )


def _as_values(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        cs.ends_with("_on").str.to_date("%Y-%m-%d"),
        cs.ends_with("_at").str.to_datetime(_AT, time_unit="us", time_zone="UTC"),
    )
