"""Lines of orders and products of a till for tests, drawn as tables; what is not drawn is what it mostly is."""

from collections.abc import Mapping

import polars as pl

from schemas.orders.records import OrderLines, Orders
from schemas.stock import Products
from tests.tables import frame

LINES = pl.Schema({name: column.dtype.type for name, column in OrderLines.to_schema().columns.items()})
PRODUCTS = pl.Schema({name: column.dtype.type for name, column in Products.to_schema().columns.items()})
CORRECTIONS = pl.Schema(dict.fromkeys(("order_key", "line", "sku", "new_sku"), pl.String))
BOOKED = pl.Schema(dict.fromkeys(("order_key", "line", "product_id", "sku", "name"), pl.String))

_LINE = {
    "order_key": "woocommerce:1",
    "kind": "item",
    "source_product_id": "",
    "source_variation_id": "",
    "sku": "",
    "name": "Thing",
    "quantity_milli": "1000",
    "net_cents": "1000",
    "tax_cents": "200",
    "moves": "true",
    "at": "",
}
_PRODUCT = {
    "sku": "",
    "name": "Thing",
    "description": "",
    "currency": "EUR",
    "price_cents": "1200",
    "active": "yes",
    "tracks_stock": "yes",
    "source": "",
    "source_id": "",
    "source_variation_id": "",
}


def order_lines(drawn: str) -> pl.DataFrame:
    """Read lines of orders, drawn with as many columns as matter; ``line`` counts from 1 where it is not drawn."""
    return _filled(drawn, LINES, _LINE, "line")


def till_products(drawn: str) -> pl.DataFrame:
    """Read products of a till; one with a ``source_id`` is WooCommerce's."""
    table = _filled(drawn, PRODUCTS, _PRODUCT, "product_id")
    linked = pl.when(pl.col("source_id") != "").then(pl.lit("woocommerce")).otherwise("source")
    return table.with_columns(source=linked)


def drawn_as(drawn: str, schema: pl.Schema) -> pl.DataFrame:
    """Read a drawn table of text whose empty cells are the empty text, or an empty one where nothing is drawn."""
    if not drawn.strip():
        return pl.DataFrame(schema=schema)
    return frame(drawn, schema)


def _filled(drawn: str, schema: pl.Schema, usual: Mapping[str, str], counted: str) -> pl.DataFrame:
    heading = [name.strip() for name in next(line for line in drawn.splitlines() if line.strip()).split("|")]
    table = frame(drawn, dict.fromkeys(heading, pl.String))
    rows = [{counted: str(number), **usual, **row} for number, row in enumerate(table.iter_rows(named=True), start=1)]
    text = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String))
    as_bool = {"true": True, "false": False}
    return text.select(
        pl.col(name).replace_strict(as_bool, return_dtype=pl.Boolean)
        if dtype == pl.Boolean
        else pl.col(name).cast(dtype)
        for name, dtype in schema.items()
    )


ORDERS = pl.Schema({name: column.dtype.type for name, column in Orders.to_schema().columns.items()})
_ORDER = {
    "order_id": "",
    "number": "",
    "status": "completed",
    "state": "closed",
    "sold_at": "2024-03-09T14:02:11Z",
    "modified_at": "",
    "currency": "EUR",
    "total_cents": "1200",
    "tax_cents": "200",
    "refunded_cents": "0",
    "customer_email": "",
    "payment_method": "",
    "payment_title": "",
    "content_sha256": "0",
}


def the_orders(drawn: str) -> pl.DataFrame:
    """Read orders of a shop, drawn with ``order_key`` and as many other columns as matter."""
    return _filled(drawn, ORDERS, _ORDER, "line")
