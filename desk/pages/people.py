"""People: who has an account in a shop and what they may do; more accounts, other rights, and the end of an account.

Nobody changes their own rights, and nobody is given a link of somebody who has an account already: who manages people
could be two people otherwise. How it stays seen is said in decision 0076.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from desk.account_changes import add, end, give, invite_again, why_not_changed
from desk.templating import page
from desk.texts import later
from desk.visitors import Visitor, who_may
from infra.context import shared_ledger
from infra.ledger.people import PeopleBook
from schemas.people import ROLES, Person, Role
from schemas.problems import FileNeedsFixing, Refused, Unavailable
from tasks.chain.send_notifications import has_mail

router = APIRouter(prefix="/shops/{shop}/people")
Manages = Annotated[Visitor, Depends(who_may("people"))]
Roles = Annotated[tuple[Role, ...], Form()]


MEANINGS: Mapping[Role, str] = {
    "submit": later("upload files, preview and correct them, and confirm what needs nobody else"),
    "approve": later("confirm plans that somebody has to look at, and turn schedules on and off"),
    "undo": later("put back what a run did"),
    "look": later("see runs and their files"),
    "people": later("say on this page what others may do"),
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as the page shows it: ``why_not`` says why its rights cannot be changed here, if they cannot."""

    person: Person
    roles: tuple[Role, ...]
    why_not: str


@router.get("")
def show(visitor: Manages) -> Response:
    """List the accounts of the shop."""
    return _page(visitor)


@router.post("")
def add_person(
    visitor: Manages, name: Annotated[str, Form()], email: Annotated[str, Form()] = "", roles: Roles = ()
) -> Response:
    """Add somebody, and show the link by which they sign in, once."""
    try:
        says, link = add(visitor, name, email, roles)
    except (FileNeedsFixing, Refused) as problem:
        return _page(visitor, problem.says, status=422)
    return _page(visitor, says, link=link)


@router.post("/{person_id}/roles")
def change_roles(visitor: Manages, person_id: str, held: Annotated[str, Form()] = "", roles: Roles = ()) -> Response:
    """Let somebody do exactly what was ticked."""
    try:
        return _page(visitor, give(visitor, person_id, roles, held.split()))
    except (FileNeedsFixing, Refused) as problem:
        return _page(visitor, problem.says, status=422)


@router.post("/{person_id}/link")
def send_link(visitor: Manages, person_id: str) -> Response:
    """Mail somebody a new link, to the address that they have: nobody else sees it."""
    try:
        return _page(visitor, invite_again(visitor, person_id))
    except (FileNeedsFixing, Refused, Unavailable) as problem:
        return _page(visitor, problem.says, status=422)


@router.post("/{person_id}/end")
def end_account(visitor: Manages, person_id: str) -> Response:
    """Let somebody do nothing in this shop any more, from now on."""
    try:
        return _page(visitor, end(visitor, person_id))
    except (FileNeedsFixing, Refused) as problem:
        return _page(visitor, problem.says, status=422)


def _page(visitor: Visitor, says: str = "", *, link: str = "", status: int = 200) -> Response:
    people = [each for each in PeopleBook(shared_ledger().engine).list_all() if each.may("look", visitor.shop)]
    return page(
        "people.html.j2",
        visitor=visitor,
        says=says,
        link=link,
        status=status,
        accounts=[_account(visitor, each) for each in people],
        meanings={role: MEANINGS[role] for role in ROLES},
        has_mail=has_mail(),
        is_fresh=visitor.is_fresh,
    )


def _account(visitor: Visitor, person: Person) -> Account:
    held = person.roles.get(visitor.shop, frozenset())
    roles = tuple(role for role in ROLES if role in held)
    return Account(person=person, roles=roles, why_not=why_not_changed(visitor, person))
