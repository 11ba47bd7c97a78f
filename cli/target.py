"""The command that lets Counterfoil make its tables in a database that others use too."""

from typing import Any

import click

from cli.answers import answered
from infra.databases.database import describe, open_database
from infra.migrations.migrate import make_tables
from infra.settings import settings


@click.command("prepare-target")
@answered
def prepare_target() -> tuple[dict[str, Any], str, int]:
    """Make Counterfoil's tables in the database of COUNTERFOIL_TARGET_URL, beside those of other programs."""
    engine = open_database(settings().target)
    make_tables(engine, "target")
    return {"prepared": describe(engine)}, f"Counterfoil has its tables in {describe(engine)}.", 0
