"""What a browser was asked and has not answered yet: each is answered once, soon, and by the browser that was asked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from infra.databases.database import writing
from infra.ledger.desk_tables import CHALLENGES
from infra.ledger.sessions import token_hash

ChallengeKind = Literal["provider", "passkey_sign_in", "passkey_new", "passkey_approval"]
OPEN_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class ChallengeBook:
    """Challenges that are open."""

    engine: sa.Engine

    def make(self, kind: ChallengeKind, content: str, *, holder: str, now: datetime) -> str:
        """Enter what the browser with the cookie *holder* is asked; return the token by which it answers."""
        token = secrets.token_urlsafe(32)
        row = {"token_sha256": token_hash(token), "kind": kind, "holder_sha256": token_hash(holder), "content": content}
        with writing(self.engine) as connection:
            connection.execute(sa.delete(CHALLENGES).where(CHALLENGES.c.expires_at <= now))
            connection.execute(sa.insert(CHALLENGES).values(**row, expires_at=now + OPEN_FOR))
        return token

    def take(self, kind: ChallengeKind, token: str, *, holder: str, now: datetime) -> str:
        """Return what was asked, which nobody answers again after this; empty where it was not asked so."""
        asked = sa.and_(
            CHALLENGES.c.token_sha256 == token_hash(token),
            CHALLENGES.c.kind == kind,
            CHALLENGES.c.holder_sha256 == token_hash(holder),
            CHALLENGES.c.expires_at > now,
        )
        with writing(self.engine) as connection:
            return connection.execute(sa.delete(CHALLENGES).where(asked).returning(CHALLENGES.c.content)).scalar() or ""
