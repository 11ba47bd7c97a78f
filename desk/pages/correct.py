"""Correct: rejected cells are typed over beside what is wrong with them, or the rejects file comes back corrected."""

import secrets
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from desk.corrections import Draft, draft_of, preview_corrected, preview_draft, rows_shown, save
from desk.paging import within
from desk.rejects import is_followed, rejects_artifacts
from desk.shop_orders import came_from_shop
from desk.templating import page
from desk.texts import _
from desk.visitors import Visitor, typed, who_may
from infra.context import ledger
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Run, RunReport

router = APIRouter(prefix="/shops/{shop}/runs/{run_id}/correct")
Submits = Annotated[Visitor, Depends(who_may("submit"))]
Typed = Annotated[Mapping[str, str], Depends(typed)]


@router.get("")
def show(visitor: Submits, run_id: str, at: int = 1, saved: str = "", of: str = "") -> Response:
    """Show the rejects that are still open, a page of them; where several files came back, *of* one."""
    run, report = _reported(run_id)
    if came_from_shop(report):
        return RedirectResponse(f"{visitor.home}/runs/{run.run_id}#in-the-shop", 303)
    draft = draft_of(run, report, of)
    here = within(at, draft.pages)
    return page(
        "correct.html.j2",
        visitor=visitor,
        run=run,
        report=report,
        draft=draft,
        is_followed=is_followed(run),
        several=[each.name for each in rejects_artifacts(report)],
        rows=rows_shown(draft, report, here),
        at=here,
        saved=bool(saved),
        press=secrets.token_urlsafe(9),
    )


def _reported(run_id: str) -> tuple[Run, RunReport]:
    entry = ledger().get_run(run_id)
    if entry.report is None:
        raise Refused(_("This run sent back no file that can be corrected here."))
    return entry.run, entry.report


@router.post("/save")
def save_page(visitor: Submits, run_id: str, form: Typed) -> Response:
    """Save what was typed on a page, and turn to the one that was asked for."""
    run, draft = _saved(run_id, form)
    to = form.get("to", form.get("at", "1"))
    at = int(to) if to.isdecimal() else 1
    asked = urlencode({"of": draft.name, "at": min(at, draft.pages), "saved": 1})
    return RedirectResponse(f"{visitor.home}/runs/{run.run_id}/correct?{asked}", 303)


def _saved(run_id: str, form: Mapping[str, str]) -> tuple[Run, Draft]:
    run, report = _reported(run_id)
    return run, save(run.run_id, draft_of(run, report, form.get("of", "")), form)


@router.post("/preview")
def preview(request: Request, visitor: Submits, run_id: str, form: Typed) -> Response:
    """Save what was typed, and start the preview of the corrected file."""
    run, draft = _saved(run_id, form)
    started = preview_draft(request.app.state.prefect, visitor, run, draft, press=form.get("press", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.post("/file")
def take_back(request: Request, visitor: Submits, run_id: str, file: UploadFile) -> Response:
    """Take the rejects file as somebody corrected it elsewhere, and start its preview."""
    run, _report = _reported(run_id)
    content = file.file.read()
    if not content:
        raise FileNeedsFixing(_("Choose a file that is not empty."))
    name = file.filename or f"rejects-{run.run_id}.csv"
    prefect, press = request.app.state.prefect, secrets.token_urlsafe(9)
    started = preview_corrected(prefect, visitor, run, name, content, press=press)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)
