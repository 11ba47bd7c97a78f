"""Signing in and out: by name and password, or by a link that works once."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk.passwords import is_right
from desk.signing_in import address_of, is_https, refused_to, signed_in, stranger_page
from desk.templating import page
from desk.texts import _
from desk.visitors import SESSION, cookie, visitor_of
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.desk_address import segment
from infra.ledger.identities import IdentityBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook

router = APIRouter()


@router.get("/sign-in")
def show(request: Request, to: str = "") -> Response:
    """Ask who somebody is."""
    return ask(request, to=to)


@router.post("/sign-in")
def sign_in(
    request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()], to: Annotated[str, Form()] = ""
) -> Response:
    """Sign somebody in, or say that name and password do not belong together, whichever of them is wrong."""
    engine, address = shared_ledger().engine, address_of(request)
    tried = SessionBook(engine).begin_try(name, address, now=now())
    if tried is None:
        return ask(request, status=429, to=to, problem=too_many(), name=name)
    found = PeopleBook(engine).find(name)
    if not is_right(password, found[1] if found else "") or found is None:
        refused_to(found[0].name if found else "", address)
        wrong = _("Name and password do not belong together.")
        return ask(request, status=401, to=to, problem=wrong, name=name)
    SessionBook(engine).forget_try(tried)
    return signed_in(found[0], to, "password")


def ask(request: Request, *, status: int = 200, to: str = "", problem: str = "", name: str = "") -> Response:
    """Show the ways of signing in, and what was wrong with the one that was tried."""
    provider = settings().oidc_label if settings().oidc_issuer else ""
    return stranger_page(
        request, "sign_in.html.j2", status=status, to=to, problem=problem, name=name, provider=provider
    )


def too_many() -> str:
    """Say that too many tries failed of late."""
    return _("Too many attempts. Wait for a quarter of an hour, then try again.")


@router.get("/sign-in/{token}")
def show_link(request: Request, token: str) -> Response:
    """Ask whoever opens a link to press a button: programs that look at links press none."""
    return stranger_page(request, "sign_in_link.html.j2", token=token, problem="")


@router.post("/sign-in/{token}")
def use_link(request: Request, token: str) -> Response:
    """Sign in by a link, which does so no more after this."""
    engine = shared_ledger().engine
    person_id = SessionBook(engine).use_link(token, now=now())
    if not person_id:
        spent = _("This link was used already, or is too old. Ask whoever manages people for a new one.")
        return _refuse_link(request, "", token, spent)
    person = PeopleBook(engine).get(person_id)
    if IdentityBook(engine).has_one(person_id):
        elsewhere = _("This account signs in with the identity provider, and by no link.")
        return _refuse_link(request, person.name, token, elsewhere)
    return signed_in(person, "", "link")


def _refuse_link(request: Request, name: str, token: str, problem: str) -> Response:
    refused_to(name, address_of(request))
    return stranger_page(request, "sign_in_link.html.j2", status=401, token=token, problem=problem)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Sign out."""
    visitor = visitor_of(request)
    SessionBook(shared_ledger().engine).end(visitor.session)
    visitor.did("signed_out", "")
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(cookie(SESSION), secure=is_https())
    return answer


@router.get("/")
def home(request: Request) -> Response:
    """Go to the shop of whoever is signed in; of several, they choose."""
    visitor, shops = visitor_of(request), request.app.state.shops
    theirs = [name for name in visitor.person.shops if shops.has(name)]
    if len(theirs) == 1:
        return RedirectResponse(f"/shops/{segment(theirs[0])}/", 303)
    named = [(shops.title(name), segment(name)) for name in theirs]
    return page("shops.html.j2", visitor=visitor, shops=named)
