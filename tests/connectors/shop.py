"""A shop with two outlets, one register and three products, ten of each in the main outlet; and sales in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from infra.connectors import Connector, ReadsStock
from schemas.domain import Resource
from schemas.orders.records import SALES
from schemas.stock import LEVELS, OUTLETS, PRODUCT_RECORDS, REGISTERS
from tests import sales
from tests.connectors.drawn import batch

OPENING_MILLI = 10_000
GOODS = [product for product in sales.PRODUCTS if product != "-"]


class StockTarget(Connector, ReadsStock, Protocol):
    """A target that keeps stock."""


def product(name: str, active: str = "yes") -> Mapping[str, Any]:
    texts = {"sku": name.upper(), "name": name.title(), "description": "", "currency": "EUR"}
    ids = {"source": "", "source_id": "", "source_variation_id": ""}
    return {"product_id": name, **texts, "price_cents": 100, "active": active, "tracks_stock": "yes", **ids}


def level(place: str, milli: int) -> Mapping[str, Any]:
    """Sketch a level: ``mug@main``."""
    name, _, outlet = place.partition("@")
    return {"level_key": place, "product_id": name, "outlet_id": outlet, "quantity_milli": milli}


Sides = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]


def changes(resource: Resource, sides: Sequence[Sides]) -> pl.DataFrame:
    """Make a ChangeSet of records before and after."""
    rows = []
    for before, after in sides:
        kind = "create" if before is None else "remove" if after is None else "update"
        cells = {
            f"{c}_{side}": (record or {}).get(c) for c in resource.columns for side, record in _named(before, after)
        }
        rows.append({"kind": kind, resource.key: (after or before or {})[resource.key], **cells})
    schema = {name: pl.Int64 if "_milli" in name or "_cents" in name else pl.String for name in rows[0]}
    none = pl.lit(None, dtype=pl.String)
    return pl.DataFrame(rows, schema=schema).with_columns(operation_id=none, operation=none)


def _named(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Sequence[tuple[str, Any]]:
    return (("before", before), ("after", after))


def put(target: Connector, resource: Resource, *sides: Sides) -> list[str]:
    return target.write(resource, changes(resource, sides), batch("put")).to_list()


def open_shop(target: Connector) -> None:
    """Furnish an empty target."""
    outlets = [{"outlet_id": "main", "name": "Main"}, {"outlet_id": "web", "name": "Web"}]
    register = {"register_id": "till-1", "name": "Till 1", "outlet_id": "main"}
    furniture: list[tuple[Resource, Sequence[Mapping[str, Any]]]] = [
        (OUTLETS, outlets),
        (REGISTERS, [register]),
        (PRODUCT_RECORDS, [product(each) for each in GOODS]),
        (LEVELS, [level(f"{each}@main", OPENING_MILLI) for each in GOODS]),
    ]
    for resource, records in furniture:
        assert set(put(target, resource, *((None, record) for record in records))) == {"written"}


def write(target: Connector, drawn: str, run_id: str = "run") -> list[str]:
    """Write changes of sales drawn as ``kind | order_key | before | after``."""
    return target.write(SALES, sales.changes(drawn), batch(run_id)).to_list()


def stock(target: ReadsStock) -> dict[str, int]:
    """Say what lies where, in whole units and parts: ``mug@main: 10.0``. Every level must be the sum of what moved."""
    uneven = target.uneven_levels()
    assert uneven.is_empty(), uneven
    return {f"{name}@{outlet}": milli / 1000 for name, outlet, milli in sorted(target.levels(None).rows())}


def held(target: Connector) -> dict[str, str]:
    """Say of every sale its state and total."""
    rows = target.read(SALES, None).select("order_key", "state", "total_cents").rows()
    return {key: f"{state} {cents}" for key, state, cents in sorted(rows)}
