"""Several requests at a time; the first that fails ends the wait for all others."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Asked = TypeVar("Asked")
Got = TypeVar("Got")


def in_parallel(ask: Callable[[Asked], Got], all_asked: Iterable[Asked], at_a_time: int) -> Iterator[Got]:
    """Yield what *ask* returns of each, in order. What was not begun when one fails is not begun any more."""
    pool = ThreadPoolExecutor(at_a_time)
    try:
        yield from pool.map(ask, all_asked)
    finally:
        pool.shutdown(cancel_futures=True)
