"""What items are called and cost, by the sales of all customers: counted by parts, so that memory holds one part."""

from collections.abc import Sequence

import polars as pl

from schemas.loyalty.witnesses import SOLD_ITEMS, Witnesses

MILLI = 1000
_SOLD = (pl.col("paid_cents") > 0) & (pl.col("quantity_milli") > 0)


def sold_items(sales: pl.DataFrame) -> pl.DataFrame:
    """Return SOLD_ITEMS of *sales* (SALES)."""
    price = pl.when(_SOLD).then(pl.col("paid_cents") * MILLI // pl.col("quantity_milli"))
    return newest([sales.select("upc", "item", named_on="sold_on", price_cents=price, priced_on="sold_on")])


def newest(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put SOLD_ITEMS of parts together: of each item the newest name, and the newest price."""
    every = pl.concat([SOLD_ITEMS.to_frame(), *parts])
    names = every.sort("named_on", "item").unique("upc", keep="last", maintain_order=True)
    priced = every.drop_nulls("price_cents").sort("priced_on", "price_cents").unique("upc", keep="last")
    prices = priced.select("upc", "price_cents", "priced_on")
    both = names.drop("price_cents", "priced_on").join(prices, on="upc", how="left", maintain_order="left")
    return both.select(*SOLD_ITEMS)


def prices(witnesses: Witnesses) -> pl.DataFrame:
    """Return what a piece of each item was sold for last, else what the shop asks: ``upc, price_cents``."""
    sold = witnesses.sold_items.drop_nulls("price_cents").select("upc", "price_cents")
    return pl.concat([sold, witnesses.prices]).unique("upc", keep="first", maintain_order=True)
