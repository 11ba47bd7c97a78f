"""Open: what is left to do, in a shop or in all that somebody may look into; who takes care of it, and until when.

What is done elsewhere is no longer in the list.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from desk import decisions
from desk.shops import Shops
from desk.templating import page
from desk.texts import _
from desk.visitors import Visitor, visitor_of, who_may
from infra.clock import now
from infra.context import Systems, ledger
from infra.desk_address import segment
from infra.ledger.open_notes import Note, NoteBook
from infra.ledger.open_things import LEFT, LOOKS_BACK, OpenItem, OpenThings
from schemas.rejects import DroppedRejects
from tasks.chain.close_rejects import drop_rejects, renew_report
from tasks.core.notifications.letters import LEFT_HEADINGS

router = APIRouter()
Looks = Annotated[Visitor, Depends(who_may("look"))]
SignedIn = Annotated[Visitor, Depends(visitor_of)]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something left to do in a shop, and what people said of it. *home* is where the pages of the shop lie."""

    shop: str
    home: str
    may_decide: bool
    item: OpenItem
    note: Note
    is_late: bool


@router.get("/open")
def show_all(request: Request, visitor: SignedIn) -> Response:
    """List what is left to do in all shops that somebody may look into."""
    shops: Shops = request.app.state.shops
    theirs = shops.among(visitor.person.shops)
    things = [thing for name, systems in theirs.items() for thing in _things(visitor, name, systems)]
    return _page(visitor, things, {name: shops.title(name) for name in theirs}, everywhere=True)


@router.get("/shops/{shop}/open")
def show(request: Request, visitor: Looks) -> Response:
    """List what is left to do in a shop."""
    shops: Shops = request.app.state.shops
    things = list(_things(visitor, visitor.shop, shops.by_name[visitor.shop]))
    return _page(visitor, things, {visitor.shop: shops.title(visitor.shop)}, everywhere=False)


def _things(visitor: Visitor, shop: str, systems: Systems) -> Iterator[Thing]:
    moment, engine = now(), systems.ledger().engine
    notes, today = NoteBook(engine).all(), moment.astimezone(ZoneInfo(systems.settings.time_zone)).date()
    for item in OpenThings(engine).list_all(now=moment, since=moment - LOOKS_BACK):
        note = notes.get((item.entry.run.run_id, item.left), Note())
        if note.dropped_at is None:
            yield Thing(
                shop=shop,
                home=f"/shops/{segment(shop)}",
                may_decide=visitor.person.may_act(shop),
                item=item,
                note=note,
                is_late=note.due_on is not None and note.due_on < today,
            )


def _page(visitor: Visitor, things: list[Thing], shops: dict[str, str], *, everywhere: bool) -> Response:
    by_kind = {left: [thing for thing in things if thing.item.left == left] for left in LEFT}
    return page(
        "open.html.j2",
        visitor=visitor,
        headings=LEFT_HEADINGS,
        by_kind=by_kind,
        total=len(things),
        shops=shops,
        everywhere=everywhere,
        others=len(visitor.person.shops) > 1,
    )


@router.post("/shops/{shop}/open/{run_id}/{left}/note")
def write_note(
    visitor: Looks,
    run_id: str,
    left: str,
    owner: Annotated[str, Form()] = "",
    due_on: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    everywhere: Annotated[str, Form()] = "",
) -> Response:
    """Write down who takes care of something, until when, and a note."""
    _expect_may(visitor, left)
    due: date | None = None
    with suppress(ValueError):
        due = date.fromisoformat(due_on)
    run_id = ledger().get_run(run_id).run.run_id
    NoteBook(ledger().engine).enter(run_id, left, owner=owner.strip()[:100], due_on=due, note=note.strip()[:500])
    return _back(visitor, everywhere)


def _expect_may(visitor: Visitor, left: str) -> None:
    if left not in LEFT:
        raise HTTPException(404)
    if not visitor.person.may_act(visitor.shop):
        raise HTTPException(403, _("Your account may not do this in this shop. Ask whoever gave it to you."))


def _back(visitor: Visitor, everywhere: str) -> Response:
    return RedirectResponse("/open" if everywhere else f"{visitor.home}/open", 303)


@router.post("/shops/{shop}/open/{run_id}/{left}/drop")
def drop(
    request: Request,
    visitor: Looks,
    run_id: str,
    left: str,
    why: Annotated[str, Form()],
    everywhere: Annotated[str, Form()] = "",
) -> Response:
    """Leave something as it is, for a reason: rejects are left out for good, and a plan is turned down."""
    _expect_may(visitor, left)
    entry, reason = ledger().get_run(run_id), why.strip()[:300]
    if not reason:
        raise HTTPException(422, _("Say why, for the record. Nothing was dropped."))
    if left == "rejects":
        _drop_rejects(entry.run.run_id, visitor.person.name, reason)
    elif left == "approval":
        decisions.cancel(request.app.state.prefect, visitor, entry, entry.plan_id, reason)
    else:
        book = NoteBook(ledger().engine)
        book.drop(entry.run.run_id, left, who=visitor.person.name, why=reason, at=now())
    visitor.did("dropped", entry.run.run_id, left)
    return _back(visitor, everywhere)


def _drop_rejects(run_id: str, who: str, why: str) -> None:
    lines = ledger().drops.open_lines(run_id)
    for each in sorted(drop_rejects(run_id, DroppedRejects(who=who, why=why, at=now(), lines=lines))):
        renew_report(each)
