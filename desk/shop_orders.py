"""Rejected orders that were fetched from a web shop: each is put right there, where it is true, and comes again.

Typed over here, the till would hold what the shop does not say, until the shop says it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.localization import worded
from desk.texts import language_here
from infra.artifacts.run_files import load_bytes, load_frame
from infra.context import ledger, settings
from schemas import file_names
from schemas.records import RunReport
from tasks.core.orders.json_corrections import read_json_rejects
from tasks.core.wording.messages import with_messages

MOST_ORDERS = 50
"""So many stand on the page of a run; those put right make place for others."""


@dataclass(frozen=True, kw_only=True)
class ShopOrder:
    """A rejected order: what the shop calls it, where it is edited there if that is known, and what is wrong."""

    order_id: str
    link: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShopOrders:
    """The rejected orders of a run that nobody put right or dropped yet: the first of them, of so many."""

    shown: tuple[ShopOrder, ...]
    total: int


def came_from_shop(report: RunReport) -> bool:
    """Say whether the orders of a run were fetched from the web shop itself, and stood in no file."""
    return file_names.PAGES in report.artifacts


def shop_orders(report: RunReport) -> ShopOrders | None:
    """Return the orders that are to be put right in the shop; None where there are none."""
    rejects = report.artifacts.get(file_names.REJECTS_JSON)
    if rejects is None or not came_from_shop(report):
        return None
    still = ledger().drops.open_lines(report.run_id)
    orders = read_json_rejects(load_bytes(rejects), name=rejects.name).orders
    wrong = _wrong(report)
    shown = [_shown(str(orders[line].get("id") or ""), wrong.get(line, ())) for line in still if line in orders]
    return ShopOrders(shown=tuple(shown[:MOST_ORDERS]), total=len(shown)) if shown else None


def _wrong(report: RunReport) -> Mapping[int, tuple[str, ...]]:
    """Return what is wrong with each order, by its line."""
    found = load_frame(report.artifacts[file_names.FINDINGS])
    wrong: dict[int, tuple[str, ...]] = {}
    for each in with_messages(found, language_here(), worded=worded).iter_rows(named=True):
        wrong[each["line"]] = (*wrong.get(each["line"], ()), each["message"])
    return wrong


def _shown(order_id: str, wrong: tuple[str, ...]) -> ShopOrder:
    """Link to where the shop edits an order; a shop that stores them in tables of their own leads on from there."""
    edited = f"{settings().woo_url.rstrip('/')}/wp-admin/post.php?post={order_id}&action=edit"
    known = settings().woo_url and order_id.isascii() and order_id.isdigit()
    return ShopOrder(order_id=order_id, link=edited if known else "", wrong=wrong)
