"""What a journal does for the user's database: it remembers batches, additions and the names of new records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl
import sqlalchemy as sa

from infra.connectors.own_database.tables import OwnTable
from schemas.records import BatchName


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What a batch did, as the journal knows: ``written`` is ``done`` by now. *issued* are keys by names."""

    outcomes: list[str]
    issued: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a batch is about to have done when it commits: the changes, their outcomes, the keys issued by names."""

    resource: str
    changes: pl.DataFrame
    outcomes: list[str]
    issued: Mapping[str, str]


class Journal(Protocol):
    """Where batches are remembered. What takes a connection is part of the batch's own transaction, where it can be."""

    keeps_operations: bool

    def recall(self, batch: BatchName) -> Landed | None:
        """Return what a batch did; None where it never landed. ``unknown`` where that cannot be told."""
        ...

    def enter(self, connection: sa.Connection, batch: BatchName) -> None:
        """Begin a batch; a second one of its name is kept from committing, where the database itself can do that."""
        ...

    def close(self, connection: sa.Connection, batch: BatchName, intent: Intent) -> None:
        """Note what the batch did, just before it commits."""
        ...

    def settle(self, batch: BatchName, intent: Intent) -> None:
        """Note that it committed."""
        ...

    def created(self, connection: sa.Connection, own: OwnTable, names: pl.Series) -> pl.DataFrame:
        """Return ``name, key`` of records that were created under *names*, whether they are still there or not."""
        ...

    def operations(self, connection: sa.Connection, operation_ids: pl.Series) -> pl.DataFrame:
        """Return ``operation_id, state`` of those recorded."""
        ...

    def note(
        self,
        connection: sa.Connection,
        own: OwnTable,
        plan_id: str,
        operations: Mapping[str, str],
        names: Mapping[str, str],
    ) -> bool:
        """Record additions with their states, and keys by names; False where somebody else recorded one meanwhile."""
        ...
