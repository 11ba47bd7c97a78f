"""A shop's database as a target: SQLite embedded, PostgreSQL in production.

A batch is one transaction: its name in the journal, its operations, its records and what goes with them land
together or not at all. What goes with the records of a till stands in ``infra.connectors.sql.till``.
"""

from collections.abc import Iterator, Mapping

import polars as pl
import sqlalchemy as sa

from infra.connectors.outcomes import expect_one_change_a_record
from infra.connectors.sql import queries as look
from infra.connectors.sql.batch_writes import DependentWrites, Write, write_batch
from infra.connectors.sql.journal import earlier_outcomes, enter, note_unwritten, outcomes_then
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.till import DEPENDENT_WRITES
from infra.connectors.sql.till_lines import list_edited
from infra.connectors.sql.till_stock import find_uneven, list_levels, list_movements, list_referred, list_sold_only
from infra.databases.database import reading, writing
from schemas.capabilities import Capabilities
from schemas.domain import Resource
from schemas.records import BatchName, Total

NO_DEPENDENT_WRITES = DependentWrites()


class SqlTarget:
    """The sql target, over tables that ``infra.connectors.sql.tables`` knows."""

    name = "sql"
    can = Capabilities(operation_ids=True, read_back=True, undo=True, guard="compare_and_set", unit="batch")

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return look.read(connection, TARGET.tables[resource.name], resource, keys)

    def read_parts(self, resource: Resource) -> Iterator[pl.DataFrame]:
        with reading(self._engine) as connection:
            yield from look.read_parts(connection, TARGET.tables[resource.name], resource)

    def serves_workers(self, resource: Resource) -> bool:
        return resource.name not in DEPENDENT_WRITES  # those would wait for each other's stock

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        with reading(self._engine) as connection:
            return look.totals(connection, TARGET.tables[resource.name], resource)

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return look.issued(connection, TARGET.tables[resource.name], resource, names)

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return look.recorded(connection, operation_ids)

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        with reading(self._engine) as connection:
            return outcomes_then(connection, batch)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        expect_one_change_a_record(changes, resource)
        with writing(self._engine) as connection:
            if not enter(connection, batch, changes.height):
                return earlier_outcomes(connection, batch, changes.height)
            write = Write(connection=connection, table=TARGET.tables[resource.name], resource=resource, batch=batch)
            outcomes = write_batch(write, changes, DEPENDENT_WRITES.get(resource.name, NO_DEPENDENT_WRITES))
            note_unwritten(connection, batch, outcomes)
            return outcomes

    def levels(self, outlets: pl.Series | None) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return list_levels(connection, outlets)

    def movements(self, run_id: str) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return list_movements(connection, run_id)

    def edited_lines(self, sales: pl.Series) -> pl.Series:
        with reading(self._engine) as connection:
            return list_edited(connection, sales)

    def sold_only(self) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return list_sold_only(connection)

    def uneven_levels(self) -> pl.DataFrame:
        with reading(self._engine) as connection:
            return find_uneven(connection)

    def referred(self, products: pl.Series, going: Mapping[str, pl.Series]) -> pl.Series:
        with reading(self._engine) as connection:
            return list_referred(connection, products, going)
