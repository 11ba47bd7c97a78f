"""Several requests or partitions at a time; the first that fails ends the wait for all others."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from infra.context import settings, thread_pool, uploads, workers

Asked = TypeVar("Asked")
Got = TypeVar("Got")
_BESIDE_EACH_OTHER = 2
"""Each holds some hundred thousand rows, and polars shares the cores among them."""


def in_parallel(ask: Callable[[Asked], Got], all_asked: Iterable[Asked], at_a_time: int) -> Iterator[Got]:
    """Yield what *ask* returns of each, in order. What was not begun when one fails is not begun any more."""
    pool = thread_pool(at_a_time)
    try:
        yield from pool.map(ask, all_asked)
    finally:
        pool.shutdown(cancel_futures=True)


def on_workers(work: Callable[[Asked], Got], all_asked: Iterable[Asked], count: int) -> Iterator[Got]:
    """Yield what *work* answers to each of *count*, in order; see ``Workers.map``. To one this process answers."""
    if settings().has_workers:
        uploads().join()  # they read what is stored
    return workers().map(work, all_asked) if count > 1 else map(work, all_asked)


def on_all_cores(work: Callable[[Asked], Got], all_asked: Iterable[Asked], count: int) -> Iterator[Got]:
    """Do as ``on_workers`` does; this process does two at a time. For work that computes, and writes to no target."""
    if settings().has_workers or count == 1:
        yield from on_workers(work, all_asked, count)
        return
    pool = thread_pool(_BESIDE_EACH_OTHER)
    waiting: deque[Future[Got]] = deque()
    try:
        for asked in all_asked:
            waiting.append(pool.submit(work, asked))
            if len(waiting) == _BESIDE_EACH_OTHER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
