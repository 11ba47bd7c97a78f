"""Several requests at a time; the first that fails ends the wait for all others."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from infra.context import thread_pool

Asked = TypeVar("Asked")
Got = TypeVar("Got")


def in_parallel(ask: Callable[[Asked], Got], all_asked: Iterable[Asked], at_a_time: int) -> Iterator[Got]:
    """Yield what *ask* returns of each, in order. What was not begun when one fails is not begun any more."""
    pool = thread_pool(at_a_time)
    try:
        yield from pool.map(ask, all_asked)
    finally:
        pool.shutdown(cancel_futures=True)
