"""Confirming a plan with a passkey, where the shop asks for one: what is signed is shown, signed, and checked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from desk import challenges, decisions
from desk.templating import page
from desk.texts import _
from desk.visitors import Visitor, who_may
from infra.context import ledger, shared_ledger
from infra.ledger import RunEntry
from infra.ledger.passkeys import PasskeyBook
from infra.passkeys import ask_to_sign as ask_browser
from infra.passkeys import challenge_of, dump_statement, load_statement, prove
from schemas.passkeys import Proof, Statement
from schemas.problems import Refused

router = APIRouter(prefix="/shops/{shop}/runs/{run_id}")
Looks = Annotated[Visitor, Depends(who_may("look"))]


def ask_to_sign(request: Request, visitor: Visitor, entry: RunEntry, statement: Statement) -> Response:
    """Show what is to be signed, and a button that asks the browser for the passkey.

    Raises:
        Refused: They have no passkey yet, or browsers have none for this address.
    """
    party = challenges.party_of(request)
    theirs = PasskeyBook(shared_ledger().engine).of_person(visitor.person.person_id)
    if not theirs:
        raise Refused(_("This shop asks for a passkey. Add one to your account first: press your name, then Passkeys."))
    token = challenges.make("passkey_approval", dump_statement(statement), visitor.session)
    options = ask_browser(party, theirs, challenge_of(statement))
    return page("sign.html.j2", visitor=visitor, report=entry.report, statement=statement, token=token, options=options)


@router.post("/sign")
def sign(
    request: Request, visitor: Looks, run_id: str, token: Annotated[str, Form()], assertion: Annotated[str, Form()]
) -> Response:
    """Confirm exactly the plan that was signed, and go to the page of the run that carries it out."""
    entry = ledger().get_run(run_id)
    if not visitor.may(decisions.role_to_confirm(entry)):
        raise HTTPException(403, _("Somebody who may approve plans has to confirm this one."))
    signed = _signed(request, visitor, entry, token, assertion)
    said = signed.statement
    started = decisions.confirm(request.app.state.prefect, visitor, entry, said.plan_id, said.reason, signed)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id if started else run_id}", 303)


def _signed(request: Request, visitor: Visitor, entry: RunEntry, token: str, assertion: str) -> Proof:
    """Return the proof that somebody signed what they were shown; that they did not is written down."""
    try:
        statement = load_statement(challenges.take("passkey_approval", token, visitor.session))
        about = (statement.shop, statement.run_id, statement.person_id)
        if about != (visitor.shop, entry.run.run_id, visitor.person.person_id):
            raise Refused(_("This was asked too long ago, or is answered already. Go back, and begin again."))
        passkey = challenges.passkey_of(assertion, visitor.person.person_id)
        proof, count = prove(challenges.party_of(request), passkey, statement, assertion)
        challenges.count_use(passkey, count)
    except Refused:
        visitor.did("passkey_refused", entry.run.run_id)
        raise
    return proof
