"""Dates of an order as the shop's interface answers them: each that is told must be one, also where it is not used."""

import polars as pl

from tasks.core.orders.findings import NONE, findings_of
from tasks.core.orders.instants import is_instant
from tasks.core.orders.rules import OrderRules

_DATES = ("date_created", "date_paid", "date_modified")
_NO_DATE = r"^(?:0000-00-00.*|-0001-11-30.*|)$"
"""How a database and PHP write that there is no date."""


def date_findings(raw: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    """Name dates of orders (ORDER_SHAPE) that cannot be, though something better may stand beside them.

    Where nothing at all says when an order was, that is told elsewhere.
    """
    named = {f"{name}{suffix}": name for name in _DATES for suffix in ("_gmt", "")}
    wrong = raw.select(_wrong(column, rules) for column in named)
    orders = raw.rename({"id": "order_id"})
    found = [
        findings_of(orders.filter(wrong[column]), column, "ORDER_DATE", {column: named[column]})
        for column in named
        if wrong[column].any()
    ]
    return pl.concat([NONE, *found]).unique(["line", "heading"], keep="first", maintain_order=True)


def _wrong(column: str, rules: OrderRules) -> pl.Expr:
    """Tell dates that are none, or none that can be; of which zone they are does not matter here."""
    text = pl.col(column)
    return text.is_not_null() & ~is_instant(text, rules.today) & ~text.str.contains(_NO_DATE)
