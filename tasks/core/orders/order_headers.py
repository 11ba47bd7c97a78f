"""What stands above the lines of an order, as told, to values: which order, when, in what state, for how much."""

from collections.abc import Mapping

import polars as pl

from schemas.orders.records import Orders
from tasks.core.orders.decimals import as_cents
from tasks.core.orders.findings import findings_of, is_given, judged_cells
from tasks.core.orders.instants import believable
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.statuses import as_key

_CELLS = {
    "order_id": "order_id",
    "sold_at": "sold_text",
    "state": "status",
    "currency": "currency",
    "total_cents": "total",
}
"""What the schema judges of an order before its lines are known, and which cell tells it."""


def read_headers(parsed: pl.DataFrame, refunds: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    """Read orders (PARSED_ORDERS) and what was given back of them; what cannot be is null, and a tax not told."""
    status = as_key(pl.col("status"))
    given_back = refunds.group_by("line").agg(refunded_cents=pl.col("amount_cents").sum())
    read = parsed.join(given_back, on="line", how="left", maintain_order="left")
    return read.select(
        "line",
        "order_id",
        order_key=pl.format("{}:{}", pl.lit(rules.source), "order_id"),
        number=pl.coalesce("number", "order_id"),
        status=status.fill_null(""),
        state=status.replace_strict(dict(rules.states), default=None, return_dtype=pl.String),
        sold_at=pl.when(believable(pl.col("sold_at"), rules.today)).then("sold_at"),
        modified_at=pl.col("modified_at").fill_null(""),
        currency=pl.when(pl.col("currency").fill_null(rules.currency) == rules.currency).then(pl.lit(rules.currency)),
        total_cents=as_cents(pl.col("total"), rules.exponent),
        tax_cents=as_cents(pl.col("total_tax"), rules.exponent),
        refunded_cents=pl.col("refunded_cents").fill_null(0),
        customer_email=pl.col("email").fill_null("").str.strip_chars().str.to_lowercase(),
        payment_method=pl.col("payment_method").fill_null("").str.strip_chars(),
        payment_title=pl.col("payment_title").fill_null("").str.strip_chars(),
    )


def header_findings(
    parsed: pl.DataFrame, read: pl.DataFrame, lines: pl.DataFrame, rules: OrderRules, headings: Mapping[str, str]
) -> pl.DataFrame:
    """Name every cell of an order that could not be read, and objects that are no order: with neither id nor lines."""
    nothing = parsed["order_id"].is_null() & parsed["total"].is_null() & ~parsed["line"].is_in(lines["line"].implode())
    unread_tax = read["tax_cents"].is_null() & is_given(parsed["total_tax"])
    named = {"sold_text": headings.get("sold_at", "date_created"), **headings}
    known = {"ORDER_STATUS": pl.lit(f"known are {', '.join(sorted(rules.states))}")}
    return pl.concat(
        [
            findings_of(parsed.filter(nothing), "order_id", "ORDER_UNREADABLE", headings),
            judged_cells(Orders, read.filter(~nothing), parsed.filter(~nothing), _CELLS, named, known),
            findings_of(parsed.filter(unread_tax), "total_tax", "AMOUNT_NOT_A_NUMBER", headings),
        ]
    )
