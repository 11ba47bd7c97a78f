"""The databases of this process of tests: one engine a URL, and new databases that are copies of migrated ones."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

import infra.databases.database
from infra.migrations.migrate import migrate
from infra.migrations.versions import Tree

open_database = cache(infra.databases.database.open_database)
"""Looking into a database again opens no more connections."""


def new_database(file: Path, tree: Tree) -> sa.Engine:
    """Make a SQLite database with the tables of *tree* and nothing in them."""
    file.write_bytes(_migrated(tree))
    return open_database(f"sqlite:///{file}")


@cache
def _migrated(tree: Tree) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite"
        engine = infra.databases.database.open_database(f"sqlite:///{file}")
        migrate(engine, tree)
        engine.dispose()
        return file.read_bytes()
