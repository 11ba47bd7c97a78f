"""A till for the demo: one outlet, one register, and the products of a file with how many there are."""

import csv
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.connectors.sql.tables import OUTLETS, PRODUCTS, REGISTERS, STOCK_LEVELS, STOCK_MOVEMENTS
from infra.databases.database import open_database, writing
from infra.migrations.migrate import migrate
from schemas.domain import KEY_SEPARATOR
from tasks.core.orders.effects import OPENING

_NOT_LINKED = {"source": "", "source_id": "", "source_variation_id": ""}
_USUAL = {"description": "", "currency": "EUR", "active": "yes", "tracks_stock": "yes", **_NOT_LINKED}


def open_till(url: str, products: Path) -> None:
    """Open the till, with what lies on its shelves."""
    rows = list(csv.DictReader(products.read_text().splitlines()))
    engine = open_database(url)
    migrate(engine, "target")
    with writing(engine) as connection:
        connection.execute(sa.insert(OUTLETS), [{"outlet_id": "main", "name": "Main street"}])
        connection.execute(sa.insert(REGISTERS), [{"register_id": "1", "name": "Counter", "outlet_id": "main"}])
        connection.execute(sa.insert(PRODUCTS), [_product(row) for row in rows])
        levels = [_level(row) for row in rows]
        connection.execute(sa.insert(STOCK_LEVELS), levels)
        connection.execute(sa.insert(STOCK_MOVEMENTS), [_opening(level) for level in levels])


def _product(row: dict[str, str]) -> dict[str, Any]:
    cents = round(float(row["price"]) * 100)
    return {name: row[name] for name in ("product_id", "sku", "name")} | {"price_cents": cents} | _USUAL


def _level(row: dict[str, str]) -> dict[str, Any]:
    place = {"product_id": row["product_id"], "outlet_id": "main"}
    return {"level_key": KEY_SEPARATOR.join(place.values()), "quantity_milli": int(row["quantity"]) * 1000, **place}


def _opening(level: dict[str, Any]) -> dict[str, Any]:
    moved = {name: level[name] for name in ("product_id", "outlet_id", "quantity_milli")}
    return moved | {"reason": OPENING, "plan_id": "", "run_id": ""}
