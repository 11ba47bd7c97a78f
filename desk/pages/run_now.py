"""Runs that need no file: what there is to choose, then a preview as of any other run."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from desk.runs_started import deployment_of, run_now
from desk.templating import page
from desk.texts import later
from desk.visitors import Visitor, typed, who_may

router = APIRouter(prefix="/shops/{shop}/now")
Submits = Annotated[Visitor, Depends(who_may("submit"))]
Typed = Annotated[Mapping[str, str], Depends(typed)]


@dataclass(frozen=True, kw_only=True)
class WithoutFile:
    """A flow that needs no file. *typed*: its parameters that are texts; *changes*: its plan may be carried out."""

    title: str
    says: str
    typed: tuple[str, ...] = ()
    changes: bool = True


WITHOUT_FILE: Mapping[str, WithoutFile] = {
    "sync-orders": WithoutFile(
        title=later("Orders of the web shop"),
        says=later("Bring in what was ordered and changed in the web shop since the last run."),
        typed=("since", "at_register"),
    ),
    "push-products": WithoutFile(
        title=later("Products of the web shop"),
        says=later("Bring the web shop's stock, and details of its products, in line with the till."),
        typed=("fields", "outlet_id"),
    ),
    "reconcile-orders": WithoutFile(
        title=later("Compare orders"),
        says=later("See which orders of the web shop the till lacks or has otherwise. Nothing changes."),
        typed=("from_on", "to_on"),
        changes=False,
    ),
    "nudge": WithoutFile(
        title=later("Nudge orders"),
        says=later("Make orders of the web shop sync again that never arrived in the till."),
        typed=("order_ids", "from_on", "to_on", "statuses"),
    ),
    "invite-customers": WithoutFile(
        title=later("Invite customers"),
        says=later("Tell the customers that a run brought in how to set a password. You see the mails first."),
        typed=("run_id", "campaign"),
    ),
    "sweep-loyalty-failures": WithoutFile(
        title=later("Loyalty failures"),
        says=later("Look at new reports in the inbox and at what is open. You see it first; then it is remembered."),
        typed=("act",),
    ),
    "export-customers": WithoutFile(
        title=later("Export of customers"),
        says=later("Write the register of customers as a file. Nothing changes."),
        typed=("headings",),
        changes=False,
    ),
}


@router.get("/{flow}")
def show(request: Request, visitor: Submits, flow: str) -> Response:
    """Show what there is to choose."""
    known = _known(flow)
    choices = request.app.state.prefect.choices(deployment_of(flow, visitor.shop), typed=known.typed)
    press = secrets.token_urlsafe(9)
    return page("run_now.html.j2", visitor=visitor, flow=flow, known=known, choices=choices, press=press)


@router.post("/{flow}")
def start(request: Request, visitor: Submits, flow: str, form: Typed) -> Response:
    """Start the run, in preview where it could change something, and go to its page."""
    known, prefect = _known(flow), request.app.state.prefect
    names = {each.name for each in prefect.choices(deployment_of(flow, visitor.shop), typed=known.typed)}
    chosen = {name: form[name].strip() for name in names & form.keys() if form[name].strip()}
    mode = {"mode": "preview"} if known.changes else {}
    started = run_now(prefect, visitor, flow, {**chosen, **mode}, press=form.get("press", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


def _known(flow: str) -> WithoutFile:
    if flow not in WITHOUT_FILE:
        raise HTTPException(404)
    return WITHOUT_FILE[flow]
