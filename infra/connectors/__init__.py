"""The systems whose records we read and change.

A connector speaks its target's own column names and knows nothing of our domains. Paging,
authentication, rate limits and bulk tricks are private to each file. Every connector passes
the one contract suite in ``tests/connectors``.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import polars as pl

from schemas.capabilities import CallWindow, Capabilities
from schemas.domain import Dialect, Resource
from schemas.orders.steps import PaymentTypes
from schemas.record_writes import RecordWrite
from schemas.records import BatchName, Total
from schemas.register_exports import Export, Shown

NONE_ISSUED = pl.DataFrame(schema={"name": pl.String, "key": pl.String})
"""What ``Connector.issued`` answers of names that no record was created under."""
OPERATIONS_SCHEMA = pl.Schema({"operation_id": pl.String, "state": pl.String})
NO_OPERATIONS = OPERATIONS_SCHEMA.to_frame()
"""What ``Connector.operations`` answers where none of them is recorded."""


class Connector(Protocol):
    """A system whose records we can read and change in bulk."""

    name: str
    can: Capabilities

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Return the records whose key is among *keys*, or all records where None.

        Keys match without regard to case (a card printed GC1 may be typed gc1). The columns
        are the key and ``resource.columns``; no order is promised.

        Raises:
            Unavailable: The system did not answer.
        """
        ...

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        """Return count and sum of all live records per currency (or just "" where nothing is money), sorted."""
        ...

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        """Return ``name, key`` of the records that were created under *names* (CREATED_AS) and are still there."""
        ...

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        """Return ``operation_id, state`` (applied | reversed) of those already recorded."""
        ...

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        """Return what a batch did, in order (done | unchanged | conflict), as the target itself recorded it.

        None if it never landed, whatever anyone else believes.
        """
        ...

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one batch as one unit and return one outcome a change, in order.

        *changes* holds kinds create, update and remove only (``tasks.core.planning.changes``). A record
        is written only where it still is as ``*_before`` says, and is ``unchanged`` where it is as wanted
        already, by whoever; a batch that was committed before is not written again but answers what it did
        then (``done`` for its writes).
        A create whose key is a name (CREATED_AS) is given its key by the target, see ``issued``.

        Raises:
            Refused: The system understood and said no to the whole batch.
            Unavailable: The system did not answer. The batch may have landed; calling again
                with the same batch settles it.
        """
        ...


class RemembersNothing:
    """What a connector answers whose system adds nothing up, issues no keys, and remembers nothing that was done."""

    def totals(self, resource: Resource) -> tuple[Total, ...]:  # noqa: ARG002
        """Return no totals."""
        return ()

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:  # noqa: ARG002
        """Return no keys."""
        return NONE_ISSUED

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:  # noqa: ARG002
        """Return none of the operations."""
        return NO_OPERATIONS

    def outcomes(self, batch: BatchName) -> pl.Series | None:  # noqa: ARG002
        """Return nothing of any batch."""
        return None


class Journal(Protocol):
    """Where it is kept what became of each batch, for a system that does not keep it itself."""

    def recall(self, batch: BatchName) -> list[str] | None:
        """Return the outcomes of a batch that was answered before."""
        ...

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        """Keep the outcomes of a batch."""
        ...


class WriteJournal(Protocol):
    """Where each write of one record is entered before it is sent, and its outcome after, for such a system."""

    def recall(self, batch: BatchName) -> list[RecordWrite]:
        """Return the lines of a batch in their order."""
        ...

    def list_open(self) -> list[RecordWrite]:
        """Return all lines without an outcome."""
        ...

    def list_written(self, kind: str) -> list[RecordWrite]:
        """Return the lines of a kind that were written."""
        ...

    def operations(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return which of these operations (hashes of their ids) were done, and whether last to apply or to reverse."""
        ...

    def begin(self, line: RecordWrite) -> tuple[RecordWrite, bool]:
        """Enter a line before its request is sent; return it as it was entered, and whether it is the first.

        Where another without an outcome wanted this very change, that one's request may still be on its way: its key
        and its instant are taken over, and it ends as ``unchanged``, so that the change is never that of two.
        """
        ...

    def enter(self, line: RecordWrite) -> None:
        """Enter a line with its outcome."""
        ...

    def withdraw(self, line: RecordWrite) -> None:
        """Take back a line whose request certainly never arrived."""
        ...


@runtime_checkable
class SaysWhy(Protocol):
    """What a connector can besides, whose system may answer a change with something else than an answer."""

    def reasons(self, batch: BatchName) -> tuple[str, ...]:
        """Return why changes of a batch are refused or unknown, in words for whoever can put it right."""
        ...


@runtime_checkable
class HoldsSome(Protocol):
    """What a connector can besides, whose system has no way to take some changes: they are held, for people to see."""

    def holds(self, resource: Resource, changes: pl.DataFrame) -> pl.DataFrame:
        """Return ``key, code, detail`` of those of *changes* that the system cannot take.

        Raises:
            SettingsNeedFixing: The settings do not say how such records are written, or name what is not there.
        """
        ...


@runtime_checkable
class KeepsPayments(Protocol):
    """What a connector can besides, whose system keeps what each sale is paid with (PAID_ORDERS)."""

    def payment_types(self) -> PaymentTypes:
        """Return which payment type an order is paid with, as the settings say and the system has it.

        Raises:
            SettingsNeedFixing: The settings do not say it, or name what is not there.
        """
        ...


@runtime_checkable
class KeepsSome(Protocol):
    """What a connector can besides, whose system may have no place for some columns: those of a file are left out."""

    def kept(self, resource: Resource) -> tuple[str, ...]:
        """Return the columns of *resource* that the system has a place for."""
        ...


@runtime_checkable
class CountsCalls(Protocol):
    """What a connector can besides, whose system takes so many calls in a time, from all who call it.

    Its ``write`` raises ``BudgetSpent`` where no more are left for long; called again with the same batch, it goes on.
    """

    def windows(self) -> tuple[CallWindow, ...]:
        """Return how many calls the system takes, in which times, and how many of them are left now."""
        ...


@runtime_checkable
class ServesWorkers(Protocol):
    """What a connector can besides, whose system several processes may work with at a time, a batch each."""

    def serves_workers(self, resource: Resource) -> bool:
        """Say whether batches of these records go well side by side."""
        ...


@runtime_checkable
class ReadsInParts(Protocol):
    """What a connector can besides, whose system holds more records than fit in memory."""

    def read_parts(self, resource: Resource) -> Iterator[pl.DataFrame]:
        """Yield all records as they are at one moment, some at a time; at least one frame, if of no records."""
        ...


@runtime_checkable
class KnownByExports(Protocol):
    """What a connector can besides, whose system we know by its exports: they tell what became of an upload."""

    dialect: Dialect

    def read_export(self, export: Export, resource: Resource) -> pl.DataFrame:
        """Return the records of an export, as ``Connector.read`` does.

        Raises:
            FileNeedsFixing: It is no register.
        """
        ...


@runtime_checkable
class ReadsExports(KnownByExports, Protocol):
    """What such a connector can besides, whose system may answer for itself where nobody has exported again."""

    def ask(self, since: datetime, resource: Resource) -> tuple[Export, Shown] | None:
        """Return what the system itself answers, as it came and as records; None where it cannot be asked.

        Raises:
            Refused: It says no, or something that we do not understand.
            Unavailable: It did not answer.
        """
        ...


@runtime_checkable
class BooksByOrder(Protocol):
    """What a connector can besides, whose system is asked for sales one by one: it knows which orders it had booked."""

    def booked(self, after: str, before: str) -> pl.Series:
        """Return the keys of orders whose sales were booked for a moment between these two."""
        ...


@runtime_checkable
class ReadsStock(Protocol):
    """What a connector can besides, whose system keeps stock: SALES and LEVELS are read and written as any records.

    Writing a sale writes its lines, its movements and the levels with it, as one.
    """

    def levels(self, outlets: pl.Series | None) -> pl.DataFrame:
        """Return ``product_id, outlet_id, quantity_milli`` of these outlets, or of all where None."""
        ...

    def movements(self, run_id: str) -> pl.DataFrame:
        """Return ``order_key, product_id, outlet_id, reason, quantity_milli, plan_id`` of what a run moved."""
        ...

    def edited_lines(self, sales: pl.Series) -> pl.Series:
        """Return those of *sales*, by key, whose lines are kept apart and are not what the sale itself says."""
        ...

    def sold_only(self) -> pl.DataFrame:
        """Return ``product_id, outlet_id`` of levels that nothing but sales ever moved: nobody counted there."""
        ...

    def uneven_levels(self) -> pl.DataFrame:
        """Return the levels that are not the sum of their movements, which is ``moved_milli``. None is good."""
        ...

    def referred(self, products: pl.Series, going: Mapping[str, pl.Series]) -> pl.Series:
        """Return those of *products* that may not be removed, as something refers to them.

        Records whose keys are among those *going*, by resource, are about to be undone: they refer to nothing.
        """
        ...
