"""The command that lets Counterfoil make its tables in a database that others use too."""

from cli.answers import Answer
from infra.context import settings, systems
from infra.databases.database import describe
from infra.migrations.migrate import make_tables
from infra.systems import open_systems


@open_systems()
def prepare_target() -> Answer:
    """Make Counterfoil's tables in the database of COUNTERFOIL_TARGET_URL, beside those of other programs."""
    engine = systems().database(settings().target)
    make_tables(engine, "target")
    return {"prepared": describe(engine)}, f"Counterfoil has its tables in {describe(engine)}.", 0
