"""The account of whoever is signed in: what they may do and are told, how they prove who they are, their language."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from desk.pages.sign_in import too_many
from desk.passkey_changes import why_unchangeable
from desk.passwords import LEAST_CHARACTERS, is_right, password_hash
from desk.signing_in import address_of
from desk.templating import page
from desk.texts import _, language_here, preferred, speak
from desk.visitors import Visitor, visitor_of
from infra.catalogues import LANGUAGES
from infra.clock import now
from infra.context import shared_ledger
from infra.ledger.identities import IdentityBook
from infra.ledger.passkeys import PasskeyBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from schemas.notifications import NOTIFICATION_KINDS
from schemas.problems import FileNeedsFixing, Refused
from tasks.core.checking.emails import mail_address
from tasks.core.notifications.letters import SUBJECTS

router = APIRouter(prefix="/account")
SignedIn = Annotated[Visitor, Depends(visitor_of)]


@router.get("")
def show(visitor: SignedIn) -> Response:
    """Show the account."""
    return _page(visitor, "")


@router.post("/password")
def set_password(
    request: Request,
    visitor: SignedIn,
    password: Annotated[str, Form()],
    again: Annotated[str, Form()],
    old: Annotated[str, Form()] = "",
) -> Response:
    """Set the password by which they sign in from now on; every other browser of theirs is signed out."""
    if password != again:
        return _page(visitor, _("The two are not the same. Nothing was changed."), 422)
    try:
        _expect_old(request, visitor, old)
        kept = password_hash(password)
    except FileNeedsFixing as problem:
        return _page(visitor, problem.says, 422)
    engine = shared_ledger().engine
    visitor.did("set_password", "")
    PeopleBook(engine).set_password_hash(visitor.person.person_id, kept)
    SessionBook(engine).end_all(visitor.person.person_id, but=visitor.session)
    return _page(visitor, _("Saved. From now on you sign in with it."))


def _expect_old(request: Request, visitor: Visitor, old: str) -> None:
    """Expect the password that they have; who just signed in by a link has forgotten it.

    Raises:
        FileNeedsFixing: It is another.
        Refused: They sign in elsewhere, or tried too often.
    """
    engine = shared_ledger().engine
    if IdentityBook(engine).has_one(visitor.person.person_id):
        raise Refused(_("This account signs in with the identity provider, and has no password here."))
    if not _is_asked_for_old(visitor):
        return
    tried = SessionBook(engine).begin_try(visitor.person.name, address_of(request), now=now())
    if tried is None:
        raise FileNeedsFixing(too_many())
    if not is_right(old, PeopleBook(engine).password_hash_of(visitor.person.person_id)):
        visitor.did("password_refused", "")
        raise FileNeedsFixing(_("The old password is not that one. Nothing was changed."))
    SessionBook(engine).forget_try(tried)


def _is_asked_for_old(visitor: Visitor) -> bool:
    has_one = bool(PeopleBook(shared_ledger().engine).password_hash_of(visitor.person.person_id))
    return has_one and not (visitor.is_fresh and visitor.sign_in.by == "link")


@router.post("/language")
def set_language(request: Request, visitor: SignedIn, language: Annotated[str, Form()] = "") -> Response:
    """Speak the language that they choose from now on, or again the one that their browser asks for."""
    chosen = next((each for each in LANGUAGES if each == language), None)
    PeopleBook(shared_ledger().engine).set_language(visitor.person.person_id, chosen)
    speak(chosen or preferred(request.headers.get("accept-language", "")))
    known = replace(visitor, person=replace(visitor.person, language=chosen))
    return _page(known, _("Saved. The desk speaks %s.") % LANGUAGES[language_here()])


@router.post("/telling")
def set_notification(
    visitor: SignedIn, email: Annotated[str, Form()] = "", mailed_about: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Mail them there from now on, of what they ticked; nobody without an address is mailed."""
    address = mail_address(email)
    if email.strip() and not address:
        return _page(visitor, _("That is no address. Nothing was changed."), 422)
    kinds = tuple(kind for kind in NOTIFICATION_KINDS if kind in (mailed_about or ()))
    PeopleBook(shared_ledger().engine).set_notification(visitor.person.person_id, email=address, mailed_about=kinds)
    visitor.did("set_email", "")
    known = replace(visitor, person=replace(visitor.person, email=address, mailed_about=kinds))
    return _page(known, _("Saved."))


def _page(visitor: Visitor, says: str, status: int = 200) -> Response:
    engine, person_id = shared_ledger().engine, visitor.person.person_id
    return page(
        "account.html.j2",
        visitor=visitor,
        says=says,
        status=status,
        least=LEAST_CHARACTERS,
        languages=LANGUAGES,
        asks_for_old=_is_asked_for_old(visitor),
        by_provider=IdentityBook(engine).has_one(person_id),
        why_unchangeable=why_unchangeable(visitor),
        passkeys=PasskeyBook(engine).of_person(person_id),
        kinds=SUBJECTS,
    )
