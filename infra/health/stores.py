"""The artifact store and the databases."""

from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from infra.connectors.own_database.checking import check_mapping
from infra.connectors.own_database.mapping import load_mapping
from infra.databases.database import describe, is_postgres, open_database, reading
from infra.health.checks import Asked, Attention
from infra.health.clocks import compare_clocks
from infra.migrations.table_owners import expect_nobody_else, expect_room
from infra.migrations.versions import Tree, held_version, newest_version
from infra.own_databases import HELD, mapping_file, open_own_engine
from infra.settings import Settings
from infra.storage import connect_storage
from schemas.domain import Resource
from schemas.problems import Refused, SettingsNeedFixing
from tasks.core.wording.words import counted

_RIGHTS: dict[Tree, tuple[str, str]] = {"ledger": ("the ledger", "runs"), "target": ("the sql target", "journal")}


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of store, ledger and sql target."""
    yield Asked(system="S3 store", what="write-once", ask=lambda: _write_once(settings))
    yield Asked(system="S3 store", what="clock", ask=lambda: compare_clocks(connect_storage(settings).time()))
    yield Asked(system="Ledger", what="tables", ask=lambda: _tables(settings.ledger, "ledger"))
    yield Asked(system="Target sql", what="tables", ask=lambda: _tables(settings.target, "target"))


def own_database_questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of a database of the user's own, for each domain that it has a mapping of."""
    if settings.own_database_url.get_secret_value():
        for domain in HELD:
            if mapping_file(settings, domain.resource).exists():
                yield Asked(system="Your own database", what=domain.name, ask=partial(_fits, settings, domain.resource))


def _fits(settings: Settings, resource: Resource) -> str:
    file = mapping_file(settings, resource)
    mapping = load_mapping(file, resource)
    found = check_mapping(open_own_engine(settings), mapping, resource, settings.currency)
    if found.wrong:
        raise SettingsNeedFixing(f"{mapping.table} does not fit {file.name} yet: {'; '.join(found.wrong)}")
    return f"{mapping.table} fits its mapping and may be written; it holds {counted(found.records, 'record')}"


def _write_once(settings: Settings) -> str:
    connect_storage(settings).check_write_once()
    return f"the bucket {settings.s3_bucket} is there, and keeps what was written once"


def _tables(url: str, tree: Tree) -> str:
    """Say whether tables are there and may be written, without making any."""
    engine = open_database(url)
    expect_room(engine, tree)
    with reading(engine) as connection:
        version = held_version(connection, tree)
        if version is None:
            expect_nobody_else(engine, tree)
            return f"{describe(engine)} is empty; its tables are made when they are first needed"
        _expect_rights(connection, engine, tree)
    if version != newest_version(tree):
        raise Attention(f"{describe(engine)} has tables of version {version}; the next run brings them up to date")
    return f"{describe(engine)} is up to date (version {version}), and may be written"


def _expect_rights(connection: sa.Connection, engine: sa.Engine, tree: Tree) -> None:
    """See that this user may write.

    Raises:
        Refused: It may not.
    """
    name, table = _RIGHTS[tree]
    if not is_postgres(connection):
        return  # a file: opening it for reading has shown what can be known without writing
    rights = sa.select(*(sa.func.has_table_privilege(table, right) for right in ("SELECT", "INSERT", "UPDATE")))
    if not all(connection.execute(rights).one()):
        raise Refused(f"This user may not write to the tables of {name} in {describe(engine)}. Grant it that.")
