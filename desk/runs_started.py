"""Starting runs for people: previews of files, the runs that carry out exactly what was previewed, and restores."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any

from desk.prefect_runs import PrefectRuns
from desk.texts import _
from desk.visitors import Visitor
from infra.artifacts.run_files import uploaded_key
from infra.clock import now
from infra.context import ledger, storage
from infra.ledger.requests import RequestBook
from infra.shop_deployments import name_in_shop
from schemas.file_names import WORKLIST_CSV
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.people import Request
from schemas.problems import Refused
from schemas.records import Run
from tasks.core.wording.run_ids import run_id_in

RESOLVE = "resolve-loyalty-failures"
SWEEP = "sweep-loyalty-failures"
INVITE = "invite-customers"
REMEMBERING = (RESOLVE, SWEEP, INVITE)
"""Flows whose apply does, beside any plan, what their preview shows: worklists taken in, a sweep, mails."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run was asked with: its deployment, its parameters, and Prefect's own id of it."""

    deployment: str
    parameters: Mapping[str, Any]
    flow_run_id: str


def start(
    prefect: PrefectRuns,
    visitor: Visitor,
    deployment: str,
    parameters: Mapping[str, Any],
    *,
    key: str,
    follows: str = "",
) -> Request:
    """Start a run, or find the one that the same press of a button started; it is known from now on."""
    flow_run_id = prefect.start(deployment, parameters, f"desk:{visitor.shop}:{key}")
    request = Request(
        run_id=run_id_in(str(flow_run_id)),
        flow_run_id=str(flow_run_id),
        deployment=deployment,
        parameters=dict(parameters),
        person=visitor.person.name,
        follows=follows,
        asked_at=now(),
    )
    requests().enter(request)
    return request


def preview_file(
    prefect: PrefectRuns, visitor: Visitor, flow: str, asked: Mapping[str, Any], *, inbox_key: str, press: str
) -> Request:
    """Start the preview of a file in the inbox, by the flow that takes it and with what it is *asked*."""
    parameters = {**asked, "mode": "preview", "submitted_by": visitor.person.name}
    request = start(prefect, visitor, deployment_of(flow, visitor.shop), parameters, key=f"preview:{press}")
    visitor.did("submitted", request.run_id, inbox_key)
    return request


def run_now(prefect: PrefectRuns, visitor: Visitor, flow: str, chosen: Mapping[str, str], *, press: str) -> Request:
    """Start a run that needs no file, with what was *chosen*."""
    parameters = {**chosen, "submitted_by": visitor.person.name}
    request = start(prefect, visitor, deployment_of(flow, visitor.shop), parameters, key=f"now:{flow}:{press}")
    visitor.did("submitted", request.run_id, flow)
    return request


def preview_undo(prefect: PrefectRuns, visitor: Visitor, run: Run, *, press: str) -> Request:
    """Start the preview of a restore of a run."""
    parameters = {"run_id": run.run_id, "mode": "preview", "submitted_by": visitor.person.name}
    deployment = deployment_of("restore", visitor.shop)
    request = start(prefect, visitor, deployment, parameters, key=f"undo:{press}", follows=run.run_id)
    visitor.did("undid", run.run_id, request.run_id)
    return request


def inbox_key_for(about: str, name: str) -> str:
    """Return where a file that somebody hands in goes: each upload has a place of its own."""
    return uploaded_key(about, f"{now():%Y%m%d-%H%M%S}-{token_hex(4)}", name)


def preview_decisions(prefect: PrefectRuns, visitor: Visitor, worklist: bytes, *, press: str) -> Request:
    """Hand in a worklist with decisions, as one that came by hand, and start the preview of what they come to.

    The file is named by its content: whoever confirms the preview enters exactly what was previewed.
    """
    named = sha256(worklist).hexdigest()[:16]
    key = uploaded_key(LOYALTY_DECISIONS, named, WORKLIST_CSV)
    storage().put(key, worklist)
    parameters = {"inbox_keys": [key], "mode": "preview", "submitted_by": visitor.person.name}
    deployment = deployment_of(RESOLVE, visitor.shop)
    request = start(prefect, visitor, deployment, parameters, key=f"decide:{press}:{named}")
    visitor.did("submitted", request.run_id, key)
    return request


def remember(prefect: PrefectRuns, visitor: Visitor, previewed: Request) -> Request:
    """Start the run that remembers what a preview of one of REMEMBERING showed; who asked for it stays as it was."""
    parameters = {**previewed.parameters, "mode": "apply"}
    key = f"remember:{previewed.run_id}"
    request = start(prefect, visitor, previewed.deployment, parameters, key=key, follows=previewed.run_id)
    visitor.did("confirmed", previewed.run_id, request.run_id)
    return request


def send_the_rest(prefect: PrefectRuns, visitor: Visitor, run: Run) -> Request:
    """Start the run that mails everybody else, now that the one mail that a run sent alone arrived."""
    asked = asked_with(prefect, run)
    parameters = {**asked.parameters, "mode": "apply", "canary_arrived": True, "submitted_by": visitor.person.name}
    request = start(prefect, visitor, asked.deployment, parameters, key=f"arrived:{run.run_id}", follows=run.run_id)
    visitor.did("confirmed", run.run_id, request.run_id)
    return request


NAMES_NO_RUN_AGAIN = ("approved", "approved_by", "approval_reason", "lines")
"""Parameters that belong to one run: what it was let to write, and which lines of the file."""


def asked_again(prefect: PrefectRuns, visitor: Visitor, run: Run, *, key: str, **changed: Any) -> Request:
    """Start the preview of what a run was asked for, with something *changed*: of all lines, unless that says which."""
    asked = asked_with(prefect, run)
    same = {name: value for name, value in asked.parameters.items() if name not in NAMES_NO_RUN_AGAIN}
    parameters = {**same, **changed, "mode": "preview", "submitted_by": visitor.person.name}
    return start(prefect, visitor, asked.deployment, parameters, key=key, follows=run.run_id)


def file_parameter(parameters: Mapping[str, Any]) -> str:
    """Return the parameter that names the file of a run; empty where none does."""
    return next((name for name in ("inbox_key", "inbox_keys", "sales_keys") if parameters.get(name)), "")


def other_file(parameters: Mapping[str, Any], inbox_key: str) -> Mapping[str, Any]:
    """Return that parameter, naming another file in place of the first."""
    named = file_parameter(parameters)
    return {named: inbox_key if isinstance(parameters[named], str) else [inbox_key]} if named else {}


def answer_upload(prefect: PrefectRuns, visitor: Visitor, run: Run, inbox_key: str, *, press: str) -> Request:
    """Start the run that says what a shop did with the upload of a run; *inbox_key*: what it gave back, if anything."""
    parameters = {"run_id": run.run_id, "inbox_key": inbox_key}
    deployment = deployment_of("confirm-upload", visitor.shop)
    request = start(prefect, visitor, deployment, parameters, key=f"answer:{press}", follows=run.run_id)
    visitor.did("submitted", request.run_id, inbox_key or "taken")
    return request


def deployment_of(flow: str, shop: str) -> str:
    """Name the deployment of a flow in a shop as Prefect does."""
    return f"{flow}/{name_in_shop(flow, shop)}"


def requests() -> RequestBook:
    """Return what was asked for in this shop."""
    return RequestBook(ledger().engine)


def asked_with(prefect: PrefectRuns, run: Run) -> Asked:
    """Return what a run was asked with, at the desk or elsewhere.

    Raises:
        Refused: It was run at a terminal, with no deployment that could run it again.
    """
    request = requests().find(run.run_id)
    if request:
        return Asked(deployment=request.deployment, parameters=request.parameters, flow_run_id=request.flow_run_id)
    found = prefect.find(run)
    if found is None:
        raise Refused(_("This run was started at a terminal. Go on with it there, or upload its file here."))
    flow_run_id, deployment, parameters = found
    return Asked(deployment=deployment, parameters=parameters, flow_run_id=str(flow_run_id))
