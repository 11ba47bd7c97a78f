"""A database of the user's own as a target: the tables are theirs, and stay as they are."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from infra.connectors import NONE_ISSUED
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.outcomes import expect_one_change_a_record
from infra.connectors.own_database import reading as look
from infra.connectors.own_database.journals import Intent, Journal
from infra.connectors.own_database.opened import OwnTables
from infra.connectors.own_database.tables import OwnTable
from infra.connectors.own_database.writing import Writer, write_batch
from infra.databases.foreign import reading_foreign, writing_foreign
from schemas.capabilities import Capabilities
from schemas.domain import Resource
from schemas.problems import Refused
from schemas.records import BatchName, Total

BATCH_ROWS = 2_000
"""Rows that are locked at once while others work with the table."""


CAN = Capabilities(
    operation_ids=False,
    read_back=True,
    undo=True,
    guard="compare_and_set",
    unit="batch",
    final="Of a record that was removed, what columns held that no mapping names.",
    batch_rows=BATCH_ROWS,
)
"""Whether additions are remembered depends on where the journal is kept."""


class OwnDatabase:
    """The user's tables; *journal* remembers what was done to them."""

    name = "own_database"

    def __init__(self, tables: OwnTables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal
        self.reasons = BatchReasons()
        self.can = replace(CAN, operation_ids=journal.keeps_operations)

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        if keys is None:
            return pl.concat(self.read_parts(resource))
        return self._tables.records(self._tables.of(resource.name), keys)

    def read_parts(self, resource: Resource) -> Iterator[pl.DataFrame]:
        own = self._tables.of(resource.name)
        with reading_foreign(self._tables.engine) as connection:
            yield from look.read_parts(connection, own)

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        own = self._tables.of(resource.name)
        with reading_foreign(self._tables.engine) as connection:
            return look.totals(connection, own)

    def kept(self, resource: Resource) -> tuple[str, ...]:
        left_out = self._tables.of(resource.name).mapping.not_kept
        return tuple(column for column in resource.columns if column not in left_out)

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        if names.is_empty():
            return NONE_ISSUED
        own = self._tables.of(resource.name)
        with reading_foreign(self._tables.engine) as connection:
            created = self._journal.created(connection, own, names)
            there = look.read_keys(connection, own, created["key"])
        return created.filter(pl.col("key").is_in(there[resource.key].implode()))

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        with reading_foreign(self._tables.engine) as connection:
            return self._journal.operations(connection, operation_ids)

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        landed = self._journal.recall(batch)
        return None if landed is None else pl.Series("outcome", landed.outcomes, pl.String)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one batch in one transaction.

        Raises:
            Refused: The database said no to the whole batch, or it was written before with other changes.
            Unavailable: It did not answer; calling again with the same batch settles whether it landed.
        """
        expect_one_change_a_record(changes, resource)
        own = self._tables.of(resource.name)
        then = self.outcomes(batch)
        if then is None:
            return self._write(own, changes, batch)
        if then.len() != changes.height:
            raise Refused(
                f"Batch {batch.number} of plan {batch.plan_id} was written before with other changes than these "
                f"{changes.height}. Nothing was written; start a new run instead of this one."
            )
        return then

    def _write(self, own: OwnTable, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        with writing_foreign(self._tables.engine) as connection:
            self._journal.enter(connection, batch)
            written = write_batch(
                Writer(connection=connection, own=own, journal=self._journal, plan_id=batch.plan_id), changes
            )
            intent = Intent(
                resource=own.resource.name,
                changes=changes,
                outcomes=written.outcomes.to_list(),
                issued=written.issued,
            )
            self._journal.close(connection, batch, intent)
        self._journal.settle(batch, intent)
        self.reasons.keep(batch, written.reasons)
        return written.outcomes
