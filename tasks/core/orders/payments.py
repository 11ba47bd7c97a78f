"""What gift cards and store credit paid of an order, where the shop takes it off the order's total.

A means of payment is not a discount: the sale is what its lines say, and less was left to pay by other means.

| Plugin | where its orders say it | |
| --- | --- | --- |
| WooCommerce Gift Cards | ``gift_cards``: ``id, code, amount`` of each | M |
| PW Gift Cards | ``pw_gift_card_lines``: ``card_number, amount`` of each, if the shop shows them at all | M |
| YITH Gift Cards | metadata ``_ywgc_applied_gift_cards_totals``; ``_ywgc_applied_gift_cards`` by code | M |
| Smart Coupons (store credit) | metadata ``smart_coupons_contribution`` by code | M |
| Account Funds | metadata ``_funds_used`` | M |

M: read in code of others that reads such orders. Where lines and total do not fit what is told so, nothing is taken.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tasks.core.orders.decimals import as_cents
from tasks.core.orders.nested_fields import exploded
from tasks.core.orders.objects import parsed
from tasks.core.orders.parsed_orders import PARSED_PAYMENTS

_LISTS = ("gift_cards", "pw_gift_card_lines")
_TOTALS = ("_ywgc_applied_gift_cards_totals", "_funds_used")
_BY_CODE = ("_ywgc_applied_gift_cards", "smart_coupons_contribution")
_MARKS = tuple(f'"{key}"'.encode() for key in (*_TOTALS, *_BY_CODE))


def parsed_payments(raw: pl.DataFrame, pages: Sequence[bytes]) -> pl.DataFrame:
    """Return what was paid with cards and credit (PARSED_PAYMENTS), of orders as they came (``line, page, at``)."""
    listed = [exploded(raw, name).select("line", "amount") for name in _LISTS]
    marked = [number for number, page in enumerate(pages) if any(mark in page for mark in _MARKS)]
    kept = [_kept(raw.filter(page=number), parsed(pages[number])) for number in marked]
    return pl.concat([part.cast(PARSED_PAYMENTS) for part in (*listed, *kept)])


def with_payments(heads: pl.DataFrame, sold: pl.DataFrame, payments: pl.DataFrame, exponent: int) -> pl.DataFrame:
    """Put back on the total of *heads* what *payments* took off it, where the lines say that they did.

    Beside it stand ``paid_cents``, what was paid so (null where nothing was), and ``due_cents``, what was left to pay.
    """
    paid = payments.with_columns(paid_cents=as_cents(pl.col("amount"), exponent)).group_by("line")
    lines = sold.group_by("line").agg(gross=(pl.col("net_cents") + pl.col("tax_cents")).sum())
    joined = heads.join(paid.agg(pl.col("paid_cents").sum()), on="line", how="left", maintain_order="left").join(
        lines, on="line", how="left", maintain_order="left"
    )
    total, whole = pl.col("total_cents"), pl.col("total_cents") + pl.col("paid_cents")
    taken_off = (pl.col("paid_cents") > 0) & ((pl.col("gross") - whole).abs() < (pl.col("gross") - total).abs())
    settled = pl.when(taken_off).then(whole).otherwise(total)
    return joined.with_columns(due_cents=total, total_cents=settled).drop("gross")


def _kept(raw: pl.DataFrame, objects: Sequence[Any]) -> pl.DataFrame:
    """Return what orders of one page keep in their metadata."""
    rows = [
        (line, amount)
        for line, at in raw.select("line", "at").iter_rows()
        for amount in _amounts(_metadata(objects[at]))
    ]
    return pl.DataFrame(rows, schema=PARSED_PAYMENTS, orient="row")


def _metadata(fields: Any) -> Mapping[str, Any]:
    entries = fields.get("meta_data") if isinstance(fields, Mapping) else None
    values = entries.values() if isinstance(entries, Mapping) else entries or ()
    return {str(each.get("key")): each.get("value") for each in values if isinstance(each, Mapping)}


def _amounts(kept: Mapping[str, Any]) -> Iterator[str]:
    """Return the amounts of each plugin once: its total, or else what it says by code."""
    for key in _TOTALS:
        if isinstance(kept.get(key), str):
            yield kept[key]
    for key in _BY_CODE:
        if f"{key}_totals" not in kept:
            yield from (amount for amount in _listed(kept.get(key)) if isinstance(amount, str))


def _listed(value: Any) -> Iterable[Any]:
    """Return the values of an object, which some shops write as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            return ()
    return value.values() if isinstance(value, Mapping) else ()
