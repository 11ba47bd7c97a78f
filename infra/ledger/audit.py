"""The audit trail: who did what, each entry sealed by a hash over itself and the one before it.

Nothing here changes or deletes an entry, and the database refuses to. Whoever could do so all the same would have to
write every later entry anew; so whoever keeps the last hash elsewhere can prove that nobody did.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import is_postgres, reading, writing
from infra.ledger.desk_tables import AUDIT
from schemas.people import Action, AuditEntry

FIRST = "0" * 64
_SEALED = ("number", "person", "shop", "action", "about", "detail", "previous_sha256")


@dataclass(frozen=True)
class AuditBook:
    """The audit trail of an installation."""

    engine: sa.Engine

    def enter(
        self, action: Action, *, person: str, now: datetime, shop: str = "", about: str = "", detail: str = ""
    ) -> AuditEntry:
        """Add what somebody did."""
        with writing(self.engine) as connection:
            if is_postgres(connection):
                connection.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))  # one at a time; all may read
            last = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(1)).mappings().first()
            entry = AuditEntry(
                number=last["number"] + 1 if last else 1,
                at=now,
                person=person,
                shop=shop,
                action=action,
                about=about,
                detail=detail,
                previous_sha256=last["sha256"] if last else FIRST,
                sha256="",
            )
            sealed = replace(entry, sha256=seal(entry))
            connection.execute(sa.insert(AUDIT).values(**asdict(sealed)))
        return sealed

    def entries(self, *, about: str = "") -> Iterator[AuditEntry]:
        """Yield what was done, oldest first; *about* one run, plan or file, or all."""
        query = sa.select(AUDIT).order_by(AUDIT.c.number)
        with reading(self.engine) as connection:
            found = connection.execution_options(yield_per=1000).execute(
                query.where(AUDIT.c.about == about) if about else query
            )
            for row in found.mappings():
                yield AuditEntry(**row)


def seal(entry: AuditEntry) -> str:
    """Return the hash that an entry must carry."""
    said = {name: getattr(entry, name) for name in _SEALED} | {"at": entry.at.isoformat()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_broken(entries: Iterator[AuditEntry]) -> tuple[int, AuditEntry | None, str]:
    """Go through a trail from its first entry; return how many hold, the first that does not, and the last hash."""
    held, previous = 0, FIRST
    for entry in entries:
        if (entry.number, entry.previous_sha256, entry.sha256) != (held + 1, previous, seal(entry)):
            return held, entry, previous
        held, previous = held + 1, entry.sha256
    return held, None, previous
