"""What Astro and the till said about customers and items, as plain rows: what evidence is drawn from.

Of contact data only whether it is there. The rest is about customers, by number: kept in artifacts only.
"""

from dataclasses import dataclass

import polars as pl

OWNERS = pl.Schema(
    {"customer_id": pl.String, "known": pl.Boolean, "has_email": pl.Boolean, "has_address": pl.Boolean}
    | {"at_hand": pl.Boolean}
)
"""Who was asked about. ``at_hand``: the shop's own register has contact data for them; null: nobody looked."""

CARDS = pl.Schema(
    {"customer_id": pl.String, "programme_id": pl.String, "programme": pl.String, "upc": pl.String}
    | {"item": pl.String, "transaction_id": pl.String, "purchased_on": pl.Date}
)
"""Purchases on cards. A card without any is a row whose ``upc`` is empty."""

REWARDS = pl.Schema(
    {"customer_id": pl.String, "reward_id": pl.String, "reward_state": pl.String, "programme": pl.String}
    | {"item_id": pl.String, "upc": pl.String, "item": pl.String}
)
"""Rewards with the items that may be had for them (waiting) or were had (incomplete, redeemed)."""

ITEMS = pl.Schema({"upc": pl.String, "item": pl.String, "programme_id": pl.String, "programme": pl.String})
"""Items that were asked about and are in a programme."""

ELIGIBLE = pl.Schema({"customer_id": pl.String, "upc": pl.String, "eligible": pl.Boolean})
"""Whether an item may be had for free now, by customer."""

SALES = pl.Schema(
    {"sale_id": pl.String, "customer_id": pl.String, "sold_on": pl.Date, "upc": pl.String, "item": pl.String}
    | {"quantity_milli": pl.Int64, "paid_cents": pl.Int64}
)
"""Lines of sales, what was brought back below zero. A line that nothing was paid for is a free good."""

PARSED_SALES = pl.Schema([*SALES.items(), ("file", pl.String), ("whole", pl.Boolean)])
"""Lines of sales by the file that told them. What is not *whole* says what was sold, but not what was not."""

SOLD_ITEMS = pl.Schema(
    {"upc": pl.String, "item": pl.String, "named_on": pl.Date, "price_cents": pl.Int64, "priced_on": pl.Date}
)
"""What an item was called, and what a piece of it cost, when it was last sold."""

PRICES = pl.Schema({"upc": pl.String, "price_cents": pl.Int64})
"""What a piece costs in the shop."""


@dataclass(frozen=True, kw_only=True)
class Witnesses:
    """Everything that was said. *asked_items* were asked about; *sold_days* are days of which the till has sales.

    *sales* may be those of a part of the customers, *sold_items* are of all sales.
    """

    owners: pl.DataFrame
    cards: pl.DataFrame
    rewards: pl.DataFrame
    items: pl.DataFrame
    eligible: pl.DataFrame
    sales: pl.DataFrame
    sold_items: pl.DataFrame
    prices: pl.DataFrame
    asked_items: pl.Series
    sold_days: pl.Series
