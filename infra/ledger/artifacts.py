"""The files of runs: names, keys and hashes. The files themselves are in the store."""

from datetime import datetime

import sqlalchemy as sa

from infra.ledger.rows import upsert
from infra.ledger.tables import ARTIFACTS
from schemas.records import Artifact


def record(connection: sa.Connection, run_id: str, artifact: Artifact, now: datetime) -> None:
    row = {name: getattr(artifact, name) for name in Artifact.__dataclass_fields__}
    statement = upsert(connection, ARTIFACTS, [row | {"run_id": run_id, "stored_at": now}])
    changed = {name: statement.excluded[name] for name in ("name", "sha256", "size_bytes", "stored_at")}
    place = [ARTIFACTS.c.run_id, ARTIFACTS.c.key]
    connection.execute(statement.on_conflict_do_update(index_elements=place, set_=changed))


def of_run(connection: sa.Connection, run_id: str) -> tuple[Artifact, ...]:
    query = sa.select(ARTIFACTS).where(ARTIFACTS.c.run_id == run_id)
    rows = connection.execute(query.order_by(ARTIFACTS.c.stored_at, ARTIFACTS.c.key)).mappings()
    return tuple(Artifact(**{name: row[name] for name in Artifact.__dataclass_fields__}) for row in rows)
