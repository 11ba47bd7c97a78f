"""Schedules: what runs when by itself, when it ran last, and turning it on and off."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from desk.prefect_schedules import list_schedules, switch
from desk.templating import page
from desk.texts import _, later
from desk.visitors import Visitor, who_may
from infra.context import ledger, settings
from infra.shop_deployments import name_in_shop
from schemas.problems import FileNeedsFixing
from tasks.core.wording.run_ids import run_id_in

router = APIRouter(prefix="/shops/{shop}/schedules")
Looks = Annotated[Visitor, Depends(who_may("look"))]
Approves = Annotated[Visitor, Depends(who_may("approve"))]

WAITS_FOR: Mapping[str, str] = {
    "sync-orders": later(
        "It is off until somebody says from which day on the web shop is followed. Run Orders of the web shop once, "
        "from Start, with that day; once that run was applied, turn this on."
    ),
    "reconcile-orders": later(
        "It is off until a web shop is followed: without one it could only fail. Turn it on together with Sync orders."
    ),
}
"""What has to be there before a schedule makes sense that is off in the beginning."""

_DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* \*")
_EVERY = re.compile(r"\*/(\d{1,2}) \* \* \* \*")


@router.get("")
def show(request: Request, visitor: Looks) -> Response:
    """List the schedules of the shop."""
    found = list_schedules(request.app.state.prefect, visitor.shop)
    waits = {name_in_shop(name, visitor.shop): says for name, says in WAITS_FOR.items()}
    return page(
        "schedules.html.j2",
        visitor=visitor,
        schedules=found,
        pages={each.schedule_id: _page_of(each.last.flow_run_id) for each in found if each.last},
        waits=waits,
        in_words=in_words,
        zone=settings().time_zone,
        ending=name_in_shop("", visitor.shop),
    )


@router.post("/{schedule_id}")
def turn(request: Request, visitor: Approves, schedule_id: str, on: Annotated[bool, Form()]) -> Response:
    """Turn a schedule on or off."""
    deployment = switch(request.app.state.prefect, visitor.shop, schedule_id, on=on)
    visitor.did("switched_on" if on else "switched_off", deployment, schedule_id)
    return RedirectResponse(f"{visitor.home}/schedules", 303)


def in_words(cron: str) -> str:
    """Say when a schedule runs; what is not one of the usual forms stands as Prefect has it."""
    if daily := _DAILY.fullmatch(cron):
        return _("every day at %s") % f"{int(daily[2]):02}:{int(daily[1]):02}"
    if every := _EVERY.fullmatch(cron):
        return _("every %s minutes") % every[1]
    return cron or _("as it is set in Prefect")


def _page_of(flow_run_id: str) -> str:
    """Return the id of a run that has a page here; empty where the ledger knows nothing of it."""
    try:
        return ledger().get_run(run_id_in(flow_run_id)).run.run_id
    except FileNeedsFixing:
        return ""
