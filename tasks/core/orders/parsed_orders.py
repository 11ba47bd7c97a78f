"""Orders as text, just as they arrived: what comes of an answer or of a file before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.tables import FINDINGS_SCHEMA, Concern

PARSED_ORDERS = pl.Schema(
    {
        "line": pl.UInt32,
        "order_id": pl.String,
        "number": pl.String,
        "status": pl.String,
        "currency": pl.String,
        "sold_at": pl.String,
        "sold_text": pl.String,
        "modified_at": pl.String,
        "total": pl.String,
        "total_tax": pl.String,
        "email": pl.String,
        "payment_method": pl.String,
        "payment_title": pl.String,
    }
)
PARSED_LINES = pl.Schema(
    {
        "line": pl.UInt32,
        "item": pl.String,
        "kind": pl.String,
        "product_id": pl.String,
        "variation_id": pl.String,
        "sku": pl.String,
        "name": pl.String,
        "quantity": pl.String,
        "net": pl.String,
        "tax": pl.String,
        "moves": pl.Boolean,
        "restocked": pl.String,
    }
)
PARSED_REFUNDS = pl.Schema(
    {
        "line": pl.UInt32,
        "refund": pl.String,
        "at": pl.String,
        "amount": pl.String,
        "named": pl.String,
        "bare": pl.Boolean,
    }
)
PARSED_REFUND_LINES = pl.Schema(
    {
        "line": pl.UInt32,
        "refund": pl.String,
        "item": pl.String,
        "of_item": pl.String,
        "product_id": pl.String,
        "variation_id": pl.String,
        "sku": pl.String,
        "name": pl.String,
        "quantity": pl.String,
        "net": pl.String,
        "tax": pl.String,
    }
)
PARSED_PAYMENTS = pl.Schema({"line": pl.UInt32, "amount": pl.String})


@dataclass(frozen=True, kw_only=True)
class ParsedOrders:
    """Orders as they were parsed, one row an order, by ``line``: where it stands in what came, from 1.

    ``orders`` (PARSED_ORDERS) hold instants in UTC already, null where they cannot be read (``sold_text`` is as it
    stands); ``lines`` (PARSED_LINES)
    in the order's sequence, ``restocked`` saying how much of a line refunds put back on the shelf; ``refunds``
    (PARSED_REFUNDS), *bare* where their lines did not come, and *named* the amount that the order itself says;
    ``refund_lines`` (PARSED_REFUND_LINES), ``of_item`` naming the line of the order that is given back; ``payments``
    (PARSED_PAYMENTS) what gift cards and credit paid. Null is: not given. ``headings`` name the columns as people
    see them, ``places`` say where each order stands (``line, page, at, reference``), where that is in JSON.
    ``findings`` are those of the reading itself, also of rows of which nobody knows the order.
    """

    orders: pl.DataFrame
    lines: pl.DataFrame
    refunds: pl.DataFrame
    refund_lines: pl.DataFrame
    payments: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PARSED_PAYMENTS))
    headings: Mapping[str, str] = field(default_factory=dict)
    places: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS_SCHEMA))
    concerns: tuple[Concern, ...] = ()
