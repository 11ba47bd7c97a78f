"""Products that orders sold and the till does not have: which of them to make, and as what.

Their ids follow from where they come from, so that a run that is repeated makes none twice, and one that was
undone finds its products again.
"""

import polars as pl

from tasks.core.stock.products import product_id
from tasks.core.stock.skus import bare

_ORIGIN = ("source_product_id", "source_variation_id", "sku")
_UNKNOWN, _MISSING = "ORDER_LINE_SKU_UNKNOWN", "ORDER_LINE_SKU_MISSING"
_GONE = "ORDER_LINE_PRODUCT_DELETED_IN_TARGET"


def make_missing(
    matched: pl.DataFrame, orders: pl.DataFrame, products: pl.DataFrame, *, source: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return *matched* lines with the products to be made in them, and these products (Products), by id.

    Made is what an unknown SKU asks for, in orders that nothing else holds; what has none, but an id in the shop, by
    which it is linked; and what we made once and was deactivated since. A SKU that stands for several products of the
    shop is held: which one it is, is not ours to say.
    """
    named = matched.with_columns(made=_ids(matched, source))
    revived = (pl.col("code") == _GONE) & pl.col("made").is_in(products["product_id"].implode())
    by_sku = ((pl.col("code") == _UNKNOWN) | revived) & ~pl.col("told")
    by_id = (pl.col("code") == _MISSING) & ~pl.col("source_product_id").is_in(["", "0"]) & ~pl.col("told")
    asks = by_sku | by_id
    unclear = by_sku & _stands_for_several(by_sku)
    judged = named.with_columns(
        code=pl.when(unclear).then(pl.lit("ORDER_LINE_SKU_AMBIGUOUS")).otherwise("code"),
        detail=pl.when(unclear).then(pl.format("{}: several products of the shop", "sku")).otherwise("detail"),
        makes=asks & ~unclear,
    )
    held = ((pl.col("code") != "") & ~pl.col("makes")).any().over("order_key")
    whole = judged.with_columns(makes=pl.col("makes") & ~held)
    makes = pl.col("makes")
    settled = whole.with_columns(
        product_id=pl.when(makes).then("made").otherwise("product_id"),
        code=pl.when(makes).then(pl.lit("")).otherwise("code"),
        detail=pl.when(makes).then(pl.lit("")).otherwise("detail"),
    )
    return settled.select(matched.columns), _products(whole.filter("makes"), orders, source)


def sold_in(orders: pl.DataFrame, lines: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return those of the *wanted* products that a line of one of *orders* sold."""
    sold = lines.join(orders, on="order_key", how="semi")
    return wanted.join(sold, on="product_id", how="semi")


def _stands_for_several(asks: pl.Expr) -> pl.Expr:
    origin = pl.when(asks).then(pl.concat_str("source_product_id", pl.lit("/"), "source_variation_id"))
    return origin.drop_nulls().n_unique().over(bare(pl.col("sku"))) > 1


def _ids(matched: pl.DataFrame, source: str) -> pl.Series:
    """Name the product of each line's origin; where only a SKU is told, by the SKU."""
    origins = matched.select(_ORIGIN).unique(maintain_order=True)
    folded = origins.select(bare(pl.col("sku"))).to_series()
    rows = zip(origins["source_product_id"], origins["source_variation_id"], folded, strict=True)
    ids = [
        product_id(f"{source}/{product}/{variation}" if product else f"{source}/sku/{sku}")
        for product, variation, sku in rows
    ]
    joined = origins.with_columns(made=pl.Series(ids, dtype=pl.String))
    return matched.select(_ORIGIN).join(joined, on=_ORIGIN, how="left", maintain_order="left")["made"]


def _products(lines: pl.DataFrame, orders: pl.DataFrame, source: str) -> pl.DataFrame:
    """Describe each product as the newest of its lines does; its price is what was paid for one, tax included."""
    dated = lines.join(orders.select("order_key", "sold_at", "currency"), on="order_key", how="left")
    newest = dated.sort("sold_at", "order_key", "line").unique("made", keep="last", maintain_order=True)
    paid = (pl.col("net_cents") + pl.col("tax_cents")) * 1000 / pl.col("quantity_milli")
    return newest.select(
        product_id="made",
        sku=pl.when(pl.col("code") == _MISSING).then(pl.lit("")).otherwise(pl.col("sku").str.strip_chars()),
        name="name",
        description=pl.lit(""),
        currency="currency",
        price_cents=pl.when(pl.col("quantity_milli") > 0).then(paid.round()).otherwise(0).cast(pl.Int64),
        active=pl.lit("yes"),
        tracks_stock=pl.lit("yes"),
        source=pl.lit(source),
        source_id="source_product_id",
        source_variation_id="source_variation_id",
    ).sort("product_id")
