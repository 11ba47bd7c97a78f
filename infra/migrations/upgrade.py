"""The tables of both databases, version by version.

``ledger`` is ours; ``target`` holds the records that runs change, and the target's own
journal. A released version is never edited; a change is a new file, numbered on. Tables that follow
from the declaration of a domain have no version: they are made where they are missing.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from infra.connectors.sql.tables import DECLARED, TARGET
from infra.migrations.versions import Tree


def upgrade(connection: sa.Connection, tree: Tree) -> None:
    """Run the versions that are missing, in the transaction of *connection*."""
    config = Config()
    folder = Path(__file__).parent
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder / tree).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["tree"] = tree
    command.upgrade(config, "head")
    if tree == "target":
        TARGET.create_all(connection, tables=DECLARED)
