"""What was asked of a web shop, and what came: references to its pages as they lie in S3."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.records import Artifact

Answered = Mapping[str, object]
"""An object of the shop's own JSON: its numbers are whole or Decimal, never binary fractions."""

PER_PAGE = 100
"""So many objects a shop shows on a page of a list at most."""

PAGES = pl.Schema({"kind": pl.String, "key": pl.String, "sha256": pl.String})
"""The index of a fetch, one row a page, in the order in which they are read: *kind* is orders or refunds."""


@dataclass(frozen=True, kw_only=True)
class OrdersAsked:
    """Which orders. Days are those of the shop's time zone, both included; ids ask for just these.

    ``modified_after`` is an instant (``2024-03-09T14:02:11Z``): only what changed since; and ``again`` the ids of
    orders that are wanted whether they changed or not.
    """

    from_on: str = ""
    to_on: str = ""
    statuses: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    modified_after: str = ""
    again: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """One walk over the list of orders: what is asked, and what the first page said. Fixed by the first attempt.

    ``total`` is how many orders there were, None where the shop did not say. ``asked_at`` is when, by the shop's clock
    where it tells one; what is ordered from then on is for the next time.
    """

    query: Mapping[str, str]
    total: int | None
    asked_at: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The orders of a shop as they were fetched. *pages* is their index (PAGES).

    ``missing``: ids that were asked for and that the shop does not have. ``up_to``: what was ordered from this instant
    on was not asked for; empty where orders were named by id.
    """

    pages: Artifact
    orders: int
    missing: tuple[str, ...]
    up_to: str
    reading: tuple[str, ...]
