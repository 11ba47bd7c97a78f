"""Who has an account at the desk, and what they may do in which shop."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.desk_tables import PASSKEYS, PEOPLE, PERSON_ROLES, SESSIONS, SIGN_IN_LINKS
from infra.ledger.rows import upsert
from schemas.notifications import USUAL_KINDS, NotificationKind
from schemas.people import Person, Role
from schemas.tables import Language


@dataclass(frozen=True)
class PeopleBook:
    """The accounts of an installation. A name is one account, however its letters are cased."""

    engine: sa.Engine

    def add(self, name: str, *, shop: str, roles: Collection[Role], now: datetime) -> Person:
        """Enter somebody, or what else somebody who is there already may do in a shop."""
        row = {"person_id": uuid4().hex, "name": name.strip(), "folded_name": folded(name), "password_hash": ""}
        with writing(self.engine) as connection:
            entered = upsert(connection, PEOPLE, [row | {"created_at": now}])
            connection.execute(entered.on_conflict_do_nothing(index_elements=[PEOPLE.c.folded_name]))
            person_id = connection.execute(_by_name(name)).scalar_one()
            given = [{"person_id": person_id, "shop": shop, "role": role} for role in roles]
            if given:
                connection.execute(upsert(connection, PERSON_ROLES, given).on_conflict_do_nothing())
            return _person(connection, person_id)

    def take_away(self, name: str, *, shop: str) -> None:
        """Take all roles in a shop away from somebody."""
        theirs = PERSON_ROLES.c.person_id.in_(_by_name(name))
        with writing(self.engine) as connection:
            connection.execute(sa.delete(PERSON_ROLES).where(theirs, PERSON_ROLES.c.shop == shop))

    def set_roles(self, person_id: str, *, shop: str, roles: Collection[Role], held: Collection[Role]) -> bool:
        """Let somebody do exactly this in a shop; False where they may do something else by now than was *held*."""
        theirs = sa.and_(PERSON_ROLES.c.person_id == person_id, PERSON_ROLES.c.shop == shop)
        account = sa.select(PEOPLE.c.person_id).where(PEOPLE.c.person_id == person_id)
        with writing(self.engine) as connection:
            connection.execute(account.with_for_update())
            if set(connection.scalars(sa.select(PERSON_ROLES.c.role).where(theirs))) != set(held):
                return False
            connection.execute(sa.delete(PERSON_ROLES).where(theirs))
            given = [{"person_id": person_id, "shop": shop, "role": role} for role in sorted(roles)]
            if given:
                connection.execute(sa.insert(PERSON_ROLES), given)
        return True

    def close(self, person_id: str, *, now: datetime) -> bool:
        """Let an account that may do nothing anywhere be one of nobody: no way of signing in is left; False if it may.

        What they did stays under their name.
        """
        with writing(self.engine) as connection:
            if connection.execute(sa.select(PERSON_ROLES.c.role).where(PERSON_ROLES.c.person_id == person_id)).first():
                return False
            account = sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id)
            connection.execute(account.values(password_hash="", email=""))
            keys = sa.and_(PASSKEYS.c.person_id == person_id, PASSKEYS.c.removed_at.is_(None))
            connection.execute(sa.update(PASSKEYS).where(keys).values(removed_at=now))
            for ways in (SESSIONS, SIGN_IN_LINKS):
                connection.execute(sa.delete(ways).where(ways.c.person_id == person_id))
        return True

    def set_password_hash(self, person_id: str, password_hash: str) -> None:
        """Enter the hash of somebody's password."""
        with writing(self.engine) as connection:
            theirs = sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id)
            connection.execute(theirs.values(password_hash=password_hash))

    def set_language(self, person_id: str, language: Language | None) -> None:
        """Enter the language that somebody chose; None lets their browser choose."""
        with writing(self.engine) as connection:
            theirs = sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id)
            connection.execute(theirs.values(language=language))

    def set_notification(self, person_id: str, *, email: str, mailed_about: Collection[NotificationKind]) -> None:
        """Enter where somebody is mailed, and of what."""
        with writing(self.engine) as connection:
            theirs = sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id)
            connection.execute(theirs.values(email=email, mailed_about=" ".join(mailed_about)))

    def find(self, name: str) -> tuple[Person, str] | None:
        """Return who is called so, and the hash of their password; None where nobody is."""
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(PEOPLE).where(PEOPLE.c.folded_name == folded(name))).mappings().first()
            return (_person(connection, row["person_id"]), row["password_hash"]) if row else None

    def password_hash_of(self, person_id: str) -> str:
        """Return the hash of somebody's password; empty where they have none."""
        with reading(self.engine) as connection:
            theirs = sa.select(PEOPLE.c.password_hash).where(PEOPLE.c.person_id == person_id)
            return str(connection.execute(theirs).scalar_one())

    def get(self, person_id: str) -> Person:
        """Return somebody by the id of their account."""
        with reading(self.engine) as connection:
            return _person(connection, person_id)

    def list_all(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        with reading(self.engine) as connection:
            ids = connection.scalars(sa.select(PEOPLE.c.person_id).order_by(PEOPLE.c.folded_name)).all()
            return tuple(_person(connection, each) for each in ids)


def folded(name: str) -> str:
    """Return a name as accounts are mailed_about apart by it."""
    return " ".join(name.casefold().split())


def _by_name(name: str) -> sa.Select[tuple[str]]:
    return sa.select(PEOPLE.c.person_id).where(PEOPLE.c.folded_name == folded(name))


def _person(connection: sa.Connection, person_id: str) -> Person:
    them = sa.select(PEOPLE.c.name, PEOPLE.c.language, PEOPLE.c.email, PEOPLE.c.mailed_about)
    row = connection.execute(them.where(PEOPLE.c.person_id == person_id)).one()
    query = sa.select(PERSON_ROLES.c.shop, PERSON_ROLES.c.role).where(PERSON_ROLES.c.person_id == person_id)
    roles: dict[str, frozenset[Role]] = {}
    for shop, role in connection.execute(query):
        roles[shop] = roles.get(shop, frozenset()) | {role}
    mailed_about = USUAL_KINDS if row.mailed_about is None else tuple(row.mailed_about.split())
    return Person(
        person_id=person_id,
        name=row.name,
        roles=roles,
        language=row.language,
        email=row.email,
        mailed_about=mailed_about,
    )
