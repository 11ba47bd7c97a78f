"""Start: a file is uploaded or a blank one fetched, what it is about is recognised, and its preview begins."""

import re
import secrets
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from desk.pages.run_now import WITHOUT_FILE
from desk.recognition import FILE_KINDS, FileKind, Recognised, form_in, recognised_in
from desk.runs_started import deployment_of, inbox_key_for, preview_file
from desk.templating import page
from desk.texts import _, gettext, later
from desk.visitors import Visitor, typed, who_may
from infra.artifacts.run_files import BY_HAND
from infra.context import storage
from schemas.problems import FileNeedsFixing
from tasks.core.writing.templates import template_csv, template_xlsx

router = APIRouter(prefix="/shops/{shop}")
SEPARATED: Mapping[str, str] = {
    ",": later("commas between the cells"),
    ";": later("semicolons between the cells"),
    "\t": later("tabs between the cells"),
    "|": later("bars between the cells"),
}
"""How the cells of a file are parted, said before anything is read."""

Looks = Annotated[Visitor, Depends(who_may("look"))]
Submits = Annotated[Visitor, Depends(who_may("submit"))]


@router.get("/")
def show(visitor: Looks) -> Response:
    """Show where a file goes in."""
    return _start(visitor)


@router.post("/upload")
def upload(visitor: Submits, file: UploadFile, domain: Annotated[str, Form()] = "") -> Response:
    """Take a file into the inbox, and go on to how it is to be read."""
    name = file.filename or ""
    problem, about = _about(file, name, domain)
    if not about:
        return _start(visitor, problem, 422)
    form = form_in(file.file, name, FILE_KINDS[about])
    written = {"dialect": form.dialect.name, "separator": form.separator, "encoding": form.encoding} if form else {}
    key = inbox_key_for(about, name)
    storage().put_file(key, file.file)
    asked = urlencode({"file": key.removeprefix(BY_HAND), **written})
    return RedirectResponse(f"{visitor.home}/start/{about}?{asked}", 303)


def _start(visitor: Visitor, problem: str = "", status: int = 200) -> Response:
    kinds = FILE_KINDS.values()
    return page(
        "start.html.j2", visitor=visitor, kinds=kinds, without_file=WITHOUT_FILE, problem=problem, status=status
    )


def _about(file: UploadFile, name: str, domain: str) -> tuple[str, str]:
    """Say what a file is about, or why nobody knows."""
    if not name or file.size == 0:
        return _("Choose a file that is not empty."), ""
    if domain:
        return "", domain if domain in FILE_KINDS else ""
    return choose(recognised_in(file.file, name))


def choose(found: tuple[Recognised, ...]) -> tuple[str, str]:
    """Take what a file is about where just one kind has its headings; else say that a person must choose."""
    if len(found) == 1:
        return "", found[0].kind.name
    if not found:
        return _("No kind of file has these headings. Choose what the file is about to see what it lacks."), ""
    names = ", ".join(gettext(each.kind.title) for each in found)
    return _("The headings fit several kinds of file: %s. Choose what the file is about.") % names, ""


@router.get("/start/{domain}")
def show_choices(
    request: Request,
    visitor: Submits,
    domain: str,
    file: str,
    dialect: str = "",
    separator: str = "",
    encoding: str = "",
) -> Response:
    """Show what was recognised, and what there is to choose before the preview."""
    known, key = _kind(domain), BY_HAND + file
    if storage().head(key) is None:
        raise HTTPException(404)
    choices = request.app.state.prefect.choices(deployment_of(known.flow, visitor.shop))
    name, press = file.rpartition("/")[2], secrets.token_urlsafe(9)
    return page(
        "choices.html.j2",
        visitor=visitor,
        kind=known,
        file=file,
        name=name,
        choices=choices,
        press=press,
        dialect=dialect if dialect in {each.name for each in known.dialects} else "",
        separated=SEPARATED.get(separator, ""),
        encoding=encoding,
    )


@router.post("/start/{domain}")
def preview(
    request: Request, visitor: Submits, domain: str, form: Annotated[Mapping[str, str], Depends(typed)]
) -> Response:
    """Start the preview and go to its page."""
    known = _kind(domain)
    key = BY_HAND + form.get("file", "")
    if storage().head(key) is None:
        raise FileNeedsFixing(_("The file is no longer there. Upload it again."))
    prefect = request.app.state.prefect
    names = {choice.name for choice in prefect.choices(deployment_of(known.flow, visitor.shop))}
    asked = {**{name: form[name] for name in names & form.keys()}, **known.asks_for(key)}
    started = preview_file(prefect, visitor, known.flow, asked, inbox_key=key, press=form.get("press", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.get("/template/{domain}.{kind}")
def template(visitor: Looks, domain: str, kind: str, dialect: str = "") -> Response:  # noqa: ARG001 - who asks must be in
    """Give a blank file."""
    forms = {each.name: each for each in _kind(domain).dialects}
    form = forms.get(dialect, next(iter(forms.values())))
    writers = {"csv": template_csv, "xlsx": template_xlsx}
    if kind not in writers:
        raise HTTPException(404)
    name = re.sub(r"[^\w.-]", "_", f"{domain}-template.{kind}")
    return Response(
        writers[kind](form),
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _kind(name: str) -> FileKind:
    if name not in FILE_KINDS:
        raise HTTPException(404)
    return FILE_KINDS[name]
