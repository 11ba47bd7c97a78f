"""Which SKUs name more than one product of the web shop: such a SKU says nothing of which one was sold.

A shop can have a SKU twice, two that differ in leading zeros only, and shows that of the whole product for a
variation that has none of its own or was deleted. What its catalogue says of a SKU counts before what lines and links
let us know.
"""

from collections.abc import Callable

import polars as pl

from tasks.core.stock.skus import folded

CARRIERS = pl.Schema(dict.fromkeys(("sku", "source_product_id", "source_variation_id", "type"), pl.String))
"""Which products and variations of the shop have a SKU of their own, for those that were asked for."""

Folding = Callable[[pl.Expr], pl.Expr]
_IDS = ("source_product_id", "source_variation_id")
_UNKNOWN = ("", "0")


def skus_to_ask(lines: pl.DataFrame, products: pl.DataFrame, source: str) -> pl.Series:
    """Return the SKUs of lines that no link answers: whose they are has to be asked of the shop."""
    links = _links(products, source).select(_IDS)
    return lines.join(links, on=_IDS, how="anti").filter(pl.col("sku") != "")["sku"].str.strip_chars().unique().sort()


def claims_of(asks: pl.DataFrame, products: pl.DataFrame, source: str) -> pl.DataFrame:
    """List which product of the shop bears which SKU, by the lines that *ask* and by the links of the till.

    Lines of a product that is linked tell of its other variations alone (``among``): what it is itself is settled.
    """
    links = _links(products, source).select("sku", *_IDS, among=pl.lit(""))
    asking = asks.filter(~pl.col("told")).select(*_IDS, sku="asked_sku")
    settled = asking.join(links, on=_IDS, how="semi").with_columns(among=pl.col("source_product_id"))
    others = asking.join(links, on=_IDS, how="anti").with_columns(among=pl.lit(""))
    claims = pl.concat([links, *(each.select(links.columns) for each in (settled, others))])
    return claims.filter((pl.col("sku") != "") & ~pl.col("source_product_id").is_in(_UNKNOWN))


def is_shared(asks: pl.DataFrame, claims: pl.DataFrame, carriers: pl.DataFrame, how: Folding) -> pl.Series:
    """Say of each of the *asks* whether its SKU, folded in this way, is that of another product of the shop too.

    A line that tells no variation may be about any of its product's: files often leave it out.
    """
    keyed = asks.select(*_IDS, key=how(pl.col("asked_sku"))).with_row_index("at")
    unnamed = pl.col("source_product_id").is_in(_UNKNOWN)
    product, variation = (pl.col(name) != pl.col(f"{name}_right") for name in _IDS)
    other = product | ((pl.col("source_variation_id") != "") & variation)
    each_claim = _each(keyed, claims, how)
    by_lines = each_claim.filter((pl.col("among") == "") | (pl.col("among") == pl.col("source_product_id")))
    joined = (
        keyed.join(by_lines.group_by("at").agg((other & ~unnamed).any().alias("told")), on="at", how="left")
        .join(_each(keyed, carriers, how).group_by("at").agg(_several(other, unnamed)), on="at", how="left")
        .sort("at")
    )
    return joined.select(pl.coalesce("carried", "told", pl.lit(value=False)).alias("shared")).to_series()


def is_of_whole(asks: pl.DataFrame, claims: pl.DataFrame, carriers: pl.DataFrame) -> pl.Series:
    """Say of each of the *asks* whether it is a variation that has no SKU: what is shown is its product's."""
    claimed, asked = (each.select(*_IDS, key=folded(pl.col("sku"))) for each in (claims, carriers))
    bearing = pl.concat([asked, claimed.join(asked, on="key", how="anti")])
    known = bearing.filter(pl.col("source_variation_id") == "").select("source_product_id", "key", whole=True)
    joined = asks.with_columns(key=folded(pl.col("asked_sku"))).join(
        known.unique(), on=["source_product_id", "key"], how="left", maintain_order="left"
    )
    return joined.select((pl.col("source_variation_id") != "") & pl.col("whole").fill_null(value=False)).to_series()


def with_variations(asks: pl.DataFrame, products: pl.DataFrame, carriers: pl.DataFrame, source: str) -> pl.Series:
    """Return the products of the shop that come in variations: what was sold of them is one of these."""
    varied = [each.filter(pl.col("source_variation_id") != "") for each in (asks, _links(products, source), carriers)]
    whole = carriers.filter(pl.col("type") == "variable")
    return pl.concat([each["source_product_id"] for each in (*varied, whole)]).unique()


def _links(products: pl.DataFrame, source: str) -> pl.DataFrame:
    linked = products.filter((pl.col("source") == source) & (pl.col("source_id") != ""))
    return linked.rename({"source_id": "source_product_id"})


def _each(keyed: pl.DataFrame, rows: pl.DataFrame, how: Folding) -> pl.DataFrame:
    """Set beside each question every product of the shop that bears its SKU."""
    return keyed.join(rows.with_columns(key=how(pl.col("sku"))), on="key", how="inner")


def _several(other: pl.Expr, unnamed: pl.Expr) -> pl.Expr:
    return pl.when(unnamed.first()).then(pl.len() > 1).otherwise(other.any()).alias("carried")
