"""What stands above the lines of an order, as told, to values: which order, when, in what state, for how much."""

from collections.abc import Mapping

import polars as pl

from tasks.core.orders.decimals import as_cents
from tasks.core.orders.findings import NONE, findings_of, is_given
from tasks.core.orders.instants import believable
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.statuses import as_key

_ORDER_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


def read_headers(parsed: pl.DataFrame, refunds: pl.DataFrame, rules: OrderRules) -> pl.DataFrame:
    """Read orders (PARSED_ORDERS) and what was given back of them; what cannot be read is null, but a tax not told."""
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
        currency=pl.col("currency").fill_null(rules.currency),
        total_cents=as_cents(pl.col("total"), rules.exponent),
        tax_cents=as_cents(pl.col("total_tax"), rules.exponent),
        refunded_cents=pl.col("refunded_cents").fill_null(0),
        customer_email=pl.col("email").fill_null("").str.strip_chars().str.to_lowercase(),
    )


def header_findings(
    parsed: pl.DataFrame, read: pl.DataFrame, lines: pl.DataFrame, rules: OrderRules, headings: Mapping[str, str]
) -> pl.DataFrame:
    """Name every cell of an order that could not be read, and objects that are no order: with neither id nor lines."""
    nothing = parsed["order_id"].is_null() & parsed["total"].is_null() & ~parsed["line"].is_in(lines["line"].implode())
    no_id = ~nothing & ~parsed["order_id"].str.contains(_ORDER_ID).fill_null(False)
    bad = {
        ("order_id", "ORDER_UNREADABLE"): nothing,
        ("order_id", "ORDER_ID"): no_id,
        ("sold_text", "ORDER_DATE"): read["sold_at"].is_null() & ~nothing,
        ("status", "ORDER_STATUS"): read["state"].is_null() & ~nothing,
        ("currency", "ORDER_CURRENCY"): read["currency"] != rules.currency,
        ("total", "AMOUNT_NOT_A_NUMBER"): read["total_cents"].is_null() & ~nothing,
        ("total", "AMOUNT_NEGATIVE"): read["total_cents"] < 0,
        ("total_tax", "AMOUNT_NOT_A_NUMBER"): read["tax_cents"].is_null() & is_given(parsed["total_tax"]),
    }
    named = {"sold_text": headings.get("sold_at", "date_created"), **headings}
    detail = {"ORDER_STATUS": pl.lit(f"known are {', '.join(sorted(rules.states))}")}
    found = [
        findings_of(parsed.filter(at), column, code, named, detail=detail.get(code))
        for (column, code), at in bad.items()
        if at.any()
    ]
    return pl.concat([NONE, *found])
