"""Following a shop: how far it was followed, and how its orders compare with the sales of the till."""

from dataclasses import dataclass
from typing import Literal

from schemas.fetched import OrdersAsked

Difference = Literal["missing", "gone", "different"]
"""missing: the shop has the order, the till does not. gone: the till has the sale, the shop no longer has the order.
different: both have it, and they do not say the same."""


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The newest change of a shop's orders that has arrived: when it was, and of which order."""

    source: str
    modified_at: str
    order_id: str


@dataclass(frozen=True, kw_only=True)
class Following:
    """What a run asks a shop for, to go on from where the last one ended. *since* is None at the very beginning."""

    asked: OrdersAsked
    since: Cursor | None
