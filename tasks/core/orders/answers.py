"""Orders and refunds as a shop's REST interface answers them, to what is told of each.

Sources: contracts/woocommerce.md 4.3 and what was seen on running shops. Never used: the ``price`` of a line, a
float; ``subtotal``, which is before coupons; ``coupon_lines``, which the totals of lines hold already.
"""

from collections.abc import Sequence

import polars as pl

from tasks.core.orders.instants import in_utc
from tasks.core.orders.nested import exploded, meta
from tasks.core.orders.objects import ORDER_SHAPE, REFERENCE, REFUND_SHAPE, read_by_order, read_pages
from tasks.core.orders.refunds_told import refund_lines_told, refunds_told, whole_refunds
from tasks.core.orders.rules import Bundles, OrderRules
from tasks.core.orders.told import LINES_TOLD, ORDERS_TOLD, Told

_RESTOCKED = "_restock_refunded_items"
_CHILD = ("_bundled_by", "_composite_parent", "_woosb_parent_id", "_mnm_container")
_PARENT = ("_bundled_items", "_composite_children", "_woosb_ids", "_mnm_config")


def read_answers(pages: Sequence[bytes], refund_pages: Sequence[bytes], rules: OrderRules) -> Told:
    """Read *pages* of orders, each a JSON list as it arrived, and of their refunds, lists or lists by order.

    An order that came more than once counts as it was last changed, or last answered.

    Raises:
        FileNeedsFixing: A page is not a JSON list.
    """
    raw = _latest(read_pages(pages, ORDER_SHAPE)).with_row_index("line", offset=1)
    refunds = whole_refunds(raw, read_by_order(refund_pages, REFUND_SHAPE))
    return Told(
        orders=_orders(raw, rules),
        lines=_lines(raw, rules),
        refunds=refunds_told(refunds),
        refund_lines=refund_lines_told(refunds),
        places=raw.select("line", "page", "at", reference=pl.col(REFERENCE).fill_null("")),
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
    ).cast(ORDERS_TOLD)


def _lines(raw: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    """Return all lines in the order's sequence: what was sold, then how it was sent, then what else was charged."""
    parts = [_items(raw, rules.bundles), *(_charges(raw, column) for column in ("shipping_lines", "fee_lines"))]
    whole = pl.concat([part.select(LINES_TOLD.names()).cast(LINES_TOLD) for part in parts])
    return whole.sort("line", maintain_order=True)


def _items(raw: pl.DataFrame, bundles: Bundles) -> pl.DataFrame:
    each = exploded(raw, "line_items")
    return each.select(
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
        _moves(bundles).alias("moves"),
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


def _moves(bundles: Bundles) -> pl.Expr:
    """Say which lines move stock, where a bundle and what is in it both stand among the lines."""
    if bundles == "both":
        return pl.lit(True)
    child, parent = _linked(("bundled_by", "composite_parent"), _CHILD), _listed() | _has_meta(_PARENT)
    return ~child if bundles == "parents" else child | ~parent


def _linked(fields: Sequence[str], keys: Sequence[str]) -> pl.Expr:
    named = pl.any_horizontal([pl.col(name).fill_null("").is_in(["", "0"]).not_() for name in fields])
    return named | _has_meta(keys)


def _listed() -> pl.Expr:
    lists = ("bundled_items", "composite_children")
    return pl.any_horizontal([pl.col(name).list.len().fill_null(0) > 0 for name in lists])


def _has_meta(keys: Sequence[str]) -> pl.Expr:
    found = pl.col("meta_data").list.eval(pl.element().struct.field("key").is_in(keys)).list.any()
    return found.fill_null(False)
