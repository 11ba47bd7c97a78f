"""Following a shop: how far it was followed, and how its orders compare with the sales of the till."""

from dataclasses import dataclass
from typing import Literal

Difference = Literal["missing", "gone", "different"]
"""missing: the shop has the order, the till does not. gone: the till has the sale, the shop no longer has the order.
different: both have it, and they do not say the same."""


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The newest change of a shop's orders that has arrived: when it was, and of which order.

    ``by_run`` is the run that came so far, once the ledger knows it.
    """

    source: str
    modified_at: str
    order_id: str
    by_run: str = ""
