"""What a plan of sales does to stock, product by product and outlet by outlet: before, sold, after."""

import polars as pl

from schemas.tables import Concern
from tasks.core.orders.effects import COMPENSATED, SOLD, movements
from tasks.core.planning.changes import writable
from tasks.core.wording.quantities import quantity_text
from tasks.core.wording.words import counted

_PLACE = ["product_id", "outlet_id"]


def stock_effect(changes: pl.DataFrame, products: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Say of each product and outlet that *changes* move what is there, sold, put back and left, most sold first.

    ``sold_milli`` is what goes out, less what comes back; ``compensated_milli`` what is added again so that the
    level stays, where history is neutral. ``negative`` tells the levels that would be below zero and fall.
    """
    moved = movements(writable(changes))
    by_reason = moved.group_by(_PLACE).agg(
        sold_milli=-pl.col("quantity_milli").filter(pl.col("reason") == SOLD).sum(),
        compensated_milli=pl.col("quantity_milli").filter(pl.col("reason") == COMPENSATED).sum(),
    )
    named = by_reason.join(products.select("product_id", "sku", "name"), on="product_id", how="left")
    joined = named.join(levels, on=_PLACE, how="left").with_columns(before_milli=pl.col("quantity_milli").fill_null(0))
    after = pl.col("before_milli") - pl.col("sold_milli") + pl.col("compensated_milli")
    with_levels = joined.with_columns(after_milli=after, negative=(after < 0) & (after < pl.col("before_milli")))
    return with_levels.select(
        "sku", "name", *_PLACE, "before_milli", "sold_milli", "compensated_milli", "after_milli", "negative"
    ).sort("sold_milli", "sku", *_PLACE, descending=[True, False, False, False])


def sold_below_zero(effect: pl.DataFrame) -> tuple[Concern, ...]:
    """Raise a concern about products of which more would be sold than is there."""
    count = int(effect["negative"].sum())
    if not count:
        return ()
    lowest = effect.select(quantity_text(pl.col("after_milli").min())).item()
    says = f"the stock of {counted(count, 'product')} would be below zero, the lowest at {lowest}"
    short = effect.filter("negative").select(pl.concat_str(*_PLACE, separator="@")).to_series().sort()
    return (Concern(code="ORDER_STOCK_NEGATIVE", says=says, override="stock=neutral", about=tuple(short)),)
