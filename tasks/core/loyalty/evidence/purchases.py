"""What was bought, by the till, and what of it is on the cards, by Astro."""

import polars as pl

from schemas.loyalty.witnesses import Witnesses
from tasks.core.loyalty.evidence.items import MILLI, prices

_KEY = "failure_key"


def purchase_evidence(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Count, of each failed purchase, what was sold, what is on record, and what it is worth."""
    purchases = failures.filter(section="transaction")
    sold = _sold(purchases, witnesses.sales)
    values = _values(failures, sold, witnesses)
    rows = failures.select(_KEY, "section", "customer_id", "occurred_on")
    rows = rows.join(sold.select(_KEY, "bought_milli", "free_milli", "item_name"), on=_KEY, how="left")
    rows = rows.join(_recorded(purchases, witnesses), on=_KEY, how="left").join(values, on=_KEY, how="left")
    seen = (pl.col("section") == "transaction") & pl.col("occurred_on").is_in(witnesses.sold_days.implode())
    return rows.select(
        _KEY,
        "item_name",
        *(pl.when(seen).then(pl.col(name).fill_null(0)).alias(name) for name in ("bought_milli", "free_milli")),
        *("recorded_milli", "recorded_with_id", "recorded_later_milli", "value_cents"),
    )


def lines_of(failures: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of the sale that each failure is of: the one its id names, else those of that day."""
    pairs = failures.select(_KEY, "customer_id", "upc", "transaction_id", "occurred_on").join(
        sales.rename({"upc": "sold_upc"}), on="customer_id", how="inner"
    )
    named = (pl.col("sale_id") != "") & (
        (pl.col("transaction_id") == pl.col("sale_id"))
        | pl.col("transaction_id").str.starts_with(pl.col("sale_id") + "-")
    )
    pairs = pairs.with_columns(named=named).with_columns(any_named=pl.col("named").any().over(_KEY))
    same_day = ~pl.col("any_named") & (pl.col("sold_on") == pl.col("occurred_on"))
    return pairs.filter(pl.col("named") | same_day)


def _sold(purchases: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    lines = lines_of(purchases, sales).filter(pl.col("sold_upc") == pl.col("upc"))
    free = (pl.col("paid_cents") == 0) & (pl.col("quantity_milli") > 0)
    return lines.group_by(_KEY).agg(
        bought_milli=pl.col("quantity_milli").sum(),
        free_milli=pl.col("quantity_milli").filter(free).sum(),
        paid=pl.col("paid_cents").sum(),
        item_name=pl.col("item").max(),
    )


def _recorded(purchases: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Count what is on the cards of owners whom Astro showed us; of all others nothing is known."""
    known = witnesses.owners.filter("known").select("customer_id")
    wanted = purchases.select(_KEY, "customer_id", "upc", "transaction_id", "occurred_on").join(
        known, on="customer_id", how="semi"
    )
    cards = witnesses.cards.rename({"transaction_id": "imported"})
    pairs = wanted.join(cards, on=["customer_id", "upc"], how="left")
    same_day = pl.col("purchased_on") == pl.col("occurred_on")
    by_hand = (pl.col("purchased_on") > pl.col("occurred_on")) & (pl.col("imported") == "")
    with_id = (pl.col("imported") == pl.col("transaction_id")) & (pl.col("transaction_id") != "")
    return pairs.group_by(_KEY).agg(
        recorded_milli=MILLI * same_day.sum().cast(pl.Int64),
        recorded_with_id=with_id.any(),
        recorded_later_milli=MILLI * by_hand.sum().cast(pl.Int64),
    )


def taken_for_free(failures: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Return ``failure_key, customer_id, upc`` of what customers took for free where a redemption failed."""
    lines = lines_of(failures.filter(section="redemption"), sales)
    free = lines.filter((pl.col("paid_cents") == 0) & (pl.col("quantity_milli") > 0))
    return free.select(_KEY, "customer_id", upc="sold_upc").unique(maintain_order=True)


def _values(failures: pl.DataFrame, sold: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Say what is lost: what the items cost, or for a free good what one costs."""
    taken = taken_for_free(failures, witnesses.sales).join(prices(witnesses), on="upc", how="inner")
    credit = taken.group_by(_KEY).agg(credit=pl.col("price_cents").sum())
    rows = failures.select(_KEY, "amount_cents").join(sold.select(_KEY, "paid"), on=_KEY, how="left")
    rows = rows.join(credit, on=_KEY, how="left")
    return rows.select(_KEY, value_cents=pl.coalesce("paid", "credit", "amount_cents"))
