"""Whom an identity provider means by its own names for people, and what it last said they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import IDENTITIES, PEOPLE, PERSON_ROLES, SESSIONS, SIGN_IN_LINKS
from infra.ledger.people import folded
from infra.ledger.rows import upsert
from schemas.people import Role
from schemas.problems import Refused


@dataclass(frozen=True)
class IdentityBook:
    """The identities of an installation. An account has one at most, and then signs in by it alone."""

    engine: sa.Engine

    def find(self, issuer: str, subject: str) -> str:
        """Return the id of the account that a provider means by its *subject*; empty where there is none."""
        named = sa.and_(IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject)
        with reading(self.engine) as connection:
            return connection.execute(sa.select(IDENTITIES.c.person_id).where(named)).scalar() or ""

    def has_one(self, person_id: str) -> bool:
        """Say whether an account signs in by a provider."""
        theirs = sa.select(IDENTITIES.c.subject).where(IDENTITIES.c.person_id == person_id)
        with reading(self.engine) as connection:
            return connection.execute(theirs).first() is not None

    def link(self, person_id: str, *, issuer: str, subject: str, now: datetime) -> None:
        """Let an account sign in by a provider from now on; its password and links are forgotten, and sessions end.

        Raises:
            Refused: The provider means another account by it, or the account has another identity.
        """
        row = {"issuer": issuer, "subject": subject, "person_id": person_id, "linked_at": now}
        theirs = sa.select(IDENTITIES.c.subject).where(IDENTITIES.c.person_id == person_id)
        with writing(self.engine) as connection:
            if connection.execute(theirs).first():
                raise Refused("This account signs in by an identity provider already. Nothing was changed.")
            entered = upsert(connection, IDENTITIES, [row]).on_conflict_do_nothing()
            if not connection.execute(entered.returning(IDENTITIES.c.person_id)).scalar():
                raise Refused("Another account signs in by this identity already. Nothing was changed.")
            account = sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id)
            connection.execute(account.values(password_hash=""))
            for ways in (SESSIONS, SIGN_IN_LINKS):
                connection.execute(sa.delete(ways).where(ways.c.person_id == person_id))

    def make_account(self, name: str, *, issuer: str, subject: str, now: datetime) -> str:
        """Make an account for whom a provider means by its *subject*; return its id.

        Raises:
            Refused: There is an account of that name: what somebody is called there does not make it theirs.
        """
        person = {"person_id": uuid4().hex, "name": name, "folded_name": folded(name), "password_hash": ""}
        row = {"issuer": issuer, "subject": subject, "person_id": person["person_id"], "linked_at": now}
        with writing(self.engine) as connection:
            entered = upsert(connection, PEOPLE, [person | {"created_at": now}]).on_conflict_do_nothing()
            if not connection.execute(entered.returning(PEOPLE.c.person_id)).scalar():
                raise Refused(f"There is an account of the name {name} already.")
            connection.execute(sa.insert(IDENTITIES).values(**row))
        return person["person_id"]

    def set_roles(self, person_id: str, roles: Mapping[str, frozenset[Role]]) -> bool:
        """Let somebody do exactly this, shop by shop; return whether it is anything else than before."""
        wanted = {(shop, role) for shop, held in roles.items() for role in held}
        theirs = PERSON_ROLES.c.person_id == person_id
        with writing(self.engine) as connection:
            rows = connection.execute(sa.select(PERSON_ROLES.c.shop, PERSON_ROLES.c.role).where(theirs))
            if {(row.shop, row.role) for row in rows} == wanted:
                return False
            connection.execute(sa.delete(PERSON_ROLES).where(theirs))
            given = [{"person_id": person_id, "shop": shop, "role": role} for shop, role in sorted(wanted)]
            if given:
                connection.execute(sa.insert(PERSON_ROLES), given)
            return True
