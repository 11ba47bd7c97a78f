"""Which payment type of the till each sale is paid with, as the settings say by the shop's own words for a payment.

A sale that is there stays with the type that it is paid with there, also where the till changed it, and what is given
back of it goes back by the same: so no order looks changed because a setting, or a word of the shop, became another.
"""

import polars as pl

from schemas.orders.records import PAID_BY
from schemas.orders.steps import PaymentTypes
from schemas.report_tables import ReportTable, ShownTable
from tasks.core.planning.changes import writable

_NEW, _OLD = f"{PAID_BY}_after", f"{PAID_BY}_before"
_METHOD = ("payment_method", "payment_title")


def with_payment_types(booked: pl.DataFrame, orders: pl.DataFrame, types: PaymentTypes | None) -> pl.DataFrame:
    """Put PAID_BY beside *booked* sales of *orders*: empty where nothing is paid, as of what is parked or for free.

    Where there are no *types* to choose from, sales do without.
    """
    if types is None:
        return booked
    named = orders.select("order_key", *_METHOD)
    joined = booked.join(named, on="order_key", how="left", maintain_order="left")
    paid = (pl.col("state") == "closed") & (pl.col("total_cents") != 0)
    chosen = pl.when(paid).then(pl.coalesce(_by_setting(types), pl.lit(types.others))).otherwise(pl.lit(""))
    return joined.with_columns(chosen.alias(PAID_BY)).drop(_METHOD)


def payments_by_method(changes: pl.DataFrame, orders: pl.DataFrame, types: PaymentTypes) -> ShownTable:
    """Count the sales that *changes* would pay, and add them up, by payment method; what no setting names first."""
    newly = writable(changes).filter((pl.col(_NEW) != "") & (pl.col(_OLD).fill_null("") == ""))
    paid = newly.join(orders.select("order_key", *_METHOD), on="order_key", how="left", maintain_order="left")
    named = paid.select(
        "payment_method",
        "payment_title",
        payment_type=pl.col(_NEW).replace(dict(types.names)),
        mapped=pl.when(_by_setting(types).is_null()).then(pl.lit("no")).otherwise(pl.lit("yes")),
        currency="currency_after",
        value_cents="total_cents_after",
    )
    counted = named.group_by("payment_method", "payment_type", "mapped", "currency").agg(
        pl.col("payment_title").unique().sort().first(),
        orders=pl.len().cast(pl.Int64),
        value_cents=pl.col("value_cents").sum(),
    )
    report_table = ReportTable(
        name="payments",
        title="Payments by method",
        says="What these sales are paid with. A method that no setting names goes to the payment type of all others.",
        private=False,
        headings={"payment_method": "Payment method", "payment_title": "As buyers read it"}
        | {"payment_type": "Payment type at the till", "mapped": "Named by a setting"},
    )
    columns = ("payment_method", "payment_title", "payment_type", "mapped", "orders", "value_cents", "currency")
    return report_table, counted.select(columns).sort("mapped", "payment_method", "payment_type", "currency")


def _by_setting(types: PaymentTypes) -> pl.Expr:
    """Look a payment method up by the shop's word for it, else by what buyers read; null where neither is named."""
    words = [pl.col(name).str.to_lowercase() for name in _METHOD]
    found = dict(types.by_method)
    return pl.coalesce(word.replace_strict(found, default=None, return_dtype=pl.String) for word in words)
