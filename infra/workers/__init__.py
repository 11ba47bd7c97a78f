"""Who does the work on partitions: this process, or the workers of a Dask cluster.

What they are given and what they answer names rows and never holds them: rows travel as pieces
(``infra.artifacts.pieces``).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Asked = TypeVar("Asked")
Got = TypeVar("Got")


class Workers(Protocol):
    """Processes that do the same with each of many partitions."""

    def map(self, work: Callable[[Asked], Got], all_asked: Iterable[Asked]) -> Iterator[Got]:
        """Yield what *work*, a function of a module, answers to each, in order.

        It may be asked twice of the same, the second time while the first still goes: what it writes is named by its
        content, or by a batch that a target takes once.

        Raises:
            Problem: As *work* raised it.
            Unavailable: The workers do not answer, or died each time they were asked.
        """
        ...


class ThisProcess:
    """One part after the other, here."""

    def map(self, work: Callable[[Asked], Got], all_asked: Iterable[Asked]) -> Iterator[Got]:
        return map(work, all_asked)
