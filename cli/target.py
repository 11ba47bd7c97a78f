"""The command that lets Counterfoil make its tables in a database that others use too."""

from typing import Literal

from cli.answers import Answer
from infra.connectors.own_database.database_journal import make_journal
from infra.context import settings, systems
from infra.databases.database import describe
from infra.migrations.migrate import make_tables
from infra.own_databases import open_own_engine
from infra.systems import open_systems
from schemas.problems import SettingsNeedFixing


@open_systems()
def prepare_target(*, target: Literal["sql", "own_database"] = "sql") -> Answer:
    """Make Counterfoil's tables in the database of the settings, beside those of other programs.

    Args:
        target: Which database: that of COUNTERFOIL_TARGET_URL with records and journal (sql), or your own with
            nothing but the journal (own_database).
    """
    if target == "own_database":
        engine = open_own_engine(settings())
        _expect_journal_wanted()
        make_journal(engine, settings().own_database_journal_schema)
    else:
        engine = systems().database(settings().target)
        make_tables(engine, "target")
    return {"prepared": describe(engine)}, f"Counterfoil has its tables in {describe(engine)}.", 0


def _expect_journal_wanted() -> None:
    if settings().own_database_journal != "database":
        raise SettingsNeedFixing(
            "The settings say that nothing is made in your own database. To keep the journal there: "
            "COUNTERFOIL_OWN_DATABASE_JOURNAL=database"
        )
