"""Everything that Prefect's database holds."""

import json
from pathlib import Path

import sqlalchemy as sa

from infra.stack.postgres import find_cluster


def everything_in(home: Path) -> dict[str, list[str]]:
    """Return the rows of every table, as text."""
    url = sa.make_url(f"sqlite:///{home / 'prefect' / 'prefect.db'}")
    if (home / "postgres").exists():
        port = json.loads((home / "ports.json").read_text())["database"]
        url = sa.make_url(find_cluster(home / "postgres").url(port))
    with sa.create_engine(url).connect() as connection:
        names = sa.inspect(connection).get_table_names()
        rows = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names}
    return {name: [str(tuple(row)) for row in found] for name, found in rows.items()}
