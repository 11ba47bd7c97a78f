"""A run: how it stands, what it would change or changed, and the buttons that decide about it."""

import secrets
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from desk import decisions
from desk.pages.notifications import notifications_of
from desk.pages.run_view import RunView, UnusedApproval, view_of_request, view_of_run
from desk.pages.signatures import ask_to_sign
from desk.prefect_runs import PrefectRuns
from desk.row_files import Page, RowFiles, Wanted, row_files
from desk.runs_started import preview_undo, requests
from desk.safety import POLICY_OF_REPORTS
from desk.shop_orders import shop_orders
from desk.templating import page
from desk.texts import _, language_here, speech_here
from desk.visitors import Visitor, who_may
from infra.artifacts.run_files import load_bytes
from infra.clock import now
from infra.context import ledger, settings
from infra.ledger import RunEntry
from infra.ledger.taking_back import ApprovalsTakenBack
from schemas import file_names
from schemas.domains import DOMAINS
from schemas.file_names import FileName
from schemas.named_plans import NamedPlan
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, RunReport
from tasks.chain.report import page_in
from tasks.core.reporting.text import one_of_several_rejects
from tasks.core.reporting.totals import compare_totals
from tasks.core.wording.sums import sums
from tasks.core.wording.words import facts, tiles

router = APIRouter(prefix="/shops/{shop}/runs/{run_id}")
Looks = Annotated[Visitor, Depends(who_may("look"))]
Undoes = Annotated[Visitor, Depends(who_may("undo"))]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The rows of a run that are on the page, and what was looked for."""

    files: RowFiles
    wanted: Wanted
    changes: Page
    wanted_rejects: Wanted
    rejects: Page


@router.get("")
def show(
    request: Request,
    visitor: Looks,
    run_id: str,
    group: str = "",
    find: str = "",
    at: int = 1,
    find_rejects: str = "",
    rejects_at: int = 1,
) -> Response:
    """Show a run."""
    view = _view(request.app.state.prefect, visitor, run_id)
    if view.report is None:
        press = secrets.token_urlsafe(9)
        return page("run.html.j2", visitor=visitor, view=view, tables=None, problem="", press=press, address=_address)
    visitor.did("looked", view.run_id)  # each page of the rows: who adds ?at=1 looks at them all the same
    wanted = Wanted(group=group, find=find, page=at)
    tables = _tables(view.report, wanted, Wanted(find=find_rejects, page=rejects_at))
    return _page(visitor, view, tables)


def _view(prefect: PrefectRuns, visitor: Visitor, run_id: str) -> RunView:
    entry, request = _entry(run_id), requests().find(run_id)
    standing = prefect.look(request.flow_run_id) if request and (entry is None or entry.outcome == "running") else None
    if standing and standing.is_over:
        entry = _entry(run_id)  # it ended while we looked, if it entered its end: Prefect is told of that afterwards
    named = NamedPlan(plan_id=request.parameters.get("approved") or "") if request else NamedPlan()
    approval = _unused_approval(named.only_id or (entry.plan_id if entry else ""))
    if entry is None:
        if request is None or standing is None:
            raise HTTPException(404)
        may_stop = visitor.person.may_act(visitor.shop)
        return view_of_request(request, standing, approval if may_stop else None)
    view = view_of_run(
        entry,
        visitor.person,
        visitor.shop,
        asked=request,
        following=requests().list_following(entry.run.run_id),
        standing=standing,
        approval=approval,
        taken_back_at=ApprovalsTakenBack(ledger().engine).last_of(entry.plan_id) if entry.plan_id else None,
    )
    progress = prefect.progress(view.run_id) if standing and view.works else None
    return replace(view, notifications=notifications_of(view.run_id), progress=progress)


def _unused_approval(plan_id: str) -> UnusedApproval | None:
    approver = ApprovalsTakenBack(ledger().engine).approved_by(plan_id, now=now()) if plan_id else ""
    return UnusedApproval(plan_id=plan_id, approver=approver) if approver else None


def _entry(run_id: str) -> RunEntry | None:
    try:
        return ledger().get_run(run_id)
    except FileNeedsFixing:
        return None


def _tables(report: RunReport, wanted: Wanted, wanted_rejects: Wanted) -> Tables | None:
    has_changes = {file_names.CHANGES, file_names.OUTCOMES} & report.artifacts.keys()
    if report.domain not in DOMAINS or not has_changes:
        return None
    files = row_files(report)
    return Tables(
        files=files,
        wanted=wanted,
        changes=files.changes_page(wanted),
        wanted_rejects=wanted_rejects,
        rejects=files.rejects_page(wanted_rejects),
    )


def _page(visitor: Visitor, view: RunView, tables: Tables | None, problem: str = "", status: int = 200) -> Response:
    report = view.report
    assert report is not None  # noqa: S101 - a page with tables has one
    return page(
        "run.html.j2",
        visitor=visitor,
        status=status,
        view=view,
        tables=tables,
        problem=problem,
        in_shop=shop_orders(report),
        tiles=tiles(report),
        sums=sums(report),
        totals=compare_totals(report.totals, speech_here()),
        facts=facts(report, settings().time_zone),
        files=[*(n for n in file_names.LINKED if n in report.artifacts), *one_of_several_rejects(report.artifacts)],
        press=secrets.token_urlsafe(9),
        address=_address,
    )


def _address(wanted: Wanted, rejects: Wanted, anchor: str, **other: str | int) -> str:
    """Return the address of the same page, looking for something else."""
    asked = {
        "group": wanted.group,
        "find": wanted.find,
        "at": wanted.page,
        "find_rejects": rejects.find,
        "rejects_at": rejects.page,
    } | other
    return f"?{urlencode({name: value for name, value in asked.items() if value not in ('', 1)})}#{anchor}"


@router.post("/confirm")
def confirm(
    request: Request,
    visitor: Looks,
    run_id: str,
    plan_id: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Have exactly this plan carried out, and go to the page of the run that does."""
    entry = ledger().get_run(run_id)
    if not visitor.may(decisions.role_to_confirm(entry)):
        raise HTTPException(403, _("Somebody who may approve plans has to confirm this one."))
    why = reason.strip() or _("looked at, at the desk")
    if decisions.needs_signature(visitor, entry, plan_id):
        return ask_to_sign(request, visitor, entry, decisions.state(visitor, entry, plan_id, why))
    started = decisions.confirm(request.app.state.prefect, visitor, entry, plan_id, why)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id if started else run_id}", 303)


@router.post("/cancel")
def cancel(
    request: Request,
    visitor: Looks,
    run_id: str,
    plan_id: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Turn exactly this plan down."""
    _expect_may_stop(visitor)
    entry, why = ledger().get_run(run_id), reason.strip() or _("cancelled at the desk")
    decisions.cancel(request.app.state.prefect, visitor, entry, plan_id, why)
    return RedirectResponse(f"{visitor.home}/runs/{run_id}", 303)


def _expect_may_stop(visitor: Visitor) -> None:
    if not visitor.person.may_act(visitor.shop):
        raise HTTPException(403, _("Your account may not do this in this shop. Ask whoever gave it to you."))


@router.post("/take-back")
def take_back(visitor: Looks, plan_id: Annotated[str, Form()], reason: Annotated[str, Form()] = "") -> Response:
    """Take the approval of a plan back, as long as no run goes by it, and go to the page where it is decided about."""
    _expect_may_stop(visitor)
    run_id = ledger().get_run_of_plan(plan_id).run.run_id
    decisions.take_back(visitor, run_id, plan_id, reason.strip()[:300] or _("taken back at the desk"))
    return RedirectResponse(f"{visitor.home}/runs/{run_id}", 303)


@router.post("/undo")
def undo(request: Request, visitor: Undoes, run_id: str, press: Annotated[str, Form()]) -> Response:
    """Preview a restore of this run, and go to its page."""
    run = ledger().get_run(run_id).run
    started = preview_undo(request.app.state.prefect, visitor, run, press=press)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.get("/files/{name}")
def file(visitor: Looks, run_id: str, name: str) -> Response:
    """Give a file of the run: a report is opened, all else is saved."""
    run_id = ledger().get_run(run_id).run.run_id  # the beginning of an id would be entered as it was asked for
    artifacts = ledger().list_latest_artifacts(run_id)
    artifact = artifacts.get(FileName(name))
    if artifact is None or artifact.name not in (*file_names.LINKED, *one_of_several_rejects(artifacts)):
        raise HTTPException(404)
    visitor.did("downloaded", run_id, artifact.name)
    if artifact.name == file_names.REPORT_HTML:
        content = _report_page(run_id, artifact)
        return Response(content, media_type="text/html", headers={"content-security-policy": POLICY_OF_REPORTS})
    content = load_bytes(artifact)
    disposition = f"attachment; filename*=UTF-8''{quote(f'{run_id}-{artifact.name}', safe='')}"
    return Response(content, media_type="application/octet-stream", headers={"content-disposition": disposition})


def _report_page(run_id: str, artifact: Artifact) -> bytes:
    """Return the report in the language of whoever reads: as it is kept, where that is the language of the shop.

    It is also as it was kept where a run changed no records, such as one that mails: its rows are not known here.
    """
    report = ledger().get_run(run_id).report
    if report is None or report.domain not in DOMAINS or language_here() == settings().language:
        return load_bytes(artifact)
    return page_in(report, language_here())
