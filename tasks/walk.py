"""Walk over the orders of the web shop and store each page as it comes; a later attempt goes on where this one ends.

The list is walked by id, oldest first, up to a moment that the first attempt fixes. An order that is changed
meanwhile stays in its place; one that is deleted moves all that follow. So whenever the shop's total was not the
same all along, or nobody knows, the ids are listed once more and what was not seen is asked for by id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

import polars as pl

from infra.artifacts import load_bytes
from infra.clock import now
from infra.connectors.woocommerce import PER_PAGE, Page
from infra.pages import begin_sweep, begun_sweep, save_page, stored_pages
from infra.settings import settings
from infra.side_by_side import side_by_side
from infra.web_shop import web_shop
from schemas.fetched import OrdersAsked, Sweep
from schemas.problems import Unavailable
from tasks.core.orders.objects import parsed
from tasks.core.orders.seen import SEEN, seen_on
from tasks.core.orders.sweeping import in_parts, list_query, named_queries, pages_due
from tasks.progress import show_progress

_ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What a walk saw (SEEN), the ids that the shop does not have, and what a report says of it."""

    seen: pl.DataFrame
    asked_at: str
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Got:
    number: int
    seen: pl.DataFrame
    total: int | None = None


def walk_list(run_id: str, asked: OrdersAsked) -> Walked:
    """Fetch every page of the list that an earlier attempt did not store.

    Raises:
        Unavailable: The shop does not answer, or its orders do not stand still.
    """
    sweep = begun_sweep(run_id)
    went_on = sweep is not None
    sweep = sweep or _begin(run_id, asked)
    got = _stored(run_id, "orders")
    got += _fetch_due(run_id, sweep, [each.number for each in got])
    got += _fetch_rest(run_id, sweep, max(got, key=lambda each: each.number, default=None))
    seen = _together(*got, *_stored(run_id, "late"))
    steady = not went_on and {each.total for each in got if each.total is not None} <= {sweep.total}
    if steady and seen["order_id"].n_unique() == sweep.total:
        return Walked(seen=seen, asked_at=sweep.asked_at)
    return _complete(run_id, sweep, seen)


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
    return Walked(seen=pl.concat([seen, found]), asked_at="", missing=missing)


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
    told = f"{found['order_id'].n_unique():,} of them did not change, and are looked at again as they are held"
    return replace(walked, seen=pl.concat([walked.seen, found]), told=(*walked.told, told))


def _begin(run_id: str, asked: OrdersAsked) -> Sweep:
    query = list_query(asked, now(), ZoneInfo(settings().time_zone))
    page = web_shop().orders(query, 1)
    sweep = Sweep(query=query, total=page.total, asked_at=page.asked_at or now().strftime("%Y-%m-%dT%H:%M:%SZ"))
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
    for each in side_by_side(fetch, due, settings().woo_connections):
        got.append(each)
        moved(len(got))
    return got


def _fetch_rest(run_id: str, sweep: Sweep, last: _Got | None) -> list[_Got]:
    """Fetch on for as long as pages are full: the list grew, or its total was not told."""
    got: list[_Got] = []
    while last and last.seen.height >= PER_PAGE:
        last = _fetch(run_id, "orders", last.number + 1, sweep.query)
        got.append(last)
    return got


def _complete(run_id: str, sweep: Sweep, seen: pl.DataFrame) -> Walked:
    """Ask by id for whatever the shop lists and the walk did not see, until there is nothing of the kind."""
    numbers = count(1 + max((each.number for each in _stored(run_id, "late")), default=0))
    late = 0
    for _ in range(_ROUNDS):
        unseen = _listed_ids(sweep) - {*seen["order_id"]}
        if not unseen:
            told = (f"{late:,} of them were missed by the list, which moved, and fetched by id",) if late else ()
            return Walked(seen=seen, asked_at=sweep.asked_at, told=told)
        queries = [{"status": "any", "include": ",".join(part)} for part in in_parts(unseen, PER_PAGE)]
        found = _together(*(_fetch(run_id, "late", next(numbers), query) for query in queries))
        late += found["order_id"].n_unique()
        seen = pl.concat([seen, found])
    raise Unavailable(
        "The web shop lists orders that it does not give. What came is kept; it is tried again by itself."
    )


def _listed_ids(sweep: Sweep) -> set[str]:
    """Return the ids of the list as it is now: pages without anything else are quick."""
    ids: set[str] = set()
    for number in count(1):
        page = web_shop().orders({**sweep.query, "_fields": "id"}, number)
        ids |= {str(item["id"]) for item in page.items}
        if not page.items:
            break
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
