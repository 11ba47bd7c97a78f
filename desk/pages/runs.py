"""Runs: of a shop, or of all that somebody may look into; newest first, by domain, state and day."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from desk.paging import pages_of, within
from desk.shops import Shops
from desk.templating import page
from desk.visitors import Visitor, visitor_of, who_may
from infra.context import Systems
from infra.ledger import RunEntry
from infra.ledger.run_lists import RunLists, Sought

router = APIRouter()
Looks = Annotated[Visitor, Depends(who_may("look"))]
SignedIn = Annotated[Visitor, Depends(visitor_of)]
PAGE_RUNS = 50
MOST_PAGES = 200
"""Of several shops, the newest of all are found by reading each up to the page."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks for, as the form has it."""

    domain: str = ""
    outcome: str = ""
    day: str = ""
    at: int = 1


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A run of the list, and the shop that it is of."""

    shop: str
    entry: RunEntry


@router.get("/runs")
def show_all(request: Request, visitor: SignedIn, asked: Annotated[Asked, Depends()]) -> Response:
    """List the runs that fit, of all shops that somebody may look into."""
    shops: Shops = request.app.state.shops
    return _page(visitor, shops, tuple(shops.among(visitor.person.shops)), asked)


@router.get("/shops/{shop}/runs")
def show(request: Request, visitor: Looks, asked: Annotated[Asked, Depends()]) -> Response:
    """List the runs that fit."""
    return _page(visitor, request.app.state.shops, (visitor.shop,), asked)


def _page(visitor: Visitor, shops: Shops, names: tuple[str, ...], asked: Asked) -> Response:
    at = within(asked.at, MOST_PAGES)
    found = [(name, *_find(shops.by_name[name], asked, at * PAGE_RUNS)) for name in names]
    newest = sorted(
        (Listed(shop=name, entry=entry) for name, entries, _ in found for entry in entries),
        key=lambda each: each.entry.run.started_at,
        reverse=True,
    )
    total = sum(count for _, _, count in found)
    kept = {name: value for name, value in asdict(asked).items() if value and name != "at"}
    return page(
        "runs.html.j2",
        visitor=visitor,
        listed=newest[(at - 1) * PAGE_RUNS : at * PAGE_RUNS],
        total=total,
        asked=asked,
        domains=sorted({each for name in names for each in RunLists(shops.by_name[name].ledger().engine).domains()}),
        at=at,
        pages=min(MOST_PAGES, pages_of(total, PAGE_RUNS)),
        shop=names[0] if len(names) == 1 else "*",
        shops={name: shops.title(name) for name in shops.among(visitor.person.shops)},
        address=lambda page_number: f"?{urlencode(kept | {'at': page_number})}",
        elsewhere=f"?{urlencode(kept)}" if kept else "",
    )


def _find(systems: Systems, asked: Asked, most: int) -> tuple[tuple[RunEntry, ...], int]:
    """Return the newest runs of a shop that fit, so many that no page lacks one, and how many fit in all."""
    since = beginning(asked.day, systems.settings.time_zone)
    until = since + timedelta(days=1) if since else None
    sought = Sought(domain=asked.domain, outcome=asked.outcome, since=since, until=until)
    return RunLists(systems.ledger().engine).find(sought, limit=most)


def beginning(day: str, zone: str) -> datetime | None:
    """Return when a day begins in the shop's zone; None where none is named."""
    try:
        begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone)).astimezone(UTC)
        return begins if begins.year < datetime.max.year else None
    except (ValueError, OverflowError):
        return None
