"""Who is told of a change: its owner, or else the people of the shop whose business it is."""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from schemas.notifications import NotificationKind
from schemas.people import SECOND_PAIR_OF_EYES, Person, Role

_BUSINESS_OF: dict[NotificationKind, Role] = {"summary": "look"}
"""The role whose business a change is; of all others but plans, of whoever may submit."""


def people_to_tell(
    kind: NotificationKind,
    people: Iterable[Person],
    *,
    shop: str,
    owner: str,
    submitted_by: str,
    four_eyes: bool,
    confirmed_by: Role = "approve",
) -> tuple[Person, ...]:
    """Return whom of *people* to tell: those with an address, who did not choose otherwise.

    *owner* took care of it by name. Whoever submitted a run hears how it ended; of a plan, those who may confirm it,
    by their role *confirmed_by*, without who submitted it where two have to look.
    """
    role = confirmed_by if kind == "needs_approval" else _BUSINESS_OF.get(kind, "submit")
    may = [each for each in people if each.email and each.may(role, shop)]
    if kind == "needs_approval" and four_eyes:
        may = [each for each in may if not _is(each, submitted_by)]
    first = (owner,) if kind == "needs_approval" else (owner, submitted_by)
    named = [found for name in first if name and (found := [each for each in may if _is(each, name)])]
    chosen = named[0] if named else may
    return tuple(each for each in chosen if kind in each.mailed_about)


def people_beside(people: Iterable[Person], *, shop: str, but: Collection[str]) -> tuple[Person, ...]:
    """Return who shares the rights that let somebody be a second pair of eyes, and has an address; *but* these ids."""
    return tuple(
        each
        for each in people
        if each.email and each.person_id not in but and any(each.may(role, shop) for role in SECOND_PAIR_OF_EYES)
    )


def _is(person: Person, name: str) -> bool:
    return person.name.casefold().split() == name.casefold().split()


def listed(text: str) -> list[str]:
    """Return the parts of a setting that has commas between."""
    return [part.strip() for part in text.split(",") if part.strip()]


def named_recipients(people: Sequence[Person], addresses: str, blocks: str) -> tuple[str, ...]:
    """Name each recipient as the ledger does: addresses only by their hash."""
    return (
        *(f"person:{each.person_id}" for each in people),
        *(f"address:{address_hash(each)}" for each in listed(addresses)),
        *(f"block:{each}" for each in listed(blocks)),
    )


def address_hash(address: str) -> str:
    """Hash an address: what the ledger knows it by."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()
