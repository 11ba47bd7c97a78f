"""Which inbox files were handed to an import: by name and content, so that each is imported once."""

from datetime import datetime

import sqlalchemy as sa

from infra.ledger.rows import upsert
from infra.ledger.tables import INBOX_FILES


def was_seen(connection: sa.Connection, key: str, etag: str) -> bool:
    query = sa.select(INBOX_FILES.c.key).where(INBOX_FILES.c.key == key, INBOX_FILES.c.etag == etag)
    return connection.execute(query).first() is not None


def mark_seen(connection: sa.Connection, key: str, etag: str, now: datetime) -> None:
    row = {"key": key, "etag": etag, "seen_at": now}
    connection.execute(upsert(connection, INBOX_FILES, [row]).on_conflict_do_nothing())
