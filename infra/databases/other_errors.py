"""What errors of databases mean that we do not run ourselves: MySQL, MariaDB and SQL Server; and who said no to a row.

Their texts quote keys and values, so only their numbers and kinds are looked at.
"""

import sqlalchemy as sa

from schemas.problems import Problem, Refused, Unavailable

_MYSQL_REFUSALS = {
    1062: "its key, or another value that may be there only once, is taken",
    1048: "a column that must be filled is empty",
    1364: "a column that must be filled is not among those that are written (add it to [create] in the mapping)",
    1451: "other records of the database refer to it",
    1452: "it refers to a record that is not there",
    1406: "a text is longer than its column",
    1264: "a number is larger than its column holds",
    1366: "its column cannot hold this value or these characters",
    3819: "a rule (CHECK) of the table forbids it",
    4025: "a rule (CHECK) of the table forbids it",
    1644: "a trigger of the table forbids it",
}
_MYSQL_LATER = {
    1205: "kept the records locked for someone else",
    1213: "was changing the same records for someone else",
    1040: "has no connection left to give",
    1290: "may not be written to: the server is read-only",
}
_MYSQL_LOGIN = {
    1044: "the user may not use this database",
    1045: "the server does not accept the user or password of its URL",
    1049: "the server has no such database",
    1142: "the user may not do this with the table",
    1143: "the user may not do this with a column of the table",
    1698: "the server does not accept the user or password of its URL",
}
_POSTGRES_REFUSALS = {
    "23505": "its key, or another value that may be there only once, is taken",
    "23502": "a column that must be filled is empty",
    "23503": "other records refer to it, or it refers to one that is not there",
    "23514": "a rule (CHECK) of the table forbids it",
    "22001": "a text is longer than its column",
    "22003": "a number is larger than its column holds",
    "428C9": "the database issues this key itself and takes none",
    "P0001": "a trigger of the table forbids it",
}
_SQLITE_REFUSALS = {
    "SQLITE_CONSTRAINT_UNIQUE": "its key, or another value that may be there only once, is taken",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "its key, or another value that may be there only once, is taken",
    "SQLITE_CONSTRAINT_NOTNULL": "a column that must be filled is empty",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "other records refer to it, or it refers to one that is not there",
    "SQLITE_CONSTRAINT_CHECK": "a rule (CHECK) of the table forbids it",
    "SQLITE_CONSTRAINT_TRIGGER": "a trigger of the table forbids it",
}


def refusal(error: sa.exc.DBAPIError) -> str | None:
    """Say why the database did not take a row, where that is what the error means; else None."""
    cause = error.orig
    number = cause.args[0] if cause is not None and cause.args else None
    known = (
        _POSTGRES_REFUSALS.get(getattr(cause, "sqlstate", None) or "")
        or _SQLITE_REFUSALS.get(getattr(cause, "sqlite_errorname", ""))
        or (_MYSQL_REFUSALS.get(number) if isinstance(number, int) else None)
    )
    if known is None and isinstance(error, sa.exc.IntegrityError | sa.exc.DataError):
        return "a rule of the table forbids it"
    return known


def is_denial(error: sa.exc.DBAPIError) -> bool:
    """Say whether the database turned a statement down as the user may not do that."""
    cause = error.orig
    number = cause.args[0] if cause is not None and cause.args else None
    return getattr(cause, "sqlstate", None) == "42501" or number in _MYSQL_LOGIN


def explain_other(what: str, error: sa.exc.DBAPIError, later: str) -> Problem:
    """Return the error to raise in the place of one of such a driver; *later* is what to do about an outage."""
    start = what[:1].upper() + what[1:]
    number = error.orig.args[0] if error.orig is not None and error.orig.args else None
    if (why := refusal(error)) is not None:
        return Refused(f"{start} refused the change: {why}. Nothing of this step was written.")
    if number in _MYSQL_LOGIN:
        return Refused(f"{start} said no: {_MYSQL_LOGIN[number]}. Ask whoever runs it, then run again.")
    if number in _MYSQL_LATER:
        return Unavailable(f"{start} {_MYSQL_LATER[number]}. {later}")
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError) or error.connection_invalidated:
        return Unavailable(f"{start} did not answer (error {_numbered(number)}). {later}")
    return Refused(f"{start} did not understand a statement (error {_numbered(number)}). Nothing was written.")


def _numbered(number: object) -> str:
    return str(number) if isinstance(number, int) else "without a number"
