"""A till with a register, products and stock, as a shop would have it before its history comes in; and a look at it."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import reading, writing
from tests.databases import open_database

_T = TARGET.tables
_PRODUCT = {
    "description": "",
    "currency": "EUR",
    "price_cents": 1200,
    "active": "yes",
    "tracks_stock": "yes",
    "source": "",
    "source_id": "",
    "source_variation_id": "",
}


def open_till(url: str, products: Mapping[str, float], registers: Sequence[str] = ("Counter",)) -> None:
    """Open a till: one outlet ``main``, its *registers*, and *products* by SKU with how many there are."""
    levels = [(sku.lower(), round(count * 1000)) for sku, count in products.items()]
    with writing(open_database(url)) as connection:
        connection.execute(sa.insert(_T["outlets"]), [{"outlet_id": "main", "name": "Main street"}])
        places = [{"register_id": f"r{n}", "name": name, "outlet_id": "main"} for n, name in enumerate(registers, 1)]
        connection.execute(sa.insert(_T["registers"]), places)
        rows = [{"product_id": sku.lower(), "sku": sku, "name": sku.title(), **_PRODUCT} for sku in products]
        connection.execute(sa.insert(_T["products"]), rows)
        there = [
            {"level_key": f"{p}@main", "product_id": p, "outlet_id": "main", "quantity_milli": milli}
            for p, milli in levels
        ]
        connection.execute(sa.insert(_T["stock_levels"]), there)
        moved = [{"reason": "opening", "plan_id": "", "run_id": "", **_without_key(level)} for level in there]
        connection.execute(sa.insert(_T["stock_movements"]), moved)


def stop_counting(url: str, sku: str) -> None:
    """Have nobody count the stock of a product any more; what its level was stays."""
    products = _T["products"]
    with writing(open_database(url)) as connection:
        connection.execute(sa.update(products).where(products.c.sku == sku).values(tracks_stock="no"))


def add_product(url: str, sku: str) -> None:
    """Enter a product of which there is none yet."""
    with writing(open_database(url)) as connection:
        connection.execute(
            sa.insert(_T["products"]), [{"product_id": sku.lower(), "sku": sku, "name": sku.title(), **_PRODUCT}]
        )


def edit_sale(url: str, order_key: str, **cells: object) -> None:
    """Edit a sale at the till, which knows nothing of imports."""
    with writing(open_database(url)) as connection:
        connection.execute(sa.update(_T["sales"]).where(_T["sales"].c.order_key == order_key).values(**cells))


def edit_line(url: str, order_key: str, line: str, **cells: object) -> None:
    """Edit a line of a sale where the till keeps it by itself."""
    lines = _T["sale_lines"]
    with writing(open_database(url)) as connection:
        here = sa.and_(lines.c.order_key == order_key, lines.c.line == line)
        assert connection.execute(sa.update(lines).where(here).values(**cells)).rowcount == 1


def _without_key(level: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in level.items() if name != "level_key"}


def stock_in(url: str) -> dict[str, float]:
    """Return how many of each product there are, by its SKU, and check that this is what moved."""
    products, levels, moved = (rows_of(url, name) for name in ("products", "stock_levels", "stock_movements"))
    added = moved.group_by("product_id").agg(pl.col("quantity_milli").sum()).sort("product_id")
    held = levels.group_by("product_id").agg(pl.col("quantity_milli").sum()).sort("product_id")
    assert added.equals(held)
    named = held.join(products.select("product_id", "sku"), on="product_id").sort("sku")
    return {sku: milli / 1000 for sku, milli in named.select("sku", "quantity_milli").iter_rows()}


def sales_in(url: str) -> dict[str, str]:
    """Return the state of each sale, by its key."""
    return dict(rows_of(url, "sales").sort("order_key").select("order_key", "state").iter_rows())


def rows_of(url: str, table: str) -> pl.DataFrame:
    with reading(open_database(url)) as connection:
        result = connection.execute(sa.select(_T[table]))
        return pl.DataFrame(
            list(map(tuple, result)), schema=list(result.keys()), orient="row", infer_schema_length=None
        )
