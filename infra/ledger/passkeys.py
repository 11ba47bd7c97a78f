"""Whose passkeys there are. Private keys never leave the devices of those people."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import PASSKEYS
from infra.ledger.rows import upsert
from schemas.passkeys import Passkey
from schemas.problems import Refused


@dataclass(frozen=True)
class PasskeyBook:
    """The passkeys of an installation."""

    engine: sa.Engine

    def add(self, passkey: Passkey) -> None:
        """Enter a passkey.

        Raises:
            Refused: It is there already, perhaps as somebody else's.
        """
        row = {name: getattr(passkey, name) for name in Passkey.__dataclass_fields__}
        with writing(self.engine) as connection:
            entered = upsert(connection, PASSKEYS, [row]).on_conflict_do_nothing()
            if not connection.execute(entered.returning(PASSKEYS.c.credential_id)).scalar():
                raise Refused("This passkey is known already. Nothing was added.")

    def of_person(self, person_id: str) -> tuple[Passkey, ...]:
        """Return the passkeys that somebody may use, oldest first."""
        theirs = sa.select(PASSKEYS).where(PASSKEYS.c.person_id == person_id, PASSKEYS.c.removed_at.is_(None))
        with reading(self.engine) as connection:
            rows = connection.execute(theirs.order_by(PASSKEYS.c.added_at)).mappings()
            return tuple(Passkey(**row) for row in rows)

    def find(self, credential_id: str) -> Passkey | None:
        """Return a passkey by its own name, removed or not; None where there is none."""
        with reading(self.engine) as connection:
            query = sa.select(PASSKEYS).where(PASSKEYS.c.credential_id == credential_id)
            row = connection.execute(query).mappings().first()
            return Passkey(**row) if row else None

    def use(self, passkey: Passkey, *, sign_count: int, now: datetime) -> bool:
        """Enter that it was used, and how often it says it was; False where somebody used it meanwhile, or removed it.

        Of two signatures that were checked against the same count, one counts.
        """
        same = sa.and_(
            PASSKEYS.c.credential_id == passkey.credential_id,
            PASSKEYS.c.sign_count == passkey.sign_count,
            PASSKEYS.c.removed_at.is_(None),
        )
        with writing(self.engine) as connection:
            used = sa.update(PASSKEYS).where(same).values(sign_count=sign_count, last_used_at=now)
            return connection.execute(used).rowcount == 1

    def remove(self, credential_id: str, *, person_id: str, now: datetime) -> bool:
        """Enter that somebody uses a passkey of theirs no more; False where it is none of theirs."""
        theirs = sa.and_(PASSKEYS.c.credential_id == credential_id, PASSKEYS.c.person_id == person_id)
        with writing(self.engine) as connection:
            gone = sa.update(PASSKEYS).where(theirs, PASSKEYS.c.removed_at.is_(None)).values(removed_at=now)
            return connection.execute(gone).rowcount == 1
