"""Orders as the till would hold them: one sale an order, its lines one value, canonical to the byte."""

import polars as pl

from schemas.orders.records import SALES
from schemas.stock import Place
from tasks.core.orders.content_hash import content_of, hash_sales
from tasks.core.orders.effects import lines_of

_LINE = ("kind", "line", "moves", "name", "net_cents", "product_id", "quantity_milli", "sku", "tax_cents")
"""What a line of a sale says, sorted; a refund says before it ``at``."""
_SAME = ("order_key", "line", "product_id", "kind")


def book(
    orders: pl.DataFrame,
    matched: pl.DataFrame,
    products: pl.DataFrame,
    customers: pl.DataFrame,
    place: Place,
    before: pl.DataFrame,
) -> pl.DataFrame:
    """Return one sale an order: ``line``, the columns of Sales, and ``code`` and ``detail`` of what holds it.

    *products* tell whose stock is kept at all, of what was not sold *before* already. *customers* (``email,
    customer_id``) are found by the address of the order; an address that several have is nobody's.
    """
    moving = matched.with_columns(_moves(matched, products, before))
    lines = _written(moving)
    reasons = _reasons(matched)
    known = customers.filter(pl.col("email") != "").unique("email", keep="none")
    joined = (
        orders.join(lines, on="order_key", how="left", maintain_order="left")
        .join(reasons, on="order_key", how="left", maintain_order="left")
        .join(known, left_on="customer_email", right_on="email", how="left", maintain_order="left")
    )
    booked = joined.with_columns(
        pl.col("lines").fill_null("[]"),
        *[pl.col(name).fill_null("") for name in ("customer_id", "code", "detail")],
        register_id=pl.lit(place.register_id),
        outlet_id=pl.lit(place.outlet_id),
        stock=pl.lit(place.stock),
    )
    counting = booked.join(content_of(moving), on="order_key", how="left", maintain_order="left")
    booked = counting.with_columns(written_sha256=hash_sales(counting))
    return booked.select("line", "order_key", *SALES.columns, "code", "detail")


def _moves(matched: pl.DataFrame, products: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """Say which lines move stock. What was sold keeps it as booked: counting begun or ended since reaches not back."""
    counted = products.filter(tracks_stock="yes")["product_id"]
    now = matched.select(*_SAME, moves=pl.col("moves") & pl.col("product_id").is_in(counted.implode()))
    held = lines_of(before.filter(state="closed").select("order_key", "lines")).filter(kind="item")
    sold = held.select(*_SAME, booked="moves").unique(_SAME)
    return (
        now.join(sold, on=_SAME, how="left", maintain_order="left")
        .select(moves=pl.coalesce("booked", "moves"))
        .to_series()
    )


def _written(matched: pl.DataFrame) -> pl.DataFrame:
    """Write the lines of each order as JSON without blanks, keys sorted."""
    plain, refund = pl.struct(_LINE).struct.json_encode(), pl.struct("at", *_LINE).struct.json_encode()
    texts = matched.select("order_key", text=pl.when(pl.col("kind") == "refund").then(refund).otherwise(plain))
    joined = texts.group_by("order_key", maintain_order=True).agg(pl.col("text").str.join(","))
    return joined.select("order_key", lines=pl.format("[{}]", "text"))


def _reasons(matched: pl.DataFrame) -> pl.DataFrame:
    """Say of each order with lines that have no product why it is held: by the first of them, and how many more."""
    held = matched.filter(pl.col("code") != "")
    named = pl.concat_str(
        pl.format("line {}", "line"),
        pl.when(pl.col("name") != "").then(pl.format(", {}", "name")).otherwise(pl.lit("")),
        pl.when(pl.col("detail") != "").then(pl.format(", {}", "detail")).otherwise(pl.lit("")),
    )
    first = held.with_columns(said=named).group_by("order_key", maintain_order=True)
    reasons = first.agg(pl.col("code").first(), pl.col("said").first(), others=pl.len() - 1)
    more = pl.when(pl.col("others") > 0).then(pl.format(", and {} more", "others")).otherwise(pl.lit(""))
    return reasons.select("order_key", "code", detail=pl.concat_str("said", more))
