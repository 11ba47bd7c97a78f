"""Evidence on its way into the store while the run goes on.

What a run may not do before all of it is stored (to name a plan, to write, to say that it is done) begins with a
``join``. Nothing is entered in the ledger before it is stored, and what is stored here in the order in which it was
begun.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import Self

from schemas.problems import Problem, Unavailable

Deed = Callable[[], None]


def _attempt(upload: Deed) -> Deed | None:
    """Upload, and return what is left to do. Whoever waits holds no content that is stored by now."""
    try:
        upload()
    except Unavailable:
        return upload
    return None


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """An upload that is *going*, or something that is *due* once those before it are done."""

    going: Future[Deed | None] | None = None
    due: Deed | None = None

    def finish(self) -> None:
        """See it done; what the store did not answer before is asked for once more here."""
        left = self.going.result() if self.going else self.due
        if left:
            left()


@dataclass(frozen=True, kw_only=True)
class Uploads:
    """Uploads of one process, one after the other, and what is to be entered after them."""

    closing: ExitStack
    _begun: deque[_Begun] = field(init=False, default_factory=deque)
    _thread: list[ThreadPoolExecutor] = field(init=False, default_factory=list)
    _lock: RLock = field(init=False, default_factory=RLock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """See all stored that was begun, also of a run that failed; of that, its own failure is what is told."""
        with suppress(*((Problem,) if kind else ())):
            self.join()

    def begin(self, upload: Deed) -> None:
        """Begin an upload, and go on. What it fails with is raised by ``join``."""
        if not self._thread:  # only now, so that it ends before the store is closed, which is open by now
            self._thread.append(ThreadPoolExecutor(1, thread_name_prefix="upload"))
            self.closing.callback(self._thread[0].shutdown, cancel_futures=True)
        self._begun.append(_Begun(going=self._thread[0].submit(_attempt, upload)))

    def then(self, enter: Deed) -> None:
        """Do something once all that was begun before is stored: at once, where nothing is on its way."""
        self._begun.append(_Begun(due=enter))
        if all(each.going is None for each in self._begun):
            self.join()

    def join(self) -> None:
        """Wait until all is stored, and entered.

        Raises:
            Problem: As an upload raised it; it is still to be done.
        """
        with self._lock:
            while self._begun:
                self._begun[0].finish()
                self._begun.popleft()
