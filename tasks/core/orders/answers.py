"""Orders and refunds as a shop's REST interface answers them, to what is told of each.

Sources: contracts/woocommerce.md 4.3 and what was seen on running shops. Never used: the ``price`` of a line, a
float; ``subtotal``, which is before coupons; ``coupon_lines``, which the totals of lines hold already.
"""

from collections.abc import Sequence

import polars as pl

from schemas.tables import Concern
from tasks.core.orders.bundles import with_moves
from tasks.core.orders.dates import date_findings
from tasks.core.orders.instants import in_utc
from tasks.core.orders.nested_fields import exploded, meta
from tasks.core.orders.objects import ORDER_SHAPE, REFERENCE, REFUND_SHAPE, read_by_order, read_pages
from tasks.core.orders.parsed_orders import PARSED_LINES, PARSED_ORDERS, ParsedOrders
from tasks.core.orders.payments import parsed_payments
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.stated_refunds import parsed_refund_lines, parsed_refunds, whole_refunds

_RESTOCKED = "_restock_refunded_items"


def read_answers(pages: Sequence[bytes], refund_pages: Sequence[bytes], rules: OrderRules) -> ParsedOrders:
    """Read *pages* of orders, each a JSON list as it arrived, and of their refunds, lists or lists by order.

    An order that came more than once counts as it was last changed, or last answered.

    Raises:
        FileNeedsFixing: A page is not a JSON list.
    """
    raw = _latest(read_pages(pages, ORDER_SHAPE)).with_row_index("line", offset=1)
    refunds = whole_refunds(raw, read_by_order(refund_pages, REFUND_SHAPE))
    lines, orphaned = _lines(raw, rules)
    return ParsedOrders(
        orders=_orders(raw, rules),
        lines=lines,
        refunds=parsed_refunds(refunds),
        refund_lines=parsed_refund_lines(refunds),
        payments=parsed_payments(raw, pages),
        places=raw.select("line", "page", "at", reference=pl.col(REFERENCE).fill_null("")),
        findings=date_findings(raw, rules),
        concerns=_of_bundles(orphaned),
    )


def _latest(raw: pl.DataFrame) -> pl.DataFrame:
    """Keep one of each order. Objects without an id are all kept: each is told."""
    named = raw.select("id", "date_modified_gmt").with_row_index("row")
    if not named["id"].drop_nulls().is_duplicated().any():
        return raw
    newest = named.filter(pl.col("id").is_not_null()).sort("date_modified_gmt", "row").unique("id", keep="last")
    kept = pl.concat([newest["row"], named.filter(pl.col("id").is_null())["row"]]).sort()
    return raw[kept]


def _orders(raw: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    created = in_utc(pl.col("date_created_gmt"), pl.col("date_created"), rules.time_zone)
    paid = in_utc(pl.col("date_paid_gmt"), pl.col("date_paid"), rules.time_zone)
    return raw.select(
        "line",
        pl.col("id").alias("order_id"),
        pl.coalesce("number", "id").alias("number"),
        "status",
        "currency",
        (pl.coalesce(paid, created) if rules.sold_when == "paid" else created).alias("sold_at"),
        pl.coalesce("date_created_gmt", "date_created").alias("sold_text"),
        in_utc(pl.col("date_modified_gmt"), pl.col("date_modified"), rules.time_zone).alias("modified_at"),
        "total",
        "total_tax",
        pl.col("billing").struct.field("email"),
        "payment_method",
        pl.col("payment_method_title").alias("payment_title"),
    ).cast(PARSED_ORDERS)


def _of_bundles(orphaned: int) -> tuple[Concern, ...]:
    says = f"{orphaned:,} orders have lines that are part of a bundle, and which line is the bundle cannot be told"
    return (Concern(code="ORDER_BUNDLE", says=says),) if orphaned else ()


def _lines(raw: pl.DataFrame, rules: OrderRules) -> tuple[pl.DataFrame, int]:
    """Return all lines in the order's sequence: what was sold, then how it was sent, then what else was charged.

    Beside them stands of how many orders nobody knows which line is a bundle.
    """
    goods, orphaned = with_moves(exploded(raw, "line_items"), rules.bundles)
    parts = [_items(goods), *(_charges(raw, column) for column in ("shipping_lines", "fee_lines"))]
    whole = pl.concat([part.select(PARSED_LINES.names()).cast(PARSED_LINES) for part in parts])
    return whole.sort("line", maintain_order=True), orphaned


def _items(goods: pl.DataFrame) -> pl.DataFrame:
    return goods.select(
        "line",
        pl.col("id").alias("item"),
        pl.lit("item").alias("kind"),
        "product_id",
        "variation_id",
        "sku",
        "name",
        "quantity",
        pl.col("total").alias("net"),
        pl.col("total_tax").alias("tax"),
        "moves",
        meta(_RESTOCKED).alias("restocked"),
    )


def _charges(raw: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return shipping or fees as lines: no product, one of each."""
    name, kind = ("method_title", "shipping") if column == "shipping_lines" else ("name", "fee")
    return exploded(raw, column).select(
        "line",
        pl.col("id").alias("item"),
        pl.lit(kind).alias("kind"),
        *(pl.lit(None, pl.String).alias(each) for each in ("product_id", "variation_id", "sku", "restocked")),
        pl.col(name).alias("name"),
        pl.lit("1").alias("quantity"),
        pl.col("total").alias("net"),
        pl.col("total_tax").alias("tax"),
        pl.lit(False).alias("moves"),
    )
