"""What a system of customers is to the target: how it is read, and how one customer is written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from schemas.capabilities import CallWindow

Record = dict[str, str]
"""A customer: ``customer_id`` and every column of ours, empty where the system says nothing."""
Change = Mapping[str, Any]
"""A row of a ChangeSet (``tasks.core.planning.changes``)."""


class Register(Protocol):
    """The customers of one system, as its interface reads and writes them."""

    def everyone(self) -> Iterable[Record]:
        """Yield all customers as they are now, each once."""
        ...

    def some(self, keys: Sequence[str]) -> Iterable[Record]:
        """Yield those of *keys* that are there."""
        ...

    def count(self) -> int:
        """Return how many there are."""
        ...

    def windows(self) -> tuple[CallWindow, ...]:
        """Return how many calls the system takes, and how many are left; nothing where it counts none."""
        ...

    def compared(self, changes: pl.DataFrame) -> tuple[str, ...]:
        """Return the columns by which the records of some changes are compared: those that are worth their calls."""
        ...

    def prepare(self, columns: Sequence[str]) -> None:
        """Look now at what the system keeps apart of these columns, for the records that are looked at next."""
        ...

    def expect_calls(self, change: Change) -> None:
        """Raise BudgetSpent where not all of a change could be written now."""
        ...

    def one(self, key: str) -> Record | None:
        """Return one customer as it is now."""
        ...

    def having(self, email: str) -> Sequence[Record]:
        """Return whoever has this address, in any letter case, as it is now."""
        ...

    def objection(self, change: Change, now: Record | None) -> str:
        """Say why the system would not take a change, nothing where it would."""
        ...

    def create(self, wanted: Mapping[str, str]) -> Record:
        """Create a customer and return it as the system answers.

        Raises:
            Unanswered: It may be there all the same.
        """
        ...

    def update(self, key: str, before: Mapping[str, str], after: Mapping[str, str]) -> Record | None:
        """Change what differs and return the customer as the system answers, None where it does not say."""
        ...

    def complete(self, key: str, wanted: Mapping[str, str]) -> Record:
        """Write what the system keeps apart from the customer, and return those columns as it holds them now.

        Raises:
            Unanswered: Some or all of it may be done.
        """
        ...

    def remove(self, key: str) -> None:
        """Delete a customer."""
        ...


class IssuedKeys(Protocol):
    """Which records we created, and under which names."""

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Return the keys of those names under which a record was created."""
        ...

    def keep(self, name: str, key: str) -> None:
        """Remember a record that was created."""
        ...

    def created(self, key: str) -> bool:
        """Say whether we created a record."""
        ...
