"""The journal outside the user's database, for one in which we may make nothing: intent before, outcome after.

Just before a batch commits, what it will have done is written down; just after, that it did. Where the second is
missing, the answer to the commit was lost, or its process died. Then the records tell: a batch lands as a whole, so
where some are as wanted and none is as before, it landed; where it is the other way round, it did not. Where both are
found, or neither, somebody else was there meanwhile: what we wrote is ``unknown``, and nothing is written again.
"""

from collections.abc import Mapping
from typing import Protocol

import polars as pl
import sqlalchemy as sa

from infra.connectors import NO_OPERATIONS
from infra.connectors import Journal as Outcomes
from infra.connectors.outcomes import all_as
from infra.connectors.own_database.journals import Intent, Landed
from infra.connectors.own_database.opened import OwnTables
from infra.connectors.own_database.tables import OwnTable
from schemas.domain import CREATED_AS
from schemas.records import BatchName


class Intents(Protocol):
    """Where intents are kept until they are needed."""

    def intend(self, batch: BatchName, intent: Intent) -> None:
        """Keep what a batch is about to do, in the place of what it was before."""
        ...

    def intended(self, batch: BatchName) -> Intent | None:
        """Return what a batch was about to do."""
        ...


class BucketJournal:
    """The journal beside a run's files."""

    keeps_operations = False

    def __init__(self, outcomes: Outcomes, intents: Intents, tables: OwnTables) -> None:
        self._outcomes = outcomes
        self._intents = intents
        self._tables = tables
        self._names: dict[tuple[str, str], str] = {}
        """By table and name: the keys that were issued, as far as this process was told of them."""

    def recall(self, batch: BatchName) -> Landed | None:
        intent = self._intents.intended(batch)
        if intent is None:
            return None
        own = self._tables.of(intent.resource)
        settled = self._outcomes.recall(batch)
        if settled is None:
            settled = _concluded(intent, own, self._tables.records(own, _keys_of(intent, own)))
            if settled is not None and "unknown" not in settled:
                self._outcomes.remember(batch, settled)
        if settled is None:
            return None
        self._names |= {(own.mapping.table, name): key for name, key in intent.issued.items()}
        return Landed(outcomes=settled, issued=intent.issued)

    def enter(self, connection: sa.Connection, batch: BatchName) -> None:
        """Do nothing: nothing of ours is in that database."""

    def close(self, connection: sa.Connection, batch: BatchName, intent: Intent) -> None:  # noqa: ARG002
        self._intents.intend(batch, intent)

    def settle(self, batch: BatchName, intent: Intent) -> None:
        self._outcomes.remember(batch, _as_done(intent))

    def created(self, connection: sa.Connection, own: OwnTable, names: pl.Series) -> pl.DataFrame:  # noqa: ARG002
        table = own.mapping.table
        known = [(name, self._names[table, name]) for name in names.drop_nulls() if (table, name) in self._names]
        return pl.DataFrame(known, schema={"name": pl.String, "key": pl.String}, orient="row")

    def operations(self, connection: sa.Connection, operation_ids: pl.Series) -> pl.DataFrame:  # noqa: ARG002
        return NO_OPERATIONS

    def note(
        self,
        connection: sa.Connection,  # noqa: ARG002
        own: OwnTable,
        plan_id: str,  # noqa: ARG002
        operations: Mapping[str, str],  # noqa: ARG002
        names: Mapping[str, str],
    ) -> bool:
        self._names |= {(own.mapping.table, name): key for name, key in names.items()}
        return True


def _as_done(intent: Intent) -> list[str]:
    return ["done" if each == "written" else each for each in intent.outcomes]


def _keyed(intent: Intent, own: OwnTable) -> pl.DataFrame:
    """Return the changes with the keys that new records were issued."""
    key = own.resource.key
    names = pl.Series(list(intent.issued), dtype=pl.String)
    keys = pl.Series(list(intent.issued.values()), dtype=pl.String)
    return intent.changes.with_columns(pl.col(key).replace(names, keys))


def _keys_of(intent: Intent, own: OwnTable) -> pl.Series:
    keys = _keyed(intent, own)[own.resource.key]
    return keys.filter(~keys.str.starts_with(CREATED_AS))


def _concluded(intent: Intent, own: OwnTable, now: pl.DataFrame) -> list[str] | None:
    """Conclude from the records as they are *now* what became of a batch whose commit was not answered."""
    resource = own.resource
    written = _keyed(intent, own).with_columns(outcome=pl.Series(intent.outcomes, dtype=pl.String))
    lower = pl.col(resource.key).str.to_lowercase().alias("_folded")
    held = now.select(lower, pl.col(*resource.columns).name.suffix("_now"))
    sides = written.filter(outcome="written").with_columns(lower).join(held, on="_folded", how="left")
    if sides.is_empty():
        return _as_done(intent)
    as_wanted = sides.select(all_as(resource, "_after")).to_series().any()
    as_before = sides.select(all_as(resource, "_before")).to_series().any()
    if as_before and not as_wanted:
        return None
    if as_wanted and not as_before:
        return _as_done(intent)
    return ["unknown" if each == "written" else each for each in intent.outcomes]
