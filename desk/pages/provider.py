"""Signing in by the identity provider of a group: there, and back."""

import json
import secrets
import shlex
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response

from desk import challenges
from desk.pages.sign_in import ask, too_many
from desk.provider_roles import roles_of
from desk.signing_in import address_of, keep_visit, refused_to, signed_in, visit_of
from desk.templating import page
from desk.texts import _
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.identity_provider import Asked, Identity, IdentityProvider
from infra.ledger.audit import AuditBook
from infra.ledger.identities import IdentityBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from schemas.people import BY_PROVIDER, Person, is_free
from schemas.problems import Problem, Refused

router = APIRouter(prefix="/sign-in/provider")
MOST_CHARACTERS = 120


@router.post("")
def go(request: Request, to: Annotated[str, Form()] = "") -> Response:
    """Send somebody to the identity provider, with what has to come back with them.

    By a page of ours that leads there: browsers block the answer to a form that leads to another site.
    """
    provider, visit = _provider(request), visit_of(request)
    tried = SessionBook(shared_ledger().engine).begin_try(secrets.token_hex(8), address_of(request), now=now())
    if tried is None:
        return ask(request, status=429, to=to, problem=too_many())
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    content = json.dumps({"nonce": nonce, "verifier": verifier, "to": to, "tried": tried})
    state = challenges.make("provider", content, visit)
    try:
        address = provider.address_for(Asked(state=state, nonce=nonce, verifier=verifier))
    except Problem as problem:
        return ask(request, status=503, to=to, problem=problem.says)
    answer = page("sent_on.html.j2", visit=visit, provider=settings().oidc_label, address=address)
    keep_visit(answer, visit)
    return answer


@router.get("/back")
def back(request: Request, state: str = "", code: str = "") -> Response:
    """Sign in whoever comes back from the provider, in the browser that it sent them from."""
    provider = _provider(request)
    try:
        asked = json.loads(challenges.take("provider", state, visit_of(request)))
        if not code:
            raise Refused(_("The identity provider did not let you in."))
        identity = provider.identity_for(code, Asked(state=state, nonce=asked["nonce"], verifier=asked["verifier"]))
        person = _account_of(identity, [*request.app.state.shops.by_name])
    except Problem as problem:
        refused_to("", address_of(request))
        return ask(request, status=401, problem=problem.says)
    SessionBook(shared_ledger().engine).forget_try(asked["tried"])
    return signed_in(person, asked["to"], "provider")


def _provider(request: Request) -> IdentityProvider:
    provider: IdentityProvider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _account_of(identity: Identity, shops: list[str]) -> Person:
    """Return the account that the provider means, with the roles that follow from its groups."""
    engine = shared_ledger().engine
    person_id = IdentityBook(engine).find(identity.issuer, identity.subject) or _made_for(identity)
    granted = settings().oidc_roles
    if granted:
        roles = roles_of(identity.groups, granted, shops)
        if IdentityBook(engine).set_roles(person_id, roles):
            said = "; ".join(f"{shop or 'here'}: {' '.join(sorted(held))}" for shop, held in sorted(roles.items()))
            person = PeopleBook(engine).get(person_id)
            AuditBook(engine).enter("roles_given", person=BY_PROVIDER, now=now(), about=person.name, detail=said)
    return PeopleBook(engine).get(person_id)


def _made_for(identity: Identity) -> str:
    """Make an account for somebody whom nobody knows here yet, where the policy says so; return its id.

    An account that is there already is never theirs by its name: what somebody is called proves nothing.
    """
    command = f"counterfoil people identify NAME {shlex.quote(identity.subject)}"
    if settings().oidc_unknown == "refuse":
        raise Refused(_("You have no account here yet. Whoever runs the desk makes one, and types: %s") % command)
    name, engine = identity.name[:MOST_CHARACTERS].strip(), shared_ledger().engine
    if not is_free(name) or PeopleBook(engine).find(name):
        says = _("There is an account with your name already. If it is yours, whoever runs the desk types: %s")
        raise Refused(says % command)
    person_id = IdentityBook(engine).make_account(name, issuer=identity.issuer, subject=identity.subject, now=now())
    AuditBook(engine).enter("account_made", person=BY_PROVIDER, now=now(), about=name, detail=identity.subject)
    return person_id
