"""What we change in a web shop: details and stock of its products, and the marks by which orders sync again.

Everything is text and nothing is null: what is not known is the empty text. Prices are written with the decimals
of the currency; stock is whole units, for WooCommerce knows no others. Nothing of a buyer is in it.
"""

from typing import Literal

import pandera.polars as pa

from schemas.domain import Domain, Limits, Resource
from schemas.levels import Level

PushField = Literal["sku", "name", "description", "price", "stock"]

_NO_SHARE = 10**9
"""A shop does not say how many things it has: only their number is judged."""


class WebProducts(pa.DataFrameModel):
    """One row a product or variation, as the web shop holds it."""

    web_id: str = pa.Field(unique=True, str_matches=r"^\d+(/\d+)?$", description="<product> or <product>/<variation>")
    type: str = pa.Field(description="the shop's own word: simple, variable, variation, grouped ...")
    sku: str
    name: str
    description: str
    regular_price: str = pa.Field(str_matches=r"^(\d+(\.\d+)?)?$", description="as the shop keeps prices; or empty")
    counts_stock: str = pa.Field(isin=["yes", "no", "parent"], description="parent: its product's stock is its own")
    stock: str = pa.Field(str_matches=r"^(-?\d+)?$", description="whole units; empty where it is not counted")

    class Config:
        strict = True


class WebOrders(pa.DataFrameModel):
    """One row an order, as the web shop holds it now."""

    order_id: str = pa.Field(unique=True, str_matches=r"^\d+$")
    number: str
    status: str
    mark: str = pa.Field(description="the reference of the last nudge; empty: it was never nudged")

    class Config:
        strict = True


WEB_CODES: tuple[tuple[str, Level, str, str], ...] = (
    (
        "WEB_SKU_AMBIGUOUS",
        "held",
        "the SKU is that of several products in the till or in the web shop",
        "give each product a SKU of its own, or link it by id",
    ),
    (
        "WEB_LINKED_TWICE",
        "held",
        "several products of the till are linked to this one of the web shop",
        "deactivate all but one of them in the till",
    ),
    (
        "WEB_STOCK_NOT_COUNTED",
        "held",
        "the web shop does not count the stock of this product by itself",
        "switch Manage stock on there, for the variation where it is one",
    ),
    (
        "WEB_STOCK_NEVER_SAID",
        "held",
        "nobody ever said how many of this product there are: the till knows only what was sold of it",
        "count it and enter its level at the till",
    ),
    (
        "WEB_STOCK_EMPTIED",
        "concern",
        "products that are in stock in the web shop would be sold out there, or below zero",
        "see whether the till's levels of these products are right; if they are, approve",
    ),
    ("WEB_ORDER_GONE", "held", "the web shop has no such order", "take it off the list"),
    (
        "WEB_PRODUCTS_NOT_SHOWN",
        "concern",
        "the web shop does not show its products to us",
        "let the owner of its key see products (a shop manager may), then run again; or approve without that",
    ),
    (
        "WEB_ORDERS_IN_POSTS",
        "concern",
        "the web shop stores orders the old way, where a mark does not move the date of change",
        "approve if the till's integration is told of changes by the shop; else switch on high-performance order "
        "storage there, or open each order and press Update",
    ),
)

WEB_PRODUCTS = Domain(
    name="web-products",
    title="Products of the web shop",
    codes=WEB_CODES,
    dialects=(),
    resource=Resource(
        name="web_products",
        key="web_id",
        columns=("type", "sku", "name", "description", "regular_price", "counts_stock", "stock"),
        known_by="sku",
    ),
    records=WebProducts,
    limits=Limits(changed_share=1.0, changed_rows_floor=_NO_SHARE, changed_rows=200),
)

WEB_ORDERS = Domain(
    name="web-orders",
    title="Orders to sync again",
    dialects=(),
    resource=Resource(name="web_orders", key="order_id", columns=("number", "status", "mark"), known_by="order_id"),
    records=WebOrders,
    limits=Limits(changed_share=1.0, changed_rows_floor=_NO_SHARE, changed_rows=100),
)
