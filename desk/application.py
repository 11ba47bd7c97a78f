"""The desk as one application: its pages, what stands before them all, and what people read when something is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import PurePosixPath

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.localization import localized
from desk.pages import (
    account,
    correct,
    following,
    loyalty,
    open,  # noqa: A004 - what people call the page
    passkeys,
    people,
    provider,
    run,
    run_now,
    runs,
    schedules,
    sign_in,
    signatures,
    start,
)
from desk.prefect_runs import PrefectRuns
from desk.safety import HEADERS, Guarded
from desk.shops import InShop, Shops
from desk.templating import asset, page
from desk.texts import _, gettext, later, preferred, speaking
from desk.visitors import SignInFirst, Visitor, expect_own_form, sends_files, visitor_of
from infra.context import shared_ledger, working_with
from infra.identity_provider import IdentityProvider
from schemas.problems import Problem, Unavailable

ASSETS = {"desk.css": "text/css", "desk.js": "text/javascript", "passkeys.js": "text/javascript"}
PAGES = (
    *(provider, passkeys, sign_in, account, start, runs, open),
    *(run, signatures, following, correct, run_now, loyalty, schedules, people),
)
MISSING = later("There is no such page, or your account may not see it.")
WENT_WRONG = later("That did not go through")
OUTCOMES = {
    403: later("Not allowed"),
    404: later("Not found"),
    405: later("Not found"),
    413: later("Too large"),
    500: later("Something is broken here"),
    503: later("Not available just now"),
}
"""What the page of an error says above all, by its status."""
FOR_A_YEAR = "public, max-age=31536000, immutable"


def make_application(shops: Shops, prefect: PrefectRuns) -> FastAPI:
    """Return the desk of these shops."""

    @asynccontextmanager
    async def open_until_the_end(_application: FastAPI) -> AsyncIterator[None]:
        yield
        shops.close()

    chosen = next(iter(shops.by_name.values())).settings
    application = FastAPI(openapi_url=None, lifespan=open_until_the_end)
    application.state.shops, application.state.prefect = shops, prefect
    application.state.provider = IdentityProvider(chosen) if chosen.oidc_issuer else None
    for each in PAGES:
        application.include_router(each.router, dependencies=[Depends(expect_own_form)])
    application.add_api_route("/healthz", healthz)
    application.add_api_route("/assets/{sha256}/{name}", give_asset)
    application.add_exception_handler(SignInFirst, _sign_in_first)
    application.add_exception_handler(Problem, _say_problem)
    application.add_exception_handler(AnyHTTPException, _say_wrong)
    application.add_exception_handler(RequestValidationError, _say_unreadable)
    application.add_exception_handler(Exception, _say_fault)
    application.add_middleware(Spoken)
    application.add_middleware(InShop, shops=shops)
    https = chosen.desk_url.startswith("https://")
    files = partial(sends_files, shops)
    application.add_middleware(Guarded, most_bytes=chosen.max_file_bytes, is_https=https, sends_files=files)
    return application


class Spoken:
    """Lets every page speak the language that the browser asks for, until it is known who looks and what they chose."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before *app*."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        accepted = dict(scope.get("headers", ())).get(b"accept-language", b"").decode("latin-1")
        with speaking(preferred(accepted)):
            await self._app(scope, receive, send)


def healthz() -> Response:
    """Say that the desk works: it answers, and its ledger does."""
    shared_ledger().list_runs(1)
    return PlainTextResponse("ok")


def give_asset(name: str) -> Response:
    """Give a file that pages refer to; its address changes with it, so browsers may keep it."""
    if name not in ASSETS:
        raise HTTPException(404)
    return Response(asset(name)[0], media_type=ASSETS[name], headers={"cache-control": FOR_A_YEAR})


def _sign_in_first(request: Request, _error: Exception) -> Response:
    to = PurePosixPath(request.url.path)
    return RedirectResponse(f"/sign-in?to={to}" if request.method == "GET" else "/sign-in", 303)


def _say_problem(request: Request, error: Exception) -> Response:
    """Say what is wrong in the words of whoever found it: nothing was done, or what was stays done."""
    visitor = _anyone(request)  # their language first
    says = localized(error.says if isinstance(error, Problem) else str(error))
    return _wrong(visitor, says, 503 if isinstance(error, Unavailable) else 409)


def _say_wrong(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, AnyHTTPException) else 500
    visitor = _anyone(request)
    missing = status in (404, 405)  # an address without a page, or one to which only forms go
    return _wrong(visitor, gettext(MISSING if missing else str(getattr(error, "detail", error))), status)


def _say_unreadable(request: Request, _error: Exception) -> Response:
    """Say that an address or a form is none of ours; what was sent, perhaps a password, is not said back."""
    return _wrong(_anyone(request), _("This address or form is not one of this page. Go back, and try again."), 422)


def _say_fault(request: Request, _error: Exception) -> Response:
    """Say that it is our fault; what happened stands in the log. By now nothing is known of who asked."""
    accepted = request.headers.get("accept-language", "")
    shops: Shops = request.app.state.shops
    with speaking(preferred(accepted)), working_with(shops.of_path(request.url.path)):
        visitor: Visitor | None = None
        with suppress(Exception):  # what failed may be just what knows them
            visitor = visitor_of(request)
        says = _(
            "A fault in Counterfoil, not yours. Nothing was written by this page; whoever runs it finds it in its log."
        )
        answer = _wrong(visitor, says, 500)
    answer.headers.update(HEADERS)
    return answer


def _wrong(visitor: Visitor | None, says: str, status: int) -> Response:
    """Say it to whoever asked, in their language where it is known who that is."""
    outcome = gettext(OUTCOMES.get(status, WENT_WRONG))
    tone = "bad" if status >= 500 else "careful"
    return page("wrong.html.j2", visitor=visitor, outcome=outcome, tone=tone, says=says, status=status)


def _anyone(request: Request) -> Visitor | None:
    try:
        return visitor_of(request)
    except (SignInFirst, Problem):
        return None
