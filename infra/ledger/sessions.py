"""Who is signed in, by which link somebody may sign in once, and who tried in vain. Only hashes of tokens are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from infra.databases.database import is_postgres, reading, writing
from infra.ledger.desk_tables import FAILED_SIGN_INS, SESSIONS, SIGN_IN_LINKS
from infra.ledger.people import folded
from schemas.people import SignedInBy, SignIn

MOST_FAILURES_OF_A_NAME = 5
"""From one address: who guesses elsewhere keeps nobody out who sits at their own desk."""
MOST_FAILURES_OF_A_NAME_ANYWHERE = 50
MOST_FAILURES_OF_AN_ADDRESS = 30
FAILURES_COUNT = timedelta(minutes=15)


@dataclass(frozen=True)
class SessionBook:
    """Sessions and what leads to them."""

    engine: sa.Engine

    def begin(self, person_id: str, *, now: datetime, hours: float, by: SignedInBy = "link") -> str:
        """Sign somebody in and return the token of the session; sessions that are over are forgotten."""
        token = secrets.token_urlsafe(32)
        row = {"token_sha256": token_hash(token), "person_id": person_id, "expires_at": now + timedelta(hours=hours)}
        row |= {"begun_at": now, "begun_by": by}
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.expires_at <= now))
            connection.execute(sa.insert(SESSIONS).values(**row))
        return token

    def find(self, token: str, *, now: datetime) -> SignIn | None:
        """Return who signed in to a session, when and how; None where it is none, or over."""
        query = sa.select(SESSIONS.c.person_id, SESSIONS.c.begun_at, SESSIONS.c.begun_by)
        named = sa.and_(SESSIONS.c.token_sha256 == token_hash(token), SESSIONS.c.expires_at > now)
        with reading(self.engine) as connection:
            row = connection.execute(query.where(named)).mappings().first()
            return SignIn(person_id=row["person_id"], at=row["begun_at"], by=row["begun_by"]) if row else None

    def end(self, token: str) -> None:
        """Sign somebody out."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.token_sha256 == token_hash(token)))

    def end_all(self, person_id: str, *, but: str) -> None:
        """Sign somebody out of every browser but that of one token; links that would sign them in do so no more."""
        theirs = sa.and_(SESSIONS.c.person_id == person_id, SESSIONS.c.token_sha256 != token_hash(but))
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SESSIONS).where(theirs))
            connection.execute(sa.delete(SIGN_IN_LINKS).where(SIGN_IN_LINKS.c.person_id == person_id))

    def make_link(self, person_id: str, *, now: datetime, hours: float) -> str:
        """Return the token of a link by which somebody signs in, once."""
        token = secrets.token_urlsafe(32)
        row = {"token_sha256": token_hash(token), "person_id": person_id, "expires_at": now + timedelta(hours=hours)}
        with writing(self.engine) as connection:
            connection.execute(sa.delete(SIGN_IN_LINKS).where(SIGN_IN_LINKS.c.expires_at <= now))
            connection.execute(sa.insert(SIGN_IN_LINKS).values(**row))
        return token

    def use_link(self, token: str, *, now: datetime) -> str:
        """Return whom a link signs in, which it does no more after this; empty where it is none, used or over."""
        named = SIGN_IN_LINKS.c.token_sha256 == token_hash(token)
        using = sa.delete(SIGN_IN_LINKS).where(named, SIGN_IN_LINKS.c.expires_at > now)
        with writing(self.engine) as connection:
            return connection.execute(using.returning(SIGN_IN_LINKS.c.person_id)).scalar() or ""

    def begin_try(self, name: str, address: str, *, now: datetime) -> int | None:
        """Enter that somebody tries to sign in; None where this name or this address failed too often of late.

        It counts as failed until it is forgotten, so that many tries at once are no more than one after the other.
        """
        named, addressed = FAILED_SIGN_INS.c.folded_name == folded(name), FAILED_SIGN_INS.c.address == address
        with writing(self.engine) as connection:
            if is_postgres(connection):
                connection.execute(sa.text("LOCK TABLE failed_sign_ins IN EXCLUSIVE MODE"))
            connection.execute(sa.delete(FAILED_SIGN_INS).where(FAILED_SIGN_INS.c.at <= now - FAILURES_COUNT))
            counts = connection.execute(sa.select(*map(_count, (sa.and_(named, addressed), named, addressed)))).one()
            most = (MOST_FAILURES_OF_A_NAME, MOST_FAILURES_OF_A_NAME_ANYWHERE, MOST_FAILURES_OF_AN_ADDRESS)
            if any(count >= limit for count, limit in zip(counts, most, strict=True)):
                return None
            entered = sa.insert(FAILED_SIGN_INS).values(folded_name=folded(name), address=address, at=now)
            return int(connection.execute(entered.returning(FAILED_SIGN_INS.c.id)).scalar_one())

    def forget_try(self, tried: int) -> None:
        """Forget a try to sign in that did not fail."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(FAILED_SIGN_INS).where(FAILED_SIGN_INS.c.id == tried))


def _count(of: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(FAILED_SIGN_INS).where(of).scalar_subquery()


def token_hash(token: str) -> str:
    """Return what is kept of a token: whoever reads the ledger cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
