"""A database that belongs to somebody else: opened as it is, nothing in it is made or set for good.

What a session needs to be safe is set for our own sessions only.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from infra.databases.database import CONNECT_SECONDS, WAIT_FOR_LOCK_SECONDS, describe
from infra.databases.errors import translating_errors
from schemas.problems import SettingsNeedFixing

_FORMS = (
    "sqlite:////folder/file.sqlite, postgresql://user:password@host/database, "
    "mysql://user:password@host/database (also for MariaDB) or mssql://user:password@host/database"
)


@lru_cache
def open_foreign(url: str) -> sa.Engine:
    """Return the one engine of this process for *url*; nothing is connected yet.

    Raises:
        SettingsNeedFixing: The URL is none, names a database we do not know, or its driver is not installed.
    """
    address = _read_url(url)
    try:
        return _OPEN[address.get_backend_name()](address)
    except ModuleNotFoundError as missing:
        raise SettingsNeedFixing(
            f"The driver for {address.get_backend_name()} is not installed ({missing.name}). Install Counterfoil with "
            "its extra: pip install 'counterfoil[sqlserver]'."
        ) from None


def _read_url(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        address = sa.make_url("none://")
    known = address.get_backend_name() in _OPEN
    if not known or not address.database:
        raise SettingsNeedFixing(f"The database URL is not one that can be used. Write {_FORMS}, then run again.")
    return address


def _open_sqlite(address: sa.URL) -> sa.Engine:
    # rw: a path with a slip in it must not become a new, empty database
    file = f"file:{quote(str(Path(address.database or '').resolve()))}?mode=rw"
    engine = sa.create_engine(
        address.set(database=file, query={"uri": "true"}),
        connect_args={"timeout": WAIT_FOR_LOCK_SECONDS, "isolation_level": None},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _setting("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL"))
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgres(address: sa.URL) -> sa.Engine:
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "counterfoil",
            "options": f"-c lock_timeout={WAIT_FOR_LOCK_SECONDS}s -c timezone=UTC",
        },
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _open_mysql(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"}),
        connect_args={"connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        pool_recycle=600,
        hide_parameters=True,
    )
    strict = (
        "SET SESSION sql_mode = CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'STRICT_ALL_TABLES')",  # nothing is cut
        f"SET SESSION innodb_lock_wait_timeout = {WAIT_FOR_LOCK_SECONDS}",
        "SET SESSION time_zone = '+00:00'",
    )
    sa.event.listen(engine, "connect", _setting(*strict))
    return engine


def _open_sqlserver(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address.set(drivername="mssql+pyodbc"),
        connect_args={"timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _setting(f"SET LOCK_TIMEOUT {WAIT_FOR_LOCK_SECONDS * 1000}"))
    return engine


_OPEN: Mapping[str, Callable[[sa.URL], sa.Engine]] = {
    "sqlite": _open_sqlite,
    "postgresql": _open_postgres,
    "mysql": _open_mysql,
    "mariadb": _open_mysql,
    "mssql": _open_sqlserver,
}


def _setting(*statements: str) -> Callable[[Any, object], None]:
    def set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return set_up


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading_foreign(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection that sees one moment of the database (on SQL Server: one moment a statement)."""
    levels = {"postgresql": "REPEATABLE READ", "mysql": "REPEATABLE READ"}
    options = {"isolation_level": levels[engine.dialect.name]} if engine.dialect.name in levels else {}
    with translating_errors(describe(engine)), engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing_foreign(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection in a transaction: committed at the end, rolled back by any error.

    Each statement sees what was committed before it: a second look after a conflict must show what is there now.
    """
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
    with translating_errors(describe(engine)), engine.connect() as connection:
        ready = connection.execution_options(writes=True, preserve_rowcount=True, **options)
        with ready.begin():
            yield ready
