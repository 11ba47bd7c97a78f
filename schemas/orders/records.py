"""Orders: what a web shop sold, as its answers say it and as a till holds it; and the products they move.

Sources: contracts/woocommerce.md 4.3 and what was seen on a running shop, contracts/lightspeed-x-series.md
1.12. How an answer becomes these rows is
decided in ``tasks.core.orders``, not here.

Everything is text or Int64: money in minor units (``_cents``), quantities in thousandths (``_milli``),
instants as ISO-8601 text in UTC to the second (``2024-03-09T14:02:11Z``). Nothing is null: what is not
known is the empty text.
"""

from dataclasses import replace
from typing import Literal

import pandera.polars as pa
import polars as pl

from schemas.columns import coded
from schemas.domain import Domain, Limits, Resource
from schemas.orders.codes import ORDER_CODES
from schemas.orders.files import ORDER_CORRECTIONS, WOO_ORDERS, OrderCorrections, OrderFileHeads, OrderFileLines
from schemas.stock import TILL

SaleState = Literal["closed", "parked", "voided"]
"""closed: sold, moves stock. parked: kept, moves none yet. voided: did not happen, or no more."""

INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_ORDER_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_ORDER_KEY = r"^[^:]+:.+$"
_CURRENCY = r"^[A-Z]{3}$"
_SHA256 = r"^[0-9a-f]{64}$"


class Orders(pa.DataFrameModel):
    """One row an order, as its source says it is now. Matching and planning know nothing else of it.

    A voided order that the till does not have asks for nothing: it is unchanged.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the order stands in what was read, from 1; for findings")
    order_key: str = pa.Field(
        str_matches=_ORDER_KEY,
        unique=True,
        description="<source>:<order id>, woocommerce:1042",
        metadata=coded(str_matches="ORDER_ID", field_uniqueness="ORDER_TWICE"),
    )
    order_id: str = pa.Field(
        str_matches=_ORDER_ID,
        description="the order's id at its source",
        metadata=coded(not_nullable="ORDER_ID", str_matches="ORDER_ID"),
    )
    number: str = pa.Field(description="the number people see; plugins make it differ from the id")
    status: str = pa.Field(description="the source's own word, such as on-hold")
    state: str = pa.Field(
        isin=["closed", "parked", "voided"],
        description="SaleState: the word of the till",
        metadata=coded(not_nullable="ORDER_STATUS", isin="ORDER_STATUS"),
    )
    sold_at: str = pa.Field(
        str_matches=INSTANT,
        description="when it was ordered",
        metadata=coded(not_nullable="ORDER_DATE", str_matches="ORDER_DATE"),
    )
    modified_at: str = pa.Field(description="when the source last changed it; empty where a file does not say")
    currency: str = pa.Field(
        str_matches=_CURRENCY,
        description="ISO 4217 code",
        metadata=coded(not_nullable="ORDER_CURRENCY", str_matches="ORDER_CURRENCY"),
    )
    total_cents: pl.Int64 = pa.Field(
        ge=0,
        description="as ordered, tax included; refunds are not taken off",
        metadata=coded(not_nullable="AMOUNT_NOT_A_NUMBER", greater_than_or_equal_to="AMOUNT_NEGATIVE"),
    )
    tax_cents: pl.Int64 = pa.Field(description="the tax in total_cents")
    refunded_cents: pl.Int64 = pa.Field(
        ge=0,
        description="what was given back, tax included; zero or more",
        metadata=coded(greater_than_or_equal_to="ORDER_REFUND_MISMATCH"),
    )
    customer_email: str = pa.Field(description="lower case; empty where there is none. In artifacts only")
    payment_method: str = pa.Field(description="how it was paid, in the source's own word, such as stripe; or empty")
    payment_title: str = pa.Field(description="the same as the buyer read it; empty where it is not told")
    content_sha256: str = pa.Field(str_matches=_SHA256, description="of what we import, whenever it was saved")

    class Config:
        strict = True


class OrderLines(pa.DataFrameModel):
    """One row a line of an order, in the order's own sequence, refunds last.

    Per order, net_cents + tax_cents of all lines but refunds are exactly its total_cents, tax_cents its
    tax_cents; and those of its refunds are exactly -refunded_cents.

    ``source_product_id`` is empty where the source names no product (shipping, fees, refunds of an amount,
    files without that column) and ``0`` where it says that the product was deleted.
    """

    order_key: str = pa.Field(str_matches=_ORDER_KEY)
    line: str = pa.Field(
        str_matches=r"\S",
        description="the line's id at its source; unique within its order",
        metadata=coded(not_nullable="ORDER_LINE_ID", str_matches="ORDER_LINE_ID"),
    )
    kind: str = pa.Field(isin=["item", "shipping", "fee", "discount", "refund"], description="what the line is")
    source_product_id: str = pa.Field(description="the product at the source; 0: deleted there; empty: not told")
    source_variation_id: str = pa.Field(description="the variation at the source; empty where there is none")
    sku: str = pa.Field(description="as the source has it today, untouched; empty where there is none")
    name: str = pa.Field(description="what the buyer was shown")
    quantity_milli: pl.Int64 = pa.Field(
        description="thousandths; a refund's are zero or below", metadata=coded(not_nullable="ORDER_QUANTITY")
    )
    net_cents: pl.Int64 = pa.Field(
        description="of the whole line, after coupons, without tax; signed",
        metadata=coded(not_nullable="AMOUNT_NOT_A_NUMBER"),
    )
    tax_cents: pl.Int64 = pa.Field(
        description="of the whole line; signed", metadata=coded(not_nullable="AMOUNT_NOT_A_NUMBER")
    )
    moves: bool = pa.Field(description="whether it moves stock: items do, refunds only if restocked, others never")
    at: str = pa.Field(description="of refunds: when; empty for all others")

    class Config:
        strict = True


class Sales(pa.DataFrameModel):
    """One row a sale, as the till holds it. ``lines`` is canonical JSON, see SALES."""

    order_key: str = pa.Field(unique=True)
    state: str = pa.Field(isin=["closed", "parked", "voided"])
    sold_at: str
    number: str
    register_id: str
    outlet_id: str
    customer_id: str
    currency: str
    total_cents: pl.Int64
    tax_cents: pl.Int64
    refunded_cents: pl.Int64
    stock: str = pa.Field(isin=["deduct", "neutral"], description="StockEffect")
    content_sha256: str = pa.Field(description="of the order, as it was when the sale was written")
    written_sha256: str = pa.Field(description="of what was written; empty: written before there was one")
    lines: str
    payment_type_id: pl.String | None = pa.Field(
        description="the till's payment type that it was paid with, where that was asked for; empty: nothing was paid"
    )

    class Config:
        strict = True


PAID_BY = "payment_type_id"
SALES = Resource(
    name="sales",
    key="order_key",
    columns=(
        "state",
        "sold_at",
        "number",
        "register_id",
        "outlet_id",
        "customer_id",
        "currency",
        "total_cents",
        "tax_cents",
        "refunded_cents",
        "stock",
        "content_sha256",
        "written_sha256",
        "lines",
    ),
    known_by="order_key",
    amount="total_cents",
    unit="currency",
    status="state",
    live="closed",
    removed_as="voided",
    unshown=("content_sha256", "written_sha256", "lines", PAID_BY),
)
"""A sale with all its lines is one record: ``lines`` is a JSON list, in the order of OrderLines, without blanks
and with sorted keys. Of each line it has ``line, kind, product_id`` (of the till, or empty), ``sku, name,
quantity_milli, net_cents, tax_cents, moves`` (true or false) and, of refunds, ``at``."""


ORDERS = Domain(
    name="orders",
    title="Orders",
    flow="flows.orders.import_orders",
    codes=ORDER_CODES,
    dialects=(WOO_ORDERS, ORDER_CORRECTIONS),
    resource=SALES,
    rows=(OrderFileHeads, OrderFileLines, OrderCorrections, Orders, OrderLines),
    records=Sales,
    limits=Limits(
        changed_share=0.20,
        changed_rows_floor=50,
        changed_rows=1_000,
        added=100_000,
        amount=10_000,
        noun="order",
        amount_code="LIMIT_ORDER",
    ),
    place=TILL,
)
"""A night's orders pass; a history of thousands is looked at first."""

PAID_ORDERS = replace(ORDERS, resource=replace(SALES, columns=(*SALES.columns, PAID_BY)))
"""The same orders, with what each sale is paid with: for a till that keeps it, of a shop that says which payment method
is which. All other runs, and every restore, plan without: of a sale that is there nothing changes it."""
