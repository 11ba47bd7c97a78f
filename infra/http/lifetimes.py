"""How long connections to a site live: as long as the systems among which it was opened.

Apart from the transport, so that commands that speak to no site do not wait for it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

_CLOSED_BY: ContextVar[ExitStack | None] = ContextVar("closed_by", default=None)


@contextmanager
def closed_by(stack: ExitStack) -> Iterator[None]:
    """Let *stack* close the connections to every site that is opened inside."""
    token = _CLOSED_BY.set(stack)
    try:
        yield
    finally:
        _CLOSED_BY.reset(token)


def close_at_end(close: Callable[[], None]) -> None:
    """Call *close* when the stack of here ends; where there is none, whoever opened a site closes it."""
    if stack := _CLOSED_BY.get():
        stack.callback(close)
