"""Failures that were remembered before there were slices, and days that showed them: they are put in place."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import infra.migrations
from infra.databases.database import reading, writing
from infra.ledger.tables import FAILURES
from infra.migrations.migrate import migrate
from tasks.core.loyalty.slices import EVERY_SLICE
from tests.databases import open_database

TEXTS = ("source", "section", "customer_id", "reward_id", "transaction_id", "upc", "program", "reason", "reason_code")
DAYS = ("occurred_at", "occurred_on", "expires_at", "expires_on", "first_seen_on", "last_seen_on", "status")


def old_ledger(url: str) -> sa.Engine:
    """Open a ledger as it was before both."""
    folder = Path(infra.migrations.__file__).parent
    config = Config()
    for name, value in (("script_location", folder), ("version_locations", folder / "ledger")):
        config.set_main_option(name, str(value))
    config.set_main_option("path_separator", "newline")
    engine = open_database(url)
    with writing(engine) as connection:
        config.attributes.update(connection=connection, tree="ledger")
        command.upgrade(config, "0006")
    return engine


def test_failures_of_old_get_their_slices_and_the_days_that_are_known(tmp_path: Path) -> None:
    engine = old_ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    old = sa.table("failures", *(sa.column(c.name) for c in FAILURES.c if c.name not in ("slice", "shown")))
    usual = dict.fromkeys((*TEXTS, *DAYS), "") | {"occurred_on": "2026-11-01", "first_seen_on": "2026-11-01"}
    rows = [
        usual | {"failure_key": "fe" + "0" * 62, "revision": 1, "reported_on": "2026-11-04"},
        usual | {"failure_key": "0a" + "0" * 62, "revision": 1, "customer_id": "77", "reported_on": None},
    ]
    with writing(engine) as connection:
        connection.execute(sa.insert(old), rows)

    migrate(engine, "ledger")

    with reading(engine) as connection:
        known = sa.select(FAILURES.c.customer_id, FAILURES.c.slice, FAILURES.c.shown).order_by(FAILURES.c.customer_id)
        (nobody, somebody) = connection.execute(known).tuples().all()
    assert nobody == ("", 254, "9")
    assert (somebody[1] in EVERY_SLICE, somebody[1] != 10, somebody[2]) == (True, True, "")
