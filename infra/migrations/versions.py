"""Which versions of its tables a database can have, and where it says which it has."""

from pathlib import Path
from typing import Literal

Tree = Literal["ledger", "target"]


MIGRATIONS = Path(__file__).parent


def newest_version(tree: Tree) -> str:
    """Return the version that the newest file of *tree* is named by (``0001_first_tables.py``)."""
    return max(file.name[:4] for file in (MIGRATIONS / tree).glob("[0-9]*.py"))


def version_table(tree: Tree) -> str:
    """Return the table that holds the version: one a tree, as both may live in one database."""
    return f"counterfoil_{tree}_version"
