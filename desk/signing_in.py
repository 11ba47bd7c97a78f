"""What the ways of signing in have in common: the session that each ends in, and pages for browsers without one."""

import secrets
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from desk.templating import page
from desk.visitors import SESSION, VISIT, cookie
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.ledger.audit import AuditBook
from infra.ledger.sessions import SessionBook
from schemas.people import Person, SignedInBy

PLACES = ("/shops/", "/account")
"""How addresses begin that somebody may be led to once they are signed in: pages of ours."""


def signed_in(person: Person, to: str, by: SignedInBy) -> Response:
    """Begin a session that nobody had before, and lead to a page of ours."""
    engine, hours = shared_ledger().engine, settings().desk_session_hours
    token = SessionBook(engine).begin(person.person_id, now=now(), hours=hours, by=by)
    AuditBook(engine).enter("signed_in", person=person.name, now=now(), detail=by)
    answer = RedirectResponse(to if _is_ours(to) else "/", 303)
    answer.set_cookie(
        cookie(SESSION), token, max_age=int(hours * 3600), httponly=True, samesite="lax", secure=is_https()
    )
    answer.delete_cookie(cookie(VISIT), secure=is_https())
    return answer


def refused_to(name: str, about: str) -> None:
    """Write down that somebody was not let in."""
    AuditBook(shared_ledger().engine).enter("sign_in_refused", person=name, now=now(), about=about)


def stranger_page(request: Request, template: str, /, *, status: int = 200, **shown: Any) -> Response:
    """Show a page to a browser that nobody is signed in with; its form belongs to this browser."""
    visit = visit_of(request)
    answer = page(template, visit=visit, status=status, **shown)
    keep_visit(answer, visit)
    return answer


def visit_of(request: Request) -> str:
    """Return what tells this browser from all others before anybody is signed in with it."""
    return request.cookies.get(cookie(VISIT), "") or secrets.token_urlsafe(16)


def keep_visit(answer: Response, visit: str) -> None:
    """Let the browser keep it."""
    answer.set_cookie(cookie(VISIT), visit, httponly=True, samesite="lax", secure=is_https())


def address_of(request: Request) -> str:
    """Return the network address that somebody asks from."""
    return request.client.host if request.client else ""


def is_https() -> bool:
    """Say whether people reach the desk by https."""
    return settings().desk_url.startswith("https://")


def _is_ours(to: str) -> bool:
    return to.startswith(PLACES) and "\\" not in to and "//" not in to
