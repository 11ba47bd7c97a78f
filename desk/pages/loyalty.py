"""The loyalty worklist: failures by what cures them, what to do, and what people decide about them.

A decision is handed in as the worklist that a person would fill in, and taken in by the flow that takes those in.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from desk.paging import pages_of, within
from desk.runs_started import REMEMBERING, preview_decisions, remember, requests
from desk.templating import page
from desk.texts import _, later
from desk.visitors import Visitor, typed, who_may
from desk.worklists import Worklist, filled_in, last_worklist
from infra.context import ledger, settings
from schemas.loyalty.records import Decision
from schemas.problems import Refused
from tasks.chain.run_day import shop_day
from tasks.core.loyalty.worklist import PAGE, WORDS
from tasks.core.wording.money import amount

router = APIRouter(prefix="/shops/{shop}/loyalty")
Looks = Annotated[Visitor, Depends(who_may("look"))]
Submits = Annotated[Visitor, Depends(who_may("submit"))]
Typed = Annotated[Mapping[str, str], Depends(typed)]
PAGE_ROWS = 25

MEANING: Mapping[Decision, str] = {
    "hide": later("hide: nothing is left to do, and it was hidden in Astro"),
    "done": later("done: the steps were carried out"),
    "added_by_hand": later("added by hand: the purchase was added in Astro"),
    "enrolled": later("enrolled: the shop joined the programme"),
    "exception_added": later("exception added: the new item counts from now on"),
    "wrong": later("wrong: the diagnosis is not right; it stays open"),
}
"""What each decision says, in the order in which they are offered."""


@router.get("")
def show(visitor: Looks) -> Response:
    """List what is behind the failures that are open, what presses most first."""
    worklist = last_worklist(shop_day())
    if worklist is None:
        return page("loyalty.html.j2", visitor=visitor, worklist=None)
    return page(
        "loyalty.html.j2",
        visitor=visitor,
        worklist=worklist,
        causes=list(worklist.causes.iter_rows(named=True)),
        at_risk=_sum(worklist.rows),
        money=_money,
    )


@router.post("/remember/{run_id}")
def enter(request: Request, visitor: Submits, run_id: str) -> Response:
    """Have remembered what a run previewed, and go to the page of the run that does."""
    previewed = requests().find(run_id)
    if previewed is None or previewed.deployment.partition("/")[0] not in REMEMBERING:
        raise HTTPException(404)
    if ledger().get_run(run_id).outcome != "previewed":
        raise Refused(_("This run has previewed nothing that could be remembered. Look at it again."))
    started = remember(request.app.state.prefect, visitor, previewed)
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


@router.get("/{cause_id}")
def show_cause(visitor: Looks, cause_id: str, at: int = 1) -> Response:
    """Show the failures of one cause, with the steps, to decide about them."""
    worklist = _worklist()
    visitor.did("looked", worklist.run_id, "worklist")
    return _cause(visitor, worklist, cause_id, at)


@router.post("/{cause_id}")
def decide(request: Request, visitor: Submits, cause_id: str, form: Typed) -> Response:
    """Hand in what was decided, and go to the preview of what it comes to."""
    worklist = _worklist()
    if form.get("sweep") != worklist.run_id:
        raise Refused(_("There is a newer worklist than the one you looked at. Nothing was decided; look at it again."))
    rows = worklist.of_cause(cause_id)
    decided = decisions_in(form, rows)
    if decided.is_empty():
        problem = _("Nothing was decided. Choose a decision for a row, or for all of them.")
        return _cause(visitor, worklist, cause_id, 1, problem)
    prefect = request.app.state.prefect
    started = preview_decisions(prefect, visitor, filled_in(rows, decided), press=form.get("press", ""))
    return RedirectResponse(f"{visitor.home}/runs/{started.run_id}", 303)


def decisions_in(form: Mapping[str, str], rows: pl.DataFrame) -> pl.DataFrame:
    """Read from a form what was decided about each of *rows*: what is said of a row goes before what is said of all.

    Returns ``failure_key, decision, note`` of those about which something was decided.
    """
    for_all, note_of_all = form.get("decision", ""), form.get("note", "")
    keys = rows["failure_key"].to_list()
    decided = [
        (key, own or for_all, form.get(f"note-{key}", "").strip() or note_of_all.strip())
        for key in keys
        if (own := form.get(f"decision-{key}", "")) or for_all
    ]
    return pl.DataFrame(decided, schema=dict.fromkeys(("failure_key", "decision", "note"), pl.String), orient="row")


def _worklist() -> Worklist:
    worklist = last_worklist(shop_day())
    if worklist is None:
        raise HTTPException(404)
    return worklist


def _cause(visitor: Visitor, worklist: Worklist, cause_id: str, at: int, problem: str = "") -> Response:
    rows = worklist.of_cause(cause_id)
    pages = pages_of(rows.height, PAGE_ROWS)
    here = within(at, pages)
    return page(
        "cause.html.j2",
        visitor=visitor,
        status=422 if problem else 200,
        problem=problem,
        worklist=worklist,
        cause=next(worklist.causes.filter(cause_id=cause_id).iter_rows(named=True), None),
        rows=[_linked(row) for row in rows.slice((here - 1) * PAGE_ROWS, PAGE_ROWS).iter_rows(named=True)],
        total=rows.height,
        at=here,
        pages=pages,
        choices={WORDS[name]: says for name, says in MEANING.items()},
        words=WORDS,
        money=_money,
        press=secrets.token_urlsafe(9),
    )


def _linked(row: dict[str, object]) -> dict[str, object]:
    """Leave out a link that leads to no page of its own."""
    return row | {"customer_link": row["customer_link"] if re.fullmatch(PAGE, str(row["customer_link"] or "")) else ""}


def _sum(rows: pl.DataFrame) -> int | None:
    """Add up what is at risk; what nobody knows is not nothing."""
    known = rows["at_risk_cents"].drop_nulls()
    return int(known.sum()) if known.len() or rows.is_empty() else None


def _money(cents: int | None) -> str:
    return _("worth unknown") if cents is None else _("%s at risk") % amount(cents, settings().currency)
