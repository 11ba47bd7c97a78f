"""Which versions of its tables a database can have, and where it says which it has."""

from pathlib import Path
from typing import Literal

import sqlalchemy as sa

Tree = Literal["ledger", "target"]

MIGRATIONS = Path(__file__).parent


def newest_version(tree: Tree) -> str:
    """Return the version that the newest file of *tree* is named by (``0001_first_tables.py``)."""
    return max(file.name[:4] for file in (MIGRATIONS / tree).glob("[0-9]*.py"))


def version_table(tree: Tree) -> str:
    """Return the table that holds the version: one a tree, as both may live in one database."""
    return f"counterfoil_{tree}_version"


def held_version(connection: sa.Connection, tree: Tree) -> str | None:
    """Return the version of the tables of *tree* that a database has, None where it has none of them."""
    if not sa.inspect(connection).has_table(version_table(tree)):
        return None
    held = sa.table(version_table(tree), sa.column("version_num"))
    return connection.execute(sa.select(held.c.version_num)).scalar_one_or_none()
