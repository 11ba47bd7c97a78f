"""Databases: opening one, reading it, and writing to it.

What the tables hold is no business of this file.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.databases.errors import translating_errors
from schemas.problems import SettingsNeedFixing

WAIT_FOR_LOCK_SECONDS = 30
CONNECT_SECONDS = 10

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit that says it is money must survive a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)


def open_database(url: str) -> sa.Engine:
    """Return an engine for *url*; nothing is connected yet.

    Raises:
        SettingsNeedFixing: The URL is none, or names a database we do not know.
    """
    address = _read_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "counterfoil",
            "options": f"-c lock_timeout={WAIT_FOR_LOCK_SECONDS}s {address.query.get('options', '')}".rstrip(),
        },
        pool_pre_ping=True,
        hide_parameters=True,
    )


def own_schema(engine: sa.Engine) -> str | None:
    """Return the schema that tables of ours lie in, where the URL names one (``options=-csearch_path=...``)."""
    _, named, schema = str(engine.url.query.get("options", "")).partition("search_path=")
    return schema if named and is_postgres(engine) else None


def _read_url(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
        known = address.get_backend_name() in ("sqlite", "postgresql")
    except sa.exc.ArgumentError:
        known = False
    if not known or not address.database:
        raise SettingsNeedFixing(
            "The database URL is not one that can be used. Write sqlite:////folder/file.sqlite or "
            "postgresql://user:password@host/database, then run again."
        )
    return address


def _open_sqlite(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address,
        # isolation_level None: the driver begins nothing behind our back, _begin says when and how
        connect_args={"timeout": WAIT_FOR_LOCK_SECONDS, "isolation_level": None},
        hide_parameters=True,
    )
    sa.event.listen(engine, "do_connect", _make_file)
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _make_file(_dialect: object, _record: object, arguments: list[str], _options: object) -> None:
    file = Path(arguments[0])
    with suppress(OSError):  # where there can be none, SQLite says that it cannot open the file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists() and arguments[0] != ":memory:":
            file.touch(mode=0o600)  # it holds balances and people: SQLite itself would let everybody read it


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    # a writer that began as a reader cannot wait for the lock, it fails at once: so writers say so first
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def describe(engine: sa.Engine) -> str:
    """Return the words for a message: no user, no password, no folder."""
    host = f" on {engine.url.host}" if engine.url.host else ""
    return f"the database {Path(engine.url.database or '').name}{host}"


def is_postgres(database: sa.Engine | sa.Connection) -> bool:
    """Say which of the two databases we know this is."""
    return database.dialect.name == "postgresql"


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection that sees one moment of the database, whatever others write meanwhile."""
    # a server's default would show each statement another moment; SQLite knows no other way
    options = {"isolation_level": "REPEATABLE READ"} if is_postgres(engine) else {}
    with translating_errors(describe(engine)), engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection in a transaction: committed at the end, rolled back by any error."""
    with translating_errors(describe(engine)), engine.connect() as connection:
        ready = connection.execution_options(writes=True, preserve_rowcount=True)
        with ready.begin():
            yield ready
