"""Tables as a shop's own program might have made them, in Swedish, with columns that no mapping names."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import polars as pl
import sqlalchemy as sa

from infra.connectors.own_database.bucket_journal import BucketJournal
from infra.connectors.own_database.database_journal import DatabaseJournal, make_journal
from infra.connectors.own_database.journals import Intent
from infra.connectors.own_database.mapping import TableMapping, read_mapping
from infra.connectors.own_database.opened import OwnTables
from infra.connectors.own_database.target import OwnDatabase
from infra.databases.foreign import open_foreign
from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS
from schemas.domain import Resource
from schemas.gift_cards import GIFT_CARDS
from schemas.records import BatchName

JournalKind = Literal["database", "bucket"]
RESOURCES = (GIFT_CARDS.resource, CUSTOMERS.resource)

_NUMBERED = {
    "sqlite": "id INTEGER PRIMARY KEY AUTOINCREMENT",
    "postgresql": "id BIGSERIAL PRIMARY KEY",
    "mysql": "id BIGINT AUTO_INCREMENT PRIMARY KEY",
}
_AMOUNT = {"sqlite": "INTEGER", "postgresql": "NUMERIC(20, 2)", "mysql": "DECIMAL(20, 2)"}
CARDS_TABLE = """
    CREATE TABLE presentkort (
        {numbered},
        kod VARCHAR(64) NOT NULL UNIQUE,
        valuta CHAR(3),
        saldo {amount} NOT NULL,
        lage SMALLINT NOT NULL,
        butik VARCHAR(20) NOT NULL,
        anteckning TEXT
    )
"""
PEOPLE_TABLE = """
    CREATE TABLE kunder ({numbered}, epost VARCHAR(250), ort VARCHAR(100) NOT NULL DEFAULT '', rabatt INTEGER NOT NULL)
"""
CARDS_MAPPING = """
table = "presentkort"

[key]
column = "kod"

[columns.currency]
column = "valuta"

[columns.balance_cents]
column = "saldo"
stored_as = "{stored_as}"

[columns.status]
column = "lage"
stored_as = "words"
words = {{ ACTIVE = 1, INACTIVE = 2, REDEEMED = 3, VOIDED = 4, EXPIRED = 5 }}

[create]
butik = "Stockholm"
"""
PEOPLE_MAPPING = f"""
table = "kunder"
not_kept = {sorted(set(CUSTOMER_COLUMNS) - {"email", "city"})!r}

[key]
column = "id"
issued_by = "database"

[columns.email]
column = "epost"
blank = "null"

[columns.city]
column = "ort"

[create]
rabatt = 0
"""


class Notes:
    """Outcomes and intents of batches, in memory: what lies in the bucket for a run."""

    def __init__(self) -> None:
        self.outcomes: dict[BatchName, list[str]] = {}
        self.intents: dict[BatchName, Intent] = {}

    def recall(self, batch: BatchName) -> list[str] | None:
        return self.outcomes.get(batch)

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        self.outcomes[batch] = list(outcomes)

    def intend(self, batch: BatchName, intent: Intent) -> None:
        self.intents[batch] = intent

    def intended(self, batch: BatchName) -> Intent | None:
        return self.intents.get(batch)


def cards_mapping(engine: sa.Engine) -> str:
    return CARDS_MAPPING.format(stored_as="minor_units" if engine.dialect.name == "sqlite" else "decimal")


def make_tables(engine: sa.Engine) -> None:
    """Make the tables anew, empty, as if their program had just been installed."""
    name = engine.dialect.name
    with engine.begin() as connection:
        for table in ("presentkort", "kunder"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {table}"))
        for statement in (CARDS_TABLE, PEOPLE_TABLE):
            connection.execute(sa.text(statement.format(numbered=_NUMBERED[name], amount=_AMOUNT[name])))


def mapping_of(engine: sa.Engine, resource: Resource) -> TableMapping:
    texts = {"gift_cards": cards_mapping(engine), "customers": PEOPLE_MAPPING}
    return read_mapping(texts[resource.name], resource, f"{resource.name}.toml")


def own_tables(engine: sa.Engine) -> OwnTables:
    return OwnTables(engine, RESOURCES, lambda resource: mapping_of(engine, resource))


def own_database(engine: sa.Engine, kind: JournalKind, notes: Notes | None = None) -> OwnDatabase:
    """Open the target, with its journal there or in *notes*."""
    tables = own_tables(engine)
    if kind == "database":
        make_journal(engine, "")
        return OwnDatabase(tables, DatabaseJournal(engine, ""))
    kept = notes or Notes()
    return OwnDatabase(tables, BucketJournal(kept, kept, tables))


def empty_journal(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for table in ("batches", "operations", "created"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS counterfoil_{table}"))


def new_sqlite(folder: Path | None = None) -> sa.Engine:
    file = (folder or Path(tempfile.mkdtemp())) / "own.sqlite"
    file.touch()
    return open_foreign(f"sqlite:///{file}")


def rows_of(engine: sa.Engine, table: str) -> pl.DataFrame:
    """Return a table as their own program sees it."""
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY id")).mappings().all()
    return pl.DataFrame([dict(row) for row in rows])
