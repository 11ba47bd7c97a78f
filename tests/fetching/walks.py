"""Walks over a shop in this process, as a sync makes them: its wire, its store and Prefect's bar are the test's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol
from unittest.mock import patch
from uuid import uuid4

from infra.artifacts.pages import stored_pages
from infra.artifacts.run_files import load_bytes
from infra.connectors.woocommerce.api import WooCommerce
from infra.context import opened
from infra.settings import Settings
from infra.storage import Storage
from infra.systems import systems_of
from schemas.orders.cursor import Cursor
from schemas.orders.pages import OrdersAsked
from tasks.chain import progress
from tasks.core.orders.cursor import asked_from, reached_cursor
from tasks.orders import crawl
from tests.fakes.memory_store import memory_store

OVERLAP = timedelta(minutes=1)
_ONE_BY_ONE = Settings(woo_connections=1)


class Reached(Protocol):
    """A shop that can be talked to."""

    def connect(self) -> WooCommerce: ...


@contextmanager
def walking(wire: Reached, store: Storage | None = None) -> Iterator[None]:
    """Let what walks meet this shop, and this store."""
    held, shop = store or memory_store(), wire.connect()
    with (
        opened(replace(systems_of(_ONE_BY_ONE), storage=lambda: held, web_shop=lambda: shop)),
        patch.object(progress, "create_progress_artifact", lambda *_, **__: uuid4()),
        patch.object(progress, "update_progress_artifact", lambda *_, **__: None),
    ):
        yield


@dataclass
class Follower:
    """Who follows a shop: how far, and when each order that arrived had been changed last."""

    cursor: Cursor | None = None
    arrived: dict[str, str] = field(default_factory=dict)

    def sync(self, run_id: str = "") -> None:
        run = run_id or uuid4().hex[:12]
        after = asked_from(self.cursor, OVERLAP) if self.cursor else "2024-01-01T00:00:00Z"
        walked = crawl.walk_list(run, OrdersAsked(modified_after=after))
        for order_id, at, _ in walked.seen.sort("modified_at").iter_rows():
            self.arrived[order_id] = max(at, self.arrived.get(order_id, ""))
        stored = [
            load_bytes(page)
            for kind in ("orders", "late")
            for same in stored_pages(run, kind).values()
            for page in same
        ]
        self.cursor = reached_cursor(stored, "shop", self.cursor, walked.up_to)
