"""The till of a Lightspeed Retail, as the tests of its connector meet it: a shop that sells mugs, caps and tea."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from infra.artifacts.kept_sales import KeptSales
from infra.connectors.lightspeed_x.till import LightspeedTill
from infra.context import opened
from infra.lightspeed_x_till import lightspeed_till
from infra.settings import Settings
from infra.systems import systems_of
from schemas.orders.records import SALES
from schemas.records import BatchName
from tests import sales
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_shop import PERSONAL, Clock
from tests.databases import new_database
from tests.fakes.lightspeed_sales import Till, uid
from tests.fakes.lightspeed_x import Lightspeed, lightspeed
from tests.fakes.memory_store import memory_store

FULL = {"CAP": 10.0, "MUG": 10.0, "TEA": 10.0}
_IDS = {"till-1": uid("Counter"), "main": uid("Main street"), "web": uid("Warehouse")}


@dataclass(frozen=True, kw_only=True)
class TillShop:
    """Lightspeed, our ledger and the time; each ``connect`` is another process of ours."""

    fake: Lightspeed
    ledger: sa.Engine
    clock: Clock

    @property
    def till(self) -> Till:
        return self.fake.till

    def connect(self, **settings: Any) -> LightspeedTill:
        chosen = {"lightspeed_x_url": self.fake.url, "lightspeed_x_token": PERSONAL}
        chosen |= {"lightspeed_x_payment_type": "web shop"} | settings
        return lightspeed_till(Settings(**chosen), self.ledger, KeptSales("acme"), edge=self.clock.edge)

    def asked(self, method: str) -> list[str]:
        """Return the paths of requests, without what comes before them."""
        return [each.path.removeprefix("/api/2026-07/") for each in self.fake.asked if each.method == method]


@contextmanager
def open_till_shop(folder: Path) -> Iterator[TillShop]:
    """Run a shop until the block ends."""
    clock, store = Clock(), memory_store()
    with lightspeed(Lightspeed(clock=clock.now, limited=False)) as fake:
        for sku in ("MUG", "CAP", "TEA"):
            fake.till.add_product(sku, price=1.0, stock=10)
        with opened(replace(systems_of(Settings()), storage=lambda: store)):
            yield TillShop(fake=fake, ledger=new_database(folder / "ledger.sqlite", "ledger"), clock=clock)


def changes(drawn: str) -> pl.DataFrame:
    """Read changes of sales drawn as in ``tests.sales``, about the register and products of this shop."""
    frame = sales.changes(drawn)
    sided = [f"{name}_{side}" for name in ("register_id", "outlet_id") for side in ("before", "after")]
    named = frame.with_columns(pl.col(sided).replace(_IDS))
    lines = [f"lines_{side}" for side in ("before", "after")]
    return named.with_columns(pl.col(lines).map_elements(_with_ids, return_dtype=pl.String))


def write(target: LightspeedTill, drawn: str, name: BatchName | None = None) -> list[str]:
    return target.write(SALES, changes(drawn), name or batch()).to_list()


def held(target: LightspeedTill, *keys: str) -> dict[str, str]:
    """Draw the sales that are there: state and cents."""
    found = target.read(SALES, pl.Series(keys, dtype=pl.String)).sort("order_key")
    return {key: f"{state} {cents}" for key, state, cents in found["order_key", "state", "total_cents"].iter_rows()}


def moved(target: LightspeedTill, run_id: str = "run") -> list[tuple[Any, ...]]:
    """Draw what a run moved: order, SKU, why and thousandths."""
    names = {uid(sku): sku for sku in FULL}
    rows = target.movements(run_id).select("order_key", "product_id", "reason", "quantity_milli").rows()
    return sorted((key, names[product], reason, milli) for key, product, reason, milli in rows)


def _with_ids(lines: str) -> str:
    rows: list[Mapping[str, Any]] = json.loads(lines)
    named = [row | {"product_id": row["product_id"] and uid(row["sku"])} for row in rows]
    return json.dumps(named, sort_keys=True, separators=(",", ":"))
