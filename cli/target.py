"""The command that lets Counterfoil make its tables in a database that others use too."""

from cli.answers import Answer
from infra.databases.database import describe, open_database
from infra.migrations.migrate import make_tables
from infra.settings import settings


def prepare_target() -> Answer:
    """Make Counterfoil's tables in the database of COUNTERFOIL_TARGET_URL, beside those of other programs."""
    engine = open_database(settings().target)
    make_tables(engine, "target")
    return {"prepared": describe(engine)}, f"Counterfoil has its tables in {describe(engine)}.", 0
