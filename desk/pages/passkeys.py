"""Passkeys of an account: added, removed, and signed in with."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk import challenges
from desk.pages.sign_in import ask, too_many
from desk.passkey_changes import why_unchangeable
from desk.signing_in import address_of, refused_to, signed_in, stranger_page, visit_of
from desk.templating import page
from desk.texts import _
from desk.visitors import Visitor, visitor_of
from infra.clock import now
from infra.context import shared_ledger
from infra.ledger.identities import IdentityBook
from infra.ledger.passkeys import PasskeyBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.passkeys import ask_for_new, ask_to_sign, check_new, check_signature, key_print
from schemas.passkeys import Passkey
from schemas.people import Person
from schemas.problems import Problem, Refused

router = APIRouter()
SignedIn = Annotated[Visitor, Depends(visitor_of)]
MOST_CHARACTERS = 60


@router.post("/account/passkeys/new")
def new(request: Request, visitor: SignedIn, name: Annotated[str, Form()] = "") -> Response:
    """Ask the browser to make a passkey, which is called *name*."""
    _expect_proven(visitor)
    called = " ".join(name.split())[:MOST_CHARACTERS] or _("Passkey")
    token = challenges.make("passkey_new", called, visitor.session)
    known = _book().of_person(visitor.person.person_id)
    options = ask_for_new(challenges.party_of(request), visitor.person, known, token.encode())
    return page("passkey_new.html.j2", visitor=visitor, name=called, token=token, options=options)


@router.post("/account/passkeys/add")
def add(
    request: Request, visitor: SignedIn, token: Annotated[str, Form()], made: Annotated[str, Form()]
) -> RedirectResponse:
    """Let somebody prove with a passkey who they are, from now on."""
    _expect_proven(visitor)
    called, party = challenges.take("passkey_new", token, visitor.session), challenges.party_of(request)
    fresh = check_new(party, made, token.encode())
    passkey = Passkey(
        credential_id=fresh.credential_id,
        person_id=visitor.person.person_id,
        name=called,
        public_key=fresh.public_key,
        sign_count=fresh.sign_count,
        rp_id=party.rp_id,
        added_at=now(),
    )
    _book().add(passkey)
    visitor.did("passkey_added", passkey.credential_id, key_print(passkey.public_key))
    return RedirectResponse("/account#passkeys", 303)


@router.post("/account/passkeys/remove")
def remove(visitor: SignedIn, credential_id: Annotated[str, Form()]) -> RedirectResponse:
    """Take a passkey away: it proves nothing any more."""
    _expect_proven(visitor)
    if not _book().remove(credential_id, person_id=visitor.person.person_id, now=now()):
        raise Refused(_("This passkey is none of this account. Nothing was done."))
    visitor.did("passkey_removed", credential_id)
    return RedirectResponse("/account#passkeys", 303)


@router.post("/sign-in/passkey")
def begin(request: Request, to: Annotated[str, Form()] = "") -> Response:
    """Ask the browser for any passkey that it has for this desk."""
    tried = SessionBook(shared_ledger().engine).begin_try(secrets.token_hex(8), address_of(request), now=now())
    if tried is None:
        return ask(request, status=429, to=to, problem=too_many())
    party = challenges.party_of(request)
    token = challenges.make("passkey_sign_in", f"{tried} {to}", visit_of(request))
    options = ask_to_sign(party, (), token.encode())
    return stranger_page(request, "sign_in_passkey.html.j2", token=token, options=options)


@router.post("/sign-in/passkey/signed")
def sign_in(request: Request, token: Annotated[str, Form()], assertion: Annotated[str, Form()]) -> Response:
    """Sign in whoever has the passkey, if the account is one that signs in here."""
    try:
        asked = challenges.take("passkey_sign_in", token, visit_of(request))
        person = _signed(request, token, assertion)
    except Problem as problem:
        refused_to("", address_of(request))
        return ask(request, status=401, problem=problem.says)
    tried, _space, to = asked.partition(" ")
    SessionBook(shared_ledger().engine).forget_try(int(tried))
    return signed_in(person, to, "passkey")


def _signed(request: Request, token: str, assertion: str) -> Person:
    passkey, engine = challenges.passkey_of(assertion), shared_ledger().engine
    count = check_signature(challenges.party_of(request), passkey, assertion, token.encode())
    if IdentityBook(engine).has_one(passkey.person_id):
        raise Refused(_("This account signs in with the identity provider. Its passkeys only confirm plans."))
    challenges.count_use(passkey, count)
    return PeopleBook(engine).get(passkey.person_id)


def _expect_proven(visitor: Visitor) -> None:
    if why := why_unchangeable(visitor):
        raise Refused(why)


def _book() -> PasskeyBook:
    return PasskeyBook(shared_ledger().engine)
