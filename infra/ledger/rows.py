"""Finding one row by the start of its id, and inserting what may be there already."""

from collections.abc import Mapping, Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from infra.databases.database import is_postgres
from schemas.problems import FileNeedsFixing

_SEVERAL = {"run": "More than one run begins with", "plan": "More than one plan begins with"}
_NONE = {"run": "There is no run", "plan": "There is no plan"}
_WHERE = {"run": "counterfoil runs", "plan": "counterfoil show RUN"}


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT to which the caller adds its ON CONFLICT; both databases spell it alike."""
    insert = postgresql.insert if is_postgres(connection) else sqlite.insert
    return insert(table).values(list(rows))


def find_one(
    connection: sa.Connection, column: sa.Column[str], prefix: str, *, what: Literal["run", "plan"]
) -> sa.RowMapping:
    """Return the one row whose id begins with *prefix*.

    Raises:
        FileNeedsFixing: There is none, or more than one.
    """
    starts = column.startswith(prefix, autoescape=True)
    found = connection.execute(sa.select(column.table).where(starts).order_by(column).limit(2)).mappings().all()
    if len(found) == 1 or (found and found[0][column.name] == prefix):
        return found[0]
    if found:
        raise FileNeedsFixing(f"{_SEVERAL[what]} {prefix}. Write more of its id, then run again.")
    raise FileNeedsFixing(f"{_NONE[what]} {prefix or '(no id given)'}. Look its id up with: {_WHERE[what]}.")
