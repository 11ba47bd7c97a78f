"""Walk over the orders of the web shop and store each page as it comes; a later attempt goes on where this one ends.

The list is walked by id, oldest first, up to a moment of the shop's own clock that the first attempt fixes. An order
that is changed meanwhile stays in its place; one that leaves the list moves all that follow, and one that enters may
balance that in the total. So at the end the ids are always listed once more, and what was not seen is asked for by id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

import polars as pl

from infra.artifacts.pages import begin_sweep, begun_sweep, save_page, stored_pages
from infra.artifacts.run_files import load_bytes
from infra.clock import now
from infra.connectors.web_lists import PER_PAGE, Page, expect_another
from infra.context import settings, web_shop
from infra.parallel import in_parallel
from schemas.orders.pages import OrdersAsked, Sweep
from schemas.problems import Unavailable
from tasks.chain.progress import show_progress
from tasks.core.orders.crawl import in_parts, list_query, named_queries, pages_due
from tasks.core.orders.first_seen import SEEN, seen_on
from tasks.core.orders.id_lists import Place, read_on
from tasks.core.orders.instants import WRITTEN
from tasks.core.orders.objects import parsed

_WITHHELD = (
    "The web shop lists {:,} orders that it does not give. What came is kept: run the same again in a while (in "
    "Prefect: press Retry), and only the rest is asked for."
)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What a walk saw (SEEN), up to when, the ids that the shop does not have, and what a report says of it."""

    seen: pl.DataFrame
    up_to: str
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Got:
    number: int
    seen: pl.DataFrame
    total: int | None = None


def walk_list(run_id: str, asked: OrdersAsked) -> Walked:
    """Fetch every page of the list that an earlier attempt did not store.

    Raises:
        Unavailable: The shop does not answer, or lists orders that it does not give.
        Refused: It gives the same part of a list whichever is asked for.
    """
    sweep = begun_sweep(run_id) or _begin(run_id, asked)
    got = _stored(run_id, "orders")
    got += _fetch_due(run_id, sweep, [each.number for each in got])
    got += _fetch_rest(run_id, sweep, max(got, key=lambda each: each.number, default=None))
    return _complete(run_id, sweep, _together(*got, *_stored(run_id, "late")))


def walk_named(run_id: str, asked: OrdersAsked) -> Walked:
    """Fetch the orders that are named by id, whatever their status."""
    stored = _stored(run_id, "orders")
    numbers = {each.number for each in stored}
    due = [(n, query) for n, query in enumerate(named_queries(asked), start=1) if n not in numbers]
    got = [_fetch(run_id, "orders", number, query) for number, query in due]
    seen = _together(*stored, *got, *_stored(run_id, "late"))
    hidden = sorted({*asked.order_ids} - {*seen["order_id"]}, key=int)
    found = _fetch_hidden(run_id, hidden)
    missing = tuple(order_id for order_id in hidden if order_id not in {*found["order_id"]})
    return Walked(seen=pl.concat([seen, found]), up_to="", missing=missing)


def walk_again(run_id: str, asked: OrdersAsked, walked: Walked) -> Walked:
    """Fetch by id those orders that are asked for again, and that did not come by themselves."""
    stored = _stored(run_id, "again")
    seen = _together(*stored)
    due = in_parts({*asked.again} - {*walked.seen["order_id"], *seen["order_id"]}, PER_PAGE)
    first = 1 + max((each.number for each in stored), default=0)
    queries = enumerate(({"status": "any", "include": ",".join(part)} for part in due), start=first)
    found = _together(*stored, *(_fetch(run_id, "again", number, query) for number, query in queries))
    if found.is_empty():
        return walked
    note = f"{found['order_id'].n_unique():,} of them did not change, and are looked at again as they are held"
    return replace(walked, seen=pl.concat([walked.seen, found]), notes=(*walked.notes, note))


def _begin(run_id: str, asked: OrdersAsked) -> Sweep:
    """Fix the moment of the walk before its first page: by the shop's clock, for orders are dated by that."""
    at = web_shop().time() or now().strftime(WRITTEN)
    query = list_query(asked, datetime.strptime(at, WRITTEN).replace(tzinfo=UTC), ZoneInfo(settings().time_zone))
    page = web_shop().orders(query, 1)
    sweep = Sweep(query=query, total=page.total, asked_at=at)
    begin_sweep(run_id, sweep)
    _keep(run_id, "orders", 1, page)
    return sweep


def _fetch_due(run_id: str, sweep: Sweep, stored: Iterable[int]) -> list[_Got]:
    """Fetch the pages that the list has by the total of its first page, some at a time."""
    due = pages_due(sweep.total, {*stored})
    if not due:
        return []
    moved = show_progress(run_id, len(due), "Pages fetched")
    got = []
    fetch = partial(_fetch, run_id, "orders", query=sweep.query)
    for each in in_parallel(fetch, due, settings().woo_connections):
        got.append(each)
        moved(len(got))
    return got


def _fetch_rest(run_id: str, sweep: Sweep, last: _Got | None) -> list[_Got]:
    """Fetch on for as long as pages are full: the list grew, or its total was not told.

    Raises:
        Refused: The shop gives the same page whichever is asked for.
    """
    got: list[_Got] = []
    while last and last.seen.height >= PER_PAGE:
        page = _fetch(run_id, "orders", last.number + 1, sweep.query)
        expect_another(tuple(last.seen["order_id"]), tuple(page.seen["order_id"]))
        got.append(page)
        last = page
    return got


def _complete(run_id: str, sweep: Sweep, seen: pl.DataFrame) -> Walked:
    """Ask by id for whatever the shop lists and the walk did not see, for as long as any of it comes."""
    numbers = count(1 + max((each.number for each in _stored(run_id, "late")), default=0))
    late, in_vain = 0, set[str]()
    while unseen := _listed_ids(sweep) - {*seen["order_id"]}:
        queries = [{"status": "any", "include": ",".join(part)} for part in in_parts(unseen, PER_PAGE)]
        found = _together(*(_fetch(run_id, "late", next(numbers), query) for query in queries))
        if found.is_empty() and unseen <= in_vain:
            raise Unavailable(_WITHHELD.format(len(unseen)))
        seen, late = pl.concat([seen, found]), late + found["order_id"].n_unique()
        in_vain = unseen if found.is_empty() else set()
        if unseen <= {*found["order_id"]}:
            break
    notes = (f"{late:,} of them were missed by the list, which moved, and fetched by id",) if late else ()
    return Walked(seen=seen, up_to=f"{sweep.query['before']}Z", notes=notes)


def _listed_ids(sweep: Sweep) -> set[str]:
    """Return the ids of the list as it is now.

    Raises:
        Refused: The shop gives the same part of the list whichever is asked for.
    """
    ids: set[str] = set()
    place: Place | None = Place()
    part: tuple[str, ...] = ()
    while place:
        page = web_shop().order_ids(sweep.query, place.offset)
        if len(part) == PER_PAGE:  # parts overlap, and of a short one all may be shown again
            expect_another(part, page.ids)
        part = page.ids
        ids |= {*part}
        place = read_on(place, [int(order_id) for order_id in part], page.total)
    return ids


def _fetch_hidden(run_id: str, ids: list[str]) -> pl.DataFrame:
    """Fetch orders that are in no list, such as those in the trash, one by one."""
    got = []
    for order_id in ids:
        answer = web_shop().order(order_id)
        if answer:
            content = b"[" + answer.content + b"]"
            save_page(run_id, "late", int(order_id), content)
            got.append(_Got(number=int(order_id), seen=seen_on(parsed(content))))
    return _together(*got)


def _fetch(run_id: str, kind: str, number: int, query: Mapping[str, str]) -> _Got:
    """Fetch and store one page; a query by ids has only one."""
    return _keep(run_id, kind, number, web_shop().orders(query, number if kind == "orders" else 1))


def _keep(run_id: str, kind: str, number: int, page: Page) -> _Got:
    if not page.items:
        return _Got(number=number, seen=pl.DataFrame(schema=SEEN), total=page.total)
    save_page(run_id, kind, number, page.content)
    return _Got(number=number, seen=seen_on(page.items), total=page.total)


def _stored(run_id: str, kind: str) -> list[_Got]:
    return [
        _Got(number=number, seen=seen_on(parsed(load_bytes(page))))
        for number, same in stored_pages(run_id, kind).items()
        for page in same
    ]


def _together(*got: _Got) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=SEEN), *(each.seen for each in got)])
