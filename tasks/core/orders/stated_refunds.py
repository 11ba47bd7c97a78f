"""What is told of the refunds of orders: the few words in the order itself, and the refunds' own answers.

An order names its refunds by id and amount. When each was, what was given back and whether it went back on the
shelf stand in the refund's own answer, or in an export that has them whole.
"""

import polars as pl

from tasks.core.orders.instants import in_utc
from tasks.core.orders.nested_fields import exploded, meta
from tasks.core.orders.objects import REFUND_SHAPE
from tasks.core.orders.parsed_orders import PARSED_REFUND_LINES, PARSED_REFUNDS

_LISTS = ("line_items", "shipping_lines", "fee_lines")
_OF_ITEM = "_refunded_item_id"


def whole_refunds(raw: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Return every refund that an order names, as ``line`` and its fields: from *answers*, else from the order."""
    named = exploded(raw, "refunds")
    stated = named.with_columns(bare=pl.all_horizontal([pl.col(name).is_null() for name in ("amount", *_LISTS)]))
    known = answers.unique("id", keep="last").with_columns(bare=pl.lit(False))
    theirs = stated.join(known, on="id", how="left", suffix="_own", maintain_order="left")
    fields = [name for name in REFUND_SHAPE.names() if name != "id"]
    own = pl.col("bare_own").is_not_null()
    chosen = [pl.when(own).then(f"{name}_own").otherwise(name).alias(name) for name in (*fields, "bare")]
    return theirs.select("line", pl.col("id").alias("refund"), *chosen, named=_given_back("total"))


def parsed_refunds(refunds: pl.DataFrame) -> pl.DataFrame:
    """Return one row a refund; amounts are what was given back, so above zero."""
    amount = pl.coalesce("amount", _given_back("total"))
    at = in_utc(pl.col("date_created_gmt"), pl.lit(None, pl.String), "UTC")
    return refunds.select("line", "refund", at.alias("at"), amount.alias("amount"), "named", "bare").cast(
        PARSED_REFUNDS
    )


def _given_back(total: str) -> pl.Expr:
    """Return an amount that is told as what it adds to the order's total: below zero."""
    return pl.col(total).str.strip_prefix("-")


def parsed_refund_lines(refunds: pl.DataFrame) -> pl.DataFrame:
    """Return what each refund gives back: goods, and parts of shipping and fees."""
    parts = [_goods(refunds), *(_charges(refunds, column) for column in _LISTS[1:])]
    whole = pl.concat([part.select(PARSED_REFUND_LINES.names()).cast(PARSED_REFUND_LINES) for part in parts])
    return whole.sort("line", maintain_order=True)


def _goods(refunds: pl.DataFrame) -> pl.DataFrame:
    return exploded(refunds, "line_items", "refund").select(
        "line",
        "refund",
        pl.col("id").alias("item"),
        meta(_OF_ITEM).alias("of_item"),
        "product_id",
        "variation_id",
        "sku",
        "name",
        "quantity",
        pl.col("total").alias("net"),
        pl.col("total_tax").alias("tax"),
    )


def _charges(refunds: pl.DataFrame, column: str) -> pl.DataFrame:
    name = "method_title" if column == "shipping_lines" else "name"
    return exploded(refunds, column, "refund").select(
        "line",
        "refund",
        pl.col("id").alias("item"),
        *(pl.lit(None, pl.String).alias(each) for each in ("of_item", "product_id", "variation_id", "sku")),
        pl.col(name).alias("name"),
        pl.lit("0").alias("quantity"),
        pl.col("total").alias("net"),
        pl.col("total_tax").alias("tax"),
    )
