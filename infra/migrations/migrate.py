"""Bringing the tables of a database up to date, unless they are not ours to touch."""

import sqlalchemy as sa

from infra.connectors.sql.tables import DECLARED
from infra.databases.database import is_postgres, own_schema, reading, writing
from infra.migrations.table_owners import expect_nobody_else, expect_room, lacks_some
from infra.migrations.versions import Tree, held_version, newest_version

MIGRATION_LOCK = 4_601_975_032
"""Any number, as long as nobody else on the server takes advisory locks by it."""


def migrate(engine: sa.Engine, tree: Tree) -> None:
    """Bring the tables of *tree* up to date; two processes may do so at once.

    Raises:
        Refused: It is a target with tables of others, or in other ways not ours to make tables in.
    """
    with reading(engine) as connection:
        held = held_version(connection, tree)
    if held == newest_version(tree) and (tree != "target" or not lacks_some(engine, DECLARED)):
        return
    expect_room(engine, tree)
    if tree == "target":
        expect_nobody_else(engine, tree)
    make_tables(engine, tree)


def make_tables(engine: sa.Engine, tree: Tree) -> None:
    """Make the tables of *tree* or bring them up to date, also where others have theirs.

    Raises:
        Refused: One of theirs has the name of one of ours, or a newer Counterfoil was here.
    """
    # Alembic takes half a second to import, which no command should pay without need
    from infra.migrations.upgrade import upgrade  # noqa: PLC0415

    expect_room(engine, tree)
    with writing(engine) as connection:
        if is_postgres(engine):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        if schema := own_schema(engine):
            connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        upgrade(connection, tree)
