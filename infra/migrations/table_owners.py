"""Whose tables lie in a database in which Counterfoil is about to make its own."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import describe, reading
from infra.ledger.desk_tables import AUDIT
from infra.migrations.versions import MIGRATIONS, Tree, held_version, newest_version, version_table
from schemas.problems import Refused

_LEDGER = AUDIT.metadata  # with the tables of the desk
_TABLES: dict[Tree, frozenset[str]] = {"ledger": frozenset(_LEDGER.tables), "target": frozenset(TARGET.tables)}
_VARIABLES: dict[Tree, str] = {"ledger": "COUNTERFOIL_LEDGER_URL", "target": "COUNTERFOIL_TARGET_URL"}
_MOST_NAMED = 5


def expect_room(engine: sa.Engine, tree: Tree) -> None:
    """See that nothing of others is in the way of the tables of *tree*.

    Raises:
        Refused: A table of another program has the name of one of ours, or a newer Counterfoil was here.
    """
    held, version = _look(engine, tree)
    if version is None and (taken := held & _TABLES[tree]):
        raise Refused(
            f"{_named(engine)} has tables that Counterfoil would make, but did not: {_some(taken)}. They belong to "
            f"another program, and nothing was changed. Set {_VARIABLES[tree]} to a database of its own."
        )
    known = {file.name[:4] for file in (MIGRATIONS / tree).glob("[0-9]*.py")}
    if version is not None and version not in known:
        raise Refused(
            f"{_named(engine)} was last used by a newer Counterfoil: its tables are of version {version}, and this one "
            f"knows up to {newest_version(tree)}. Nothing was changed. Install the newer Counterfoil, or bring back "
            "the backup from before it."
        )


def expect_nobody_else(engine: sa.Engine, tree: Tree) -> None:
    """See that a database without our tables has none of others either: it may be the wrong one.

    Raises:
        Refused: It has.
    """
    held, version = _look(engine, tree)
    if version is None and held:
        raise Refused(
            f"{_named(engine)} holds tables of another program: {_some(held)}. Counterfoil makes none of its own there "
            f"unasked. If it is the right database: counterfoil prepare-target. Else correct {_VARIABLES[tree]}."
        )


def lacks_some(engine: sa.Engine, declared: Sequence[sa.Table]) -> bool:
    """Say whether one of the tables is missing that follow from the declarations of domains.

    Raises:
        Refused: One is there that is not as it is declared.
    """
    if not declared:
        return False
    with reading(engine) as connection:
        look = sa.inspect(connection)
        held = {table: {each["name"] for each in look.get_columns(table.name)} if look.has_table(table.name) else None
                for table in declared}  # fmt: skip
    for table, columns in held.items():
        if columns is not None and columns != set(table.c.keys()):
            raise Refused(
                f"{_named(engine)} has a table {table.name} that is not as its domain declares it: it differs in "
                f"{_some(columns ^ set(table.c.keys()))}. Nothing was changed. If it is Counterfoil's, a migration "
                f"has to change it; if another program's, set {_VARIABLES['target']} to a database of its own."
            )
    return None in held.values()


def _look(engine: sa.Engine, tree: Tree) -> tuple[frozenset[str], str | None]:
    """Return the tables that are not ours by any version table, and the version of *tree*, all of one moment."""
    with reading(engine) as connection:
        names = frozenset(sa.inspect(connection).get_table_names())
        ours = [tables for name, tables in _TABLES.items() if version_table(name) in names]
        versions = {version_table(name) for name in _VARIABLES}
        return names.difference(*ours, versions), held_version(connection, tree)


def _named(engine: sa.Engine) -> str:
    name = describe(engine)
    return name[0].upper() + name[1:]


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return f"{', '.join(listed[:_MOST_NAMED])}{more}"
