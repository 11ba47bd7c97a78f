"""Refunds of orders to lines of their own, dated by the refund.

Whether they can be is for ``refund_doubts`` to say; here nothing is made to fit but a cent of rounding.
"""

from collections.abc import Mapping

import polars as pl

from tasks.core.orders.decimals import as_cents, as_milli
from tasks.core.orders.findings import findings_of, is_given
from tasks.core.orders.lines import READ, given_or_zero, ids
from tasks.core.orders.totals import settled

_BY = ("line", "refund")
_PRODUCT = ("product_id", "variation_id", "sku")


def refund_lines_read(parsed: pl.DataFrame, refunds: pl.DataFrame, lines: pl.DataFrame, exponent: int) -> pl.DataFrame:
    """Read lines of refunds (PARSED_REFUND_LINES) into READ, ``refund, of_item, tally, turned``; null: unreadable.

    *lines* are those of the orders, as told: what is given back is the product that was sold.
    """
    sold = lines.select("line", of_item="item", **{f"{name}_sold": name for name in _PRODUCT}, tally="restocked")
    known = parsed.join(sold.unique(["line", "of_item"]), on=["line", "of_item"], how="left", maintain_order="left")
    dated = known.join(refunds.select(*_BY, "at").unique(_BY, keep="first"), on=_BY, how="left", maintain_order="left")
    named = dated.with_columns(pl.coalesce(f"{name}_sold", name).alias(name) for name in _PRODUCT)
    read = named.with_columns(
        **ids(),
        item=pl.format("r{}-{}", "refund", "item"),
        kind=pl.lit("refund"),
        quantity_milli=-as_milli(pl.col("quantity")).abs(),
        net_cents=as_cents(pl.col("net"), exponent),
        tax_cents=as_cents(given_or_zero("tax"), exponent),
        tally=as_milli(given_or_zero("tally")),
        moves=pl.lit(False),
    )
    return _below_zero(read).select(*READ.names(), "refund", "of_item", "tally", "turned")


def _below_zero(lines: pl.DataFrame) -> pl.DataFrame:
    """Write amounts below zero, as the shop itself does: some plugins tell what they give back above it.

    So it is where no line of a refund takes anything off the sale. Where some do, the others mean what they say.
    """
    amounts = ("net_cents", "tax_cents")
    above = pl.all_horizontal([(pl.col(name).fill_null(0) >= 0).all().over(_BY) for name in amounts])
    turned = lines.with_columns(
        turned=above & pl.any_horizontal([pl.col(name) > 0 for name in amounts]).fill_null(False)
    )
    return turned.with_columns(pl.when(above).then(-pl.col(name)).otherwise(name).alias(name) for name in amounts)


def with_amounts(lines: pl.DataFrame, refunds: pl.DataFrame) -> pl.DataFrame:
    """Make the *lines* of each refund add up to what was given back (``line, refund, at, amount_cents``).

    What no line tells, for the shop gave back an amount without saying for what, is a line of its own. Lines that
    give back more than their refund never come here (``refund_doubts``).
    """
    totals = refunds.with_columns(total_cents=-pl.col("amount_cents"), tax_cents=pl.lit(None, pl.Int64))
    added, short = settled(lines, totals, _BY)
    whole = pl.concat([added.select(READ.names()), _rest(short)])
    return whole.sort("line", "at", maintain_order=True)


def _rest(short: pl.DataFrame) -> pl.DataFrame:
    text = ("source_product_id", "source_variation_id", "sku", "name")
    return short.select(
        "line",
        item=pl.format("r{}", "refund"),
        kind=pl.lit("refund"),
        **dict.fromkeys(text, pl.lit("")),
        quantity_milli=pl.lit(0, pl.Int64),
        net_cents=pl.col("total_cents") - pl.col("sum_cents"),
        tax_cents=pl.lit(0, pl.Int64),
        moves=pl.lit(False),
        at="at",
    ).select(READ.names())


def refund_findings(
    refunds: pl.DataFrame, parsed: pl.DataFrame, read: pl.DataFrame, orders: pl.DataFrame, headings: Mapping[str, str]
) -> pl.DataFrame:
    """Name what could not be read of *refunds* (with ``amount_cents``) and of their lines *parsed* and *read*."""
    named, numbered = (
        each.join(orders.select("line", "order_id"), on="line", how="left") for each in (refunds, parsed)
    )
    lines = numbered.with_columns(item=pl.format("refund {}-{}", "refund", "item"))
    unreadable = read["net_cents"].is_null() | read["tax_cents"].is_null()
    wrong = named["amount_cents"].is_null() | (named["amount_cents"] < 0)
    nameless = ~is_given(named["refund"])
    twice = named.select(pl.struct(_BY).is_duplicated()).to_series() & ~nameless
    unnamed = ~is_given(parsed["item"])
    again = parsed.select(pl.struct(*_BY, "item").is_duplicated()).to_series() & ~unnamed
    return pl.concat(
        [
            findings_of(named.filter(wrong), "amount", "AMOUNT_NOT_A_NUMBER", headings),
            findings_of(named.filter(pl.col("at").is_null()), "at", "ORDER_DATE", headings),
            findings_of(named.filter(nameless), "refund", "ORDER_REFUND_MISSING", headings),
            findings_of(named.filter(twice), "refund", "ORDER_TWICE", headings),
            findings_of(lines.filter(unreadable), "net", "AMOUNT_NOT_A_NUMBER", headings),
            findings_of(lines.filter(read["quantity_milli"].is_null()), "quantity", "ORDER_QUANTITY", headings),
            findings_of(lines.filter(unnamed), "name", "ORDER_LINE_ID", headings),
            findings_of(lines.filter(again), "name", "ORDER_TWICE", headings),
        ]
    )
