"""What a database's errors mean, in plain words and without a value of any row.

Drivers put keys, whole rows and user names into their texts; those never leave this file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from infra.databases.other_errors import explain_other
from schemas.problems import Problem, Refused, Unavailable

LATER = "Nothing was lost: run the same again in a while (in Prefect: press Retry)."
"""What the person who reads it has to do: automatic retries are over by then."""

SQLITE_WORDS = {
    "SQLITE_BUSY": f"is locked by another program that writes to it. {LATER}",
    "SQLITE_LOCKED": f"is locked by another program that writes to it. {LATER}",
    "SQLITE_FULL": "cannot grow: the disk is full. Free some space, then run again.",
    "SQLITE_READONLY": "is read-only for this user. Give it write access to file and folder, then run again.",
    "SQLITE_CANTOPEN": "cannot be opened. Check that its folder exists and that this user may write there.",
    "SQLITE_PERM": "cannot be opened. Check that its folder exists and that this user may write there.",
    "SQLITE_IOERR": "cannot be read or written: the disk answers with errors. Check the disk, then run again.",
    "SQLITE_NOTADB": "is no SQLite database. Check the path in its URL, or put the backup back.",
    "SQLITE_CORRUPT": "is damaged. Put the last backup back before anything else is run.",
}
"""By the start of SQLite's own name for the error."""

POSTGRES_WORDS = {
    "53100": "cannot grow: its disk is full. Free some space on the server, then run again.",
    "53300": f"has no connection left to give. {LATER}",
    "25006": "may not be written to: the server is read-only. Use the address of the primary, then run again.",
    "40P01": f"was changing the same records for someone else. {LATER}",
    "40001": f"was changing the same records for someone else. {LATER}",
    "55P03": f"kept the records locked for someone else. {LATER}",
    "57014": f"took too long and was interrupted. {LATER}",
}
"""By SQLSTATE; every other operational error is a server that did not answer."""


@contextmanager
def translating_errors(what: str) -> Iterator[None]:
    """Turn what a driver raises about *what* ("the database ledger.sqlite") into our errors.

    Raises:
        Unavailable: No answer, or an error that a retry may solve.
        Refused: A constraint was violated.
    """
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error, psycopg.Error) as error:
        problem = explain(what, error)
        if problem is None:
            raise
        raise problem from None


def explain(what: str, error: Exception) -> Problem | None:
    """Return the error to raise instead, or None where it is a bug and the driver's own text helps."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _explain_sqlite(what, cause)
    if isinstance(cause, psycopg.Error):
        return _explain_postgres(what, cause)
    return explain_other(what, error, LATER) if isinstance(error, sa.exc.DBAPIError) else None


def _explain_sqlite(what: str, error: sqlite3.Error) -> Problem | None:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.IntegrityError):
        return Refused(f"{_start(what)} refused the change: {error}. Nothing of this step was written.")
    for start, words in SQLITE_WORDS.items():
        if name.startswith(start):
            return Unavailable(f"{_start(what)} {words}")
    return None


def _explain_postgres(what: str, error: psycopg.Error) -> Problem | None:
    # only the primary message: the detail and context lines quote keys and rows
    if isinstance(error, psycopg.IntegrityError | psycopg.DataError):
        message = error.diag.message_primary or type(error).__name__
        return Refused(f"{_start(what)} refused the change: {message}. Nothing of this step was written.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return Refused(f"{_start(what)} said no: the user may not do this. Ask whoever runs it, then run again.")
    if error.sqlstate in POSTGRES_WORDS:
        return Unavailable(f"{_start(what)} {POSTGRES_WORDS[error.sqlstate]}")
    if isinstance(error, psycopg.OperationalError):
        return Unavailable(f"{_start(what)} did not answer{_why_not(error)}. {LATER}")
    return None


def _why_not(error: psycopg.OperationalError) -> str:
    """Name the usual reasons by libpq's text, which has no code for a connection that never was."""
    text = str(error)
    reasons = {
        "password authentication failed": "it does not accept the user or password of its URL",
        "does not exist": "the server has no such database or user; check its URL",
        "Connection refused": "connection refused",
        "timeout": "no connection in time",
        "resolve": "its host name is unknown",
    }
    return next((f" ({words})" for sign, words in reasons.items() if sign in text), "")


def _start(what: str) -> str:
    return what[:1].upper() + what[1:]
