"""A process that dies while it writes into a database, at a statement, a commit or a note of its own.

It only seems to die: what its database had not committed is taken back, as a server does with a connection that is
gone. That a process ended by a signal leaves the same is shown in ``test_own_database`` and in ``tests/crash``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tests.connectors.lightspeed_crash import Killed
from tests.connectors.own_tables import Notes


@dataclass
class Moments:
    """Counts the moments around each statement, commit and note of a batch, and dies at one."""

    fatal: int
    passed: list[str] = field(default_factory=list)

    def pass_by(self, moment: str) -> None:
        self.passed.append(moment)
        if len(self.passed) - 1 == self.fatal:
            raise Killed(moment)

    def around(self, act: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            self.pass_by(f"before {name}")
            answer = act(*arguments)
            self.pass_by(f"after {name}")
            return answer

        return watched


@contextmanager
def dying(engine: sa.Engine, notes: Notes, fatal: int) -> Iterator[Moments]:
    """Die at the moment *fatal*, counted from 0; the connections of whoever dies are gone with it."""
    moments, dialect, connections = Moments(fatal), engine.dialect, list[Any]()
    note: Callable[[Any, object], None] = lambda connection, _: connections.append(connection)  # noqa: E731
    sa.event.listen(engine, "connect", note)
    parts = [(dialect, "do_execute"), (dialect, "do_executemany"), (dialect, "do_commit")]
    parts += [(notes, "intend"), (notes, "remember")]
    for part, name in parts:
        setattr(part, name, moments.around(getattr(part, name), name))
    try:
        yield moments
    except Killed:
        for connection in connections:
            with suppress(Exception):
                connection.close()
        raise
    finally:
        sa.event.remove(engine, "connect", note)
        for part, name in parts:
            delattr(part, name)
