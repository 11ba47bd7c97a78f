"""Fetch orders and their refunds from the web shop, as its own pages; and give such pages to whoever reads them."""

from collections.abc import Iterator
from typing import Literal

import polars as pl

from infra.artifacts.pages import save_page, stored_pages
from infra.artifacts.run_files import load_bytes, load_frame, save_frame
from infra.context import settings, web_shop
from infra.parallel import in_parallel
from schemas import file_names
from schemas.orders.pages import PAGES, Fetched, OrdersAsked
from schemas.records import Artifact, Run
from tasks.chain.step import step
from tasks.core.orders.crawl import in_parts
from tasks.core.orders.first_seen import with_refunds_due
from tasks.core.orders.objects import parsed
from tasks.core.wording.words import counted
from tasks.orders.crawl import walk_again, walk_list, walk_named

Kind = Literal["orders", "refunds"]
_STORED_AS: dict[Kind, tuple[str, ...]] = {"orders": ("orders", "late", "again"), "refunds": ("refunds",)}
_REFUNDED_A_PAGE = 50
_LOADED_AT_A_TIME = 8
"""The store answers in milliseconds, and each page is small: what is waited for is the way there."""


@step
def fetch_orders(run: Run, asked: OrdersAsked) -> Fetched:
    """Store the orders that are asked for, and the refunds of those that have any.

    Raises:
        FileNeedsFixing: What is asked for is not written as it must be, or no shop is set.
        Refused: Authentication failed.
        Unavailable: It does not answer; what is stored already is not asked for again.
    """
    walked = walk_named(run.run_id, asked) if asked.order_ids else walk_list(run.run_id, asked)
    walked = walk_again(run.run_id, asked, walked)
    _fetch_refunds(run.run_id, walked.seen)
    orders = walked.seen["order_id"].n_unique()
    refunded = walked.seen.filter(pl.col("refund_ids").list.len() > 0)["order_id"].n_unique()
    return Fetched(
        pages=save_frame(run.run_id, file_names.PAGES, _index(run.run_id)),
        orders=orders,
        missing=walked.missing,
        up_to=walked.up_to,
        reading=(f"{counted(orders, 'order')} fetched, {refunded:,} of them with refunds", *walked.notes),
    )


def load_pages(fetched: Fetched, kind: Kind) -> Iterator[bytes]:
    """Yield the pages as the shop sent them, each a JSON list: of orders, or of refunds of any of them.

    An order may stand on two, in two versions.
    """
    places = load_frame(fetched.pages).filter(kind=kind).select("key", "sha256").iter_rows()
    pages = [Artifact(name=key, key=key, sha256=sha256, size_bytes=0) for key, sha256 in places]
    yield from in_parallel(load_bytes, pages, _LOADED_AT_A_TIME)


def _fetch_refunds(run_id: str, seen: pl.DataFrame) -> None:
    """Fetch the refunds of these orders, some orders at a time, unless an earlier attempt did."""
    stored = stored_pages(run_id, "refunds")
    have = {str(each["id"]) for same in stored.values() for page in same for each in parsed(load_bytes(page))}
    first = 1 + max(stored, default=0)
    for number, ids in enumerate(in_parts(with_refunds_due(seen, have), _REFUNDED_A_PAGE), start=first):
        answers = in_parallel(web_shop().refunds, ids, settings().woo_connections)
        lists = [answer.strip()[1:-1].strip() for answer in answers]
        save_page(run_id, "refunds", number, b"[" + b",\n".join(one for one in lists if one) + b"]")


def _index(run_id: str) -> pl.DataFrame:
    rows = [
        (kind, page.key, page.sha256)
        for kind, names in _STORED_AS.items()
        for name in names
        for same in stored_pages(run_id, name).values()
        for page in same
    ]
    return pl.DataFrame(rows, schema=PAGES, orient="row")
