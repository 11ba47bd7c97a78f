"""The user's own database as the settings name it: its address, its mappings, and where its journal is kept."""

from functools import partial
from pathlib import Path

import sqlalchemy as sa

from infra.artifacts.batch_intents import BatchIntents
from infra.artifacts.batch_outcomes import BatchOutcomes
from infra.connectors.own_database.bucket_journal import BucketJournal
from infra.connectors.own_database.database_journal import DatabaseJournal, expect_journal
from infra.connectors.own_database.mapping import TableMapping, load_mapping
from infra.connectors.own_database.opened import OwnTables
from infra.connectors.own_database.target import OwnDatabase
from infra.databases.foreign import open_foreign
from infra.settings import Settings
from schemas.customers import CUSTOMERS
from schemas.domain import Domain, Resource
from schemas.gift_cards import GIFT_CARDS
from schemas.problems import SettingsNeedFixing

HELD: tuple[Domain, ...] = (GIFT_CARDS, CUSTOMERS)
"""The domains whose records may lie in a database of the user's own."""


def open_own_engine(settings: Settings) -> sa.Engine:
    """Return the database of the settings.

    Raises:
        SettingsNeedFixing: They name none.
    """
    url = settings.own_database_url.get_secret_value()
    if not url:
        raise SettingsNeedFixing(
            "No database of your own is named. Set COUNTERFOIL_OWN_DATABASE_URL, such as "
            "mysql://user:password@host/database."
        )
    return open_foreign(url)


def mapping_file(settings: Settings, resource: Resource) -> Path:
    """Return the file that says where the records of *resource* lie."""
    folder = settings.own_database_mappings or settings.home / "mappings"
    return folder / f"{resource.name.replace('_', '-')}.toml"


def open_own_database(settings: Settings) -> OwnDatabase:
    """Return the target, which looks at no table before it is asked something."""
    engine = open_own_engine(settings)
    tables = OwnTables(engine, [domain.resource for domain in HELD], partial(_mapping_of, settings))
    if settings.own_database_journal == "database":
        expect_journal(engine, settings.own_database_journal_schema)
        return OwnDatabase(tables, DatabaseJournal(engine, settings.own_database_journal_schema))
    return OwnDatabase(tables, BucketJournal(BatchOutcomes(), BatchIntents(), tables))


def _mapping_of(settings: Settings, resource: Resource) -> TableMapping:
    return load_mapping(mapping_file(settings, resource), resource)
