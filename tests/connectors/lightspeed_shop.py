"""A shop of Lightspeed Retail, as the tests of its connector meet it: a clock of its own, and a ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.connectors.lightspeed_x.gift_cards import GiftCards
from infra.http.transport import Edge
from infra.lightspeed_x import lightspeed_gift_cards
from infra.settings import Settings
from tests.databases import new_database
from tests.fakes.lightspeed_x import Lightspeed, lightspeed

PERSONAL = "lsxs_pt_MARKER-PERSONAL"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Time that passes only where somebody waits."""

    at: datetime = NOON
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)

    @property
    def edge(self) -> Edge:
        return Edge(now=self.now, clock=self.monotonic, sleep=self.sleep, chance=lambda: 0.0)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Lightspeed, our ledger and the time; each ``connect`` is another process of ours."""

    fake: Lightspeed
    ledger: sa.Engine
    clock: Clock

    def connect(self, **settings: Any) -> GiftCards:
        chosen = {"lightspeed_x_url": self.fake.url, "lightspeed_x_token": PERSONAL} | settings
        return lightspeed_gift_cards(Settings(**chosen), self.ledger, edge=self.clock.edge)


@contextmanager
def open_shop(folder: Path, **of_fake: Any) -> Iterator[Shop]:
    """Run a shop until the block ends."""
    clock = Clock()
    with lightspeed(Lightspeed(clock=clock.now, **of_fake)) as fake:
        yield Shop(fake=fake, ledger=new_database(folder / "ledger.sqlite", "ledger"), clock=clock)
