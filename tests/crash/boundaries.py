"""The moments just before and just after each write of a process, and dying at one of them.

A write is a PUT to the S3 store or the commit of a transaction, whoever asked for it.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy.engine.default import DefaultDialect

from infra.storage import Storage


class Boundaries:
    """Counts the moments that went by, as lines in a file; dies at the one that is *fatal* (from 0)."""

    def __init__(self, passed: Path, fatal: int | None) -> None:
        self._passed, self._fatal, self._count = passed.open("a"), fatal, 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See every write of this process inside."""
        with ExitStack() as stack:
            stack.enter_context(self._passed)
            for method in ("put", "_created", "_copied"):
                put = self._around(getattr(Storage, method), lambda _store, key, *_: f"put {key}")
                stack.enter_context(patch.object(Storage, method, put))
            commit = self._around(DefaultDialect.do_commit, lambda _dialect, _connection: "commit")
            stack.enter_context(patch.object(DefaultDialect, "do_commit", commit))
            yield

    def _around(self, write: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        @wraps(write)
        def watched(*arguments: Any, **named: Any) -> Any:
            self._pass(f"before {name(*arguments)}")
            answer = write(*arguments, **named)
            self._pass(f"after {name(*arguments)}")
            return answer

        return watched

    def _pass(self, moment: str) -> None:
        self._passed.write(f"{moment}\n")
        self._passed.flush()
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self._count += 1
