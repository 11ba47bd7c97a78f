"""Loyalty failures: one row each, which outlives the vendor's report of it.

Two runs may look at the same failures, a sweep and what people decided; whoever saves second loads again.
What becomes of a failure is decided in ``tasks.core.loyalty``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import polars.selectors as cs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.databases.bulk import PAGE_ROWS, fetch_each, fetch_rows, staged
from infra.databases.database import is_postgres, reading, writing
from infra.ledger.rows import upsert
from infra.ledger.tables import FAILURE_SWEEPS, FAILURES
from schemas.loyalty.records import FailureStates
from schemas.loyalty.steps import SweptDay
from schemas.problems import Unavailable
from tasks.core.loyalty.partitions import cut
from tasks.core.loyalty.slices import EVERY_SLICE, with_slices

COLUMNS = tuple(FailureStates.to_schema().columns)
_REPORTED_COLUMNS = 16
"""So many columns say what was told, which never changes; those behind them how far it is."""
_KEY = "failure_key"
_AT = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Failures as they were loaded (``FailureStates``), and when: what was saved later has a higher revision."""

    states: pl.DataFrame
    revision: int


@dataclass(frozen=True, kw_only=True)
class Saved:
    """How many failures are new or changed, and as which revision."""

    rows: int
    revision: int


@dataclass(frozen=True)
class FailureBook:
    """What the ledger in a database remembers of loyalty failures."""

    engine: sa.Engine

    def count(self, *, settled_since: date) -> list[int]:
        """Count, slice by slice, the failures that are open or were settled since a day."""
        with reading(self.engine) as connection:
            return _count_by_slice(connection, settled_since)

    def list_saved_after(self, revision: int) -> pl.Series:
        """Return the keys of the failures that were saved after a revision."""
        with reading(self.engine) as connection:
            since = sa.select(FAILURES.c.failure_key).where(FAILURES.c.revision > revision)
            return pl.Series(_KEY, list(connection.scalars(since)), dtype=pl.String)

    def load(self, keys: pl.Series) -> Remembered:
        """Return the failures of these keys."""
        with writing(self.engine) as connection:  # for its temporary table: PostgreSQL has none in a read-only moment
            return _load(connection, keys)

    def load_pressing(self, keys: pl.Series, *, settled_since: date, slices: range = EVERY_SLICE) -> Remembered:
        """Return the failures of some slices that are open, were settled since a day, or have one of these keys."""
        with writing(self.engine) as connection:  # as above
            return _load_pressing(connection, keys, settled_since, slices)

    def save(self, parts: Iterable[pl.DataFrame], *, loaded: int, run_id: str, days: Sequence[SweptDay] = ()) -> Saved:
        """Enter failures (``schemas.loyalty.records.FailureStates``) as they are now, and the days swept for it.

        Parts are entered together or not at all.

        Raises:
            Unavailable: Someone else entered some of them since they were *loaded*, at that revision; load and
                decide again.
        """
        with writing(self.engine) as connection:
            _record_sweeps(connection, days, run_id)
            return _save_parts(connection, parts, loaded)

    def list_sweeps(self) -> tuple[SweptDay, ...]:
        """Return the days that were swept, oldest first."""
        with reading(self.engine) as connection:
            return _list_sweeps(connection)


def _load(connection: sa.Connection, keys: pl.Series) -> Remembered:
    revision = _revision(connection)
    asked = pl.DataFrame({"wanted": keys.cast(pl.String).unique()})
    with staged(connection, asked, "counterfoil_wanted") as wanted:
        return Remembered(states=_of(connection, wanted), revision=revision)


def _load_pressing(connection: sa.Connection, keys: pl.Series, settled_since: date, slices: range) -> Remembered:
    """Load what presses by its slices; few keys are left then, and only these are looked up one by one."""
    revision = _revision(connection)
    pressing = _pressing(connection, settled_since, slices)
    others = keys.filter(~keys.is_in(pressing[_KEY].implode()))
    asked = [_load(connection, others).states] if others.len() else []
    return Remembered(states=pl.concat([pressing, *asked]), revision=revision)


def _pressing(connection: sa.Connection, settled_since: date, slices: range) -> pl.DataFrame:
    counted = _count_by_slice(connection, settled_since, slices)
    pages = [_in(range(slices.start + part.start, slices.start + part.stop)) for part in cut(counted, PAGE_ROWS)]
    conditions = [sa.and_(*page, _presses(settled_since)) for page in pages]
    return _as_values(pl.concat(fetch_each(connection, [FAILURES.c[name] for name in COLUMNS], FAILURES, conditions)))


def _in(slices: range) -> tuple[sa.ColumnElement[bool], ...]:
    return FAILURES.c.slice >= slices.start, FAILURES.c.slice < slices.stop


def _revision(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(FAILURES.c.revision), 0))) or 0


def _presses(settled_since: date) -> sa.ColumnElement[bool]:
    return sa.or_(FAILURES.c.status == "open", FAILURES.c.settled_on >= settled_since.isoformat())


def _of(connection: sa.Connection, wanted: sa.Table) -> pl.DataFrame:
    found = wanted.join(FAILURES, FAILURES.c.failure_key == wanted.c.wanted)
    return _as_values(fetch_rows(connection, [FAILURES.c[name] for name in COLUMNS], found, wanted))


def _count_by_slice(connection: sa.Connection, settled_since: date, slices: range = EVERY_SLICE) -> list[int]:
    counted = sa.select(FAILURES.c.slice, sa.func.count()).where(*_in(slices), _presses(settled_since))
    found = dict(connection.execute(counted.group_by(FAILURES.c.slice)).tuples().all())
    return [found.get(number, 0) for number in slices]


def _save_parts(connection: sa.Connection, parts: Iterable[pl.DataFrame], loaded: int) -> Saved:
    if is_postgres(connection):
        connection.execute(sa.text("LOCK TABLE failures IN SHARE ROW EXCLUSIVE MODE"))
    mine = _revision(connection) + 1
    rows = sum(_save(connection, states, loaded, mine) for states in parts)
    return Saved(rows=rows, revision=mine if rows else mine - 1)  # where nothing moved, the next to save takes mine


def _save(connection: sa.Connection, states: pl.DataFrame, loaded: int, revision: int) -> int:
    with staged(connection, _as_text(states)) as stage:
        _expect_as_loaded(connection, stage, loaded)
        rows = sa.select(*(stage.c[name] for name in (*COLUMNS, "slice")), sa.literal(revision)).where(sa.true())
        insert = (postgresql.insert if is_postgres(connection) else sqlite.insert)(FAILURES)
        statement = insert.from_select([*COLUMNS, "slice", "revision"], rows)
        moves = {name: statement.excluded[name] for name in (*COLUMNS[_REPORTED_COLUMNS:], "revision")}
        moved = sa.or_(*(FAILURES.c[name].is_distinct_from(moves[name]) for name in COLUMNS[_REPORTED_COLUMNS:]))
        saved = connection.execute(
            statement.on_conflict_do_update(index_elements=[FAILURES.c.failure_key], set_=moves, where=moved)
        )
        return saved.rowcount


def _record_sweeps(connection: sa.Connection, days: Sequence[SweptDay], run_id: str) -> None:
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


def _list_sweeps(connection: sa.Connection) -> tuple[SweptDay, ...]:
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
    return with_slices(states.select(COLUMNS)).with_columns(
        cs.date().dt.to_string("%Y-%m-%d"), cs.datetime().dt.strftime(_AT), cs.by_dtype(pl.Int64)
    )


def _as_values(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        cs.ends_with("_on").str.to_date("%Y-%m-%d"),
        cs.ends_with("_at").str.to_datetime(_AT, time_unit="us", time_zone="UTC"),
    )
