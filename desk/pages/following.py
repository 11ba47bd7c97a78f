"""Runs that follow from a run: of some of its rows, of the rest, of a better file, and of what a shop said."""

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from desk.chosen_rows import lines_chosen
from desk.pages.run_view import waits_for_answer
from desk.row_files import row_files
from desk.runs_started import INVITE, answer_upload, asked_again, asked_with, inbox_key_for, other_file, send_the_rest
from desk.texts import _
from desk.visitors import Visitor, who_may
from infra.context import ledger, storage
from infra.ledger import RunEntry
from schemas.problems import Refused

router = APIRouter(prefix="/shops/{shop}/runs/{run_id}")
Submits = Annotated[Visitor, Depends(who_may("submit"))]


@router.post("/some")
def preview_some(
    request: Request,
    visitor: Submits,
    run_id: str,
    press: Annotated[str, Form()],
    plan_id: Annotated[str, Form()],
    line: Annotated[tuple[int, ...], Form()] = (),
    lines: Annotated[str, Form()] = "",
    first: Annotated[str, Form()] = "",
) -> Response:
    """Preview the chosen rows of what was looked at, and nothing else of the file."""
    entry = ledger().get_run(run_id)
    if entry.report is None or entry.plan_id != plan_id:
        raise Refused(_("The plan is not the one that you looked at. Look at the page again, then decide."))
    changing = row_files(entry.report).changing_lines()
    how_many = int(first) if first.strip().isdecimal() else 0
    chosen = lines_chosen(changing, ticked=line, named=lines, first=how_many)
    key = f"some:{entry.run.run_id}:{press}"
    started = asked_again(request.app.state.prefect, visitor, entry.run, key=key, lines=chosen)
    visitor.did("submitted", started.run_id, chosen[:200])
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.post("/rest")
def preview_rest(request: Request, visitor: Submits, run_id: str, press: Annotated[str, Form()]) -> Response:
    """Preview the whole file again: what was written of it meanwhile is unchanged."""
    run = ledger().get_run(run_id).run
    key = f"rest:{run.run_id}:{press}"
    started = asked_again(request.app.state.prefect, visitor, run, key=key)
    visitor.did("submitted", started.run_id, started.parameters.get("inbox_key", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.post("/again")
def preview_again(
    request: Request, visitor: Submits, run_id: str, press: Annotated[str, Form()], file: UploadFile | None = None
) -> Response:
    """Preview what a run could not do, with a better file where one is given."""
    entry, prefect = ledger().get_run(run_id), request.app.state.prefect
    asked = asked_with(prefect, entry.run)
    given = file if file and file.filename and file.size else None
    other = other_file(asked.parameters, _in_its_place(entry, given)) if given else {}
    started = asked_again(prefect, visitor, entry.run, key=f"again:{entry.run.run_id}:{press}", **other)
    visitor.did("submitted", started.run_id, started.parameters.get("inbox_key", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


def _in_its_place(entry: RunEntry, file: UploadFile) -> str:
    """Put a better file into the inbox under the name of the one before, so that it is known for the same."""
    before, given = PurePosixPath(entry.run.source), PurePosixPath(file.filename or "")
    return _into_inbox(entry, file, before.name if before.suffix.lower() == given.suffix.lower() else given.name)


@router.post("/arrived")
def send_rest(request: Request, visitor: Submits, run_id: str) -> Response:
    """Have everybody else mailed, now that the one mail that went alone arrived."""
    run = ledger().get_run(run_id).run
    if run.flow != INVITE:
        raise HTTPException(404)
    started = send_the_rest(request.app.state.prefect, visitor, run)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.post("/answer")
def answer(
    request: Request, visitor: Submits, run_id: str, press: Annotated[str, Form()], file: UploadFile | None = None
) -> Response:
    """Say what a shop did with an upload: by the file that it gave back, or that it took all of it."""
    entry = ledger().get_run(run_id)
    if not waits_for_answer(entry):
        raise Refused(_("This run waits for no answer any more."))
    key = _into_inbox(entry, file, file.filename) if file and file.filename and file.size else ""
    started = answer_upload(request.app.state.prefect, visitor, entry.run, key, press=press)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


def _into_inbox(entry: RunEntry, file: UploadFile, name: str) -> str:
    key = inbox_key_for(entry.run.domain, name)
    storage().put_file(key, file.file)
    return key
