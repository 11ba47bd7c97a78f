"""Who looks at a page, whether they may, and whether a form that comes is one that they were given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import HTTPException, Request
from starlette.types import Scope

from desk.safety import comes_from_here, form_token, is_ours
from desk.shops import Shops, shop_in
from desk.texts import _, later, speak
from infra.clock import now
from infra.context import settings, shared_ledger, working_with
from infra.desk_address import segment
from infra.ledger.audit import AuditBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from schemas.people import Action, Person, Role, SignIn
from schemas.problems import Problem

SESSION = "counterfoil_session"
VISIT = "counterfoil_visit"
"""Cookies: of somebody who is signed in, and of a browser in which nobody is yet."""
FRESH_FOR = timedelta(minutes=10)
"""How long after signing in somebody may change by what they are known, without saying again who they are."""


def cookie(name: str) -> str:
    """Return what a cookie is called; by https so that no other site of the same domain can set it."""
    return f"__Host-{name}" if settings().desk_url.startswith("https://") else name


class SignInFirst(Exception):  # noqa: N818 - it says what to do, and is no error
    """Nobody is signed in."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, on a page that is about *shop*."""

    person: Person
    session: str
    shop: str
    sign_in: SignIn

    @property
    def form_token(self) -> str:
        """What their forms carry."""
        return form_token(self.session)

    @property
    def home(self) -> str:
        """The address below which the pages of the shop lie."""
        return f"/shops/{segment(self.shop)}"

    @property
    def is_fresh(self) -> bool:
        """Whether they signed in a moment ago: a session that was left open proves less."""
        return self.sign_in.at is not None and now() - self.sign_in.at < FRESH_FOR

    def may(self, role: Role) -> bool:
        """Say whether they may do so in this shop."""
        return self.person.may(role, self.shop)

    def did(self, action: Action, about: str, detail: str = "") -> None:
        """Write down what they did."""
        AuditBook(shared_ledger().engine).enter(
            action, person=self.person.name, now=now(), shop=self.shop, about=about, detail=detail
        )


def visitor_of(request: Request) -> Visitor:
    """Return who is signed in, and speak their language from here on.

    Raises:
        SignInFirst: Nobody is.
    """
    session = request.cookies.get(cookie(SESSION), "")
    engine = shared_ledger().engine
    sign_in = SessionBook(engine).find(session, now=now()) if session else None
    if sign_in is None:
        raise SignInFirst
    person = PeopleBook(engine).get(sign_in.person_id)
    if person.language:
        speak(person.language)
    return Visitor(person=person, session=session, shop=_shop_of(request), sign_in=sign_in)


def _shop_of(request: Request) -> str:
    """Return the shop that a page is about, by the text by which its systems are found: a URL loses parts of it."""
    return shop_in(request.scope["path"]) or ""


def who_may(role: Role) -> Callable[[Request], Visitor]:
    """Return what lets in only those who have a role in the shop of the page; to others there is no such page."""

    def visitor(request: Request) -> Visitor:
        found = visitor_of(request)
        if not request.app.state.shops.has(found.shop) or not found.may("look"):
            raise HTTPException(404)
        if not found.may(role):
            raise HTTPException(403, _("Your account may not do this in this shop. Ask whoever gave it to you."))
        return found

    return visitor


def sends_files(shops: Shops, scope: Scope) -> bool:
    """Say whether a request is from somebody who may upload files to the shop of its address."""
    if scope["method"] != "POST" or not shops.has(shop_in(scope["path"]) or ""):
        return False
    with working_with(shops.of_path(scope["path"])):
        try:
            return visitor_of(Request(scope)).may("submit")
        except (SignInFirst, Problem):
            return False


async def expect_own_form(request: Request) -> None:
    """Turn away a form that we did not give to whoever sends it."""
    if request.method in ("GET", "HEAD"):
        return
    carried = (await request.form()).get("form_token", "") if comes_from_here(request.headers) else ""
    before = request.scope["path"].startswith("/sign-in")  # a cookie of a session that is over keeps nobody out
    secret = request.cookies.get(cookie(VISIT if before else SESSION), "")
    if not is_ours(str(carried), secret):
        raise HTTPException(403, later("This page was open for too long. Go back, load it again, and send it again."))


async def typed(request: Request) -> Mapping[str, str]:
    """Return what was typed into a form whose fields follow from something else, such as a flow."""
    return {name: str(value) for name, value in (await request.form()).items()}
