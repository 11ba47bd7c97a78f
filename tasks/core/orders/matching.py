"""Which product of the till each line of an order is about: by its link, else by its SKU; never by a guess.

Sources: the help article on order history (products are linked by SKU; deleted ones make imports fail).
A product that the till no longer sells is found only where a person names it, or where the sale is booked
on it already.
"""

import polars as pl

from tasks.core.orders.skus import bare, folded

ASK = ("source_product_id", "source_variation_id", "asked_sku", "told")
"""What is looked up: each distinct question once, however many lines ask it."""

NO_CORRECTIONS = pl.DataFrame(schema=dict.fromkeys(("order_key", "line", "sku", "new_sku"), pl.String))

_SAME_ITEM = ("order_key", "source_product_id", "source_variation_id", "sku", "name")
_DELETED = "0"
_MOST_NAMED = 5


def match_lines(
    lines: pl.DataFrame, products: pl.DataFrame, booked: pl.DataFrame, corrections: pl.DataFrame, *, source: str
) -> pl.DataFrame:
    """Return *lines* (OrderLines) with ``product_id``, and with ``code`` and ``detail`` where there is none.

    *products* are all of the till (Products). *booked* (``order_key, line, product_id, sku, name``) are lines of
    sales that are there already: they keep their product. *corrections* (``order_key, line, sku, new_sku``) say
    which SKU a line, or all lines of a SKU (empty ``line``), of an order, or of all (empty ``order_key``), are about.
    """
    asking = _told(lines.with_columns(needs=_needs_product()), corrections)
    answered = _answer(asking, products, source)
    found = asking.join(answered, on=list(ASK), how="left", nulls_equal=True, maintain_order="left")
    settled = _keep_booked(_follow_items(found), booked, products)
    missing = pl.col("needs") & (pl.col("product_id") == "")
    return settled.select(
        *lines.columns,
        "told",
        "product_id",
        code=pl.when(missing).then("code").otherwise(pl.lit("")),
        detail=pl.when(missing).then("detail").otherwise(pl.lit("")),
    )


def _needs_product() -> pl.Expr:
    """Items are about a product, and refunds of items; shipping, fees, discounts and refunds of amounts are not."""
    named = (pl.col("source_product_id") != "") | (pl.col("sku") != "")
    return (pl.col("kind") == "item") | ((pl.col("kind") == "refund") & named)


def _told(lines: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Put the SKU that a person named in the place of the line's own, the most particular saying first."""
    said = corrections.with_columns(folded(pl.col("sku")).alias("folded"))
    beside = lines.with_columns(folded(pl.col("sku")).alias("folded"))
    ways: list[tuple[str, list[str], pl.Expr]] = [
        ("by_line", ["order_key", "line"], pl.col("line") != ""),
        ("by_order", ["order_key", "folded"], (pl.col("line") == "") & (pl.col("order_key") != "")),
        ("by_sku", ["folded"], (pl.col("line") == "") & (pl.col("order_key") == "") & (pl.col("sku") != "")),
    ]
    for name, keys, which in ways:
        some = said.filter(which).unique(keys, keep="last", maintain_order=True)
        beside = beside.join(
            some.select(*keys, pl.col("new_sku").alias(name)), on=keys, how="left", maintain_order="left"
        )
    named = pl.coalesce(*[name for name, _, _ in ways])
    return beside.with_columns(told=named.is_not_null(), asked_sku=named.fill_null(pl.col("sku").str.strip_chars()))


def _answer(lines: pl.DataFrame, products: pl.DataFrame, source: str) -> pl.DataFrame:
    """Answer each distinct question with a product, or with why there is none."""
    asks = lines.filter("needs").select(ASK).unique().sort(ASK)
    linked = products.filter((pl.col("source") == source) & (pl.col("source_id") != ""))
    sku, asked = pl.col("sku"), pl.col("asked_sku")
    tiers = [
        asks.join(_by_link(linked), on=["source_product_id", "source_variation_id"], how="left", maintain_order="left"),
        *[_by_sku(asks, products, how(sku), how(asked)) for how in (lambda text: text, folded, bare)],
    ]
    beside = asks.with_columns(_first_found(tiers), _any_gone(tiers))
    parents = linked.filter(pl.col("source_variation_id") != "")["source_id"]
    return beside.with_columns(_verdict(parents)).select(*ASK, "product_id", "code", "detail")


def _by_link(linked: pl.DataFrame) -> pl.DataFrame:
    keyed = linked.rename({"source_id": "source_product_id"})
    return _candidates(keyed, ["source_product_id", "source_variation_id"])


def _by_sku(asks: pl.DataFrame, products: pl.DataFrame, of_product: pl.Expr, of_ask: pl.Expr) -> pl.DataFrame:
    held = _candidates(products.filter(pl.col("sku") != "").with_columns(of_product.alias("key")), ["key"])
    asked = asks.with_columns(key=pl.when(pl.col("asked_sku") != "").then(of_ask))
    return asked.join(held, on="key", how="left", maintain_order="left")


def _candidates(products: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """List the products of each key: ``found`` those that are sold, ``gone`` those that no longer are."""
    sold = pl.col("active") == "yes"
    return products.group_by(keys).agg(
        found=pl.col("product_id").filter(sold).sort(), gone=pl.col("product_id").filter(~sold).sort()
    )


def _first_found(tiers: list[pl.DataFrame]) -> pl.Series:
    """Take the candidates of the first way that has any; what a person named is looked up by its SKU only."""
    told = tiers[0]["told"]
    by_link = [tiers[0].with_columns(found=pl.when("told").then(None).otherwise("found"))["found"]]
    ways = by_link + [tier["found"] for tier in tiers[1:]]
    gone = [tier.select(pl.when(told).then("gone"))["gone"] for tier in tiers[1:]]
    some = [pl.when(way.list.len() > 0).then(way) for way in (*ways, *gone)]
    return pl.select(pl.coalesce(some).alias("found")).to_series()


def _any_gone(tiers: list[pl.DataFrame]) -> pl.Series:
    lengths = [tier["gone"].list.len().fill_null(0) for tier in tiers]
    return pl.select(pl.sum_horizontal(lengths).alias("gone")).to_series()


def _verdict(parents: pl.Series) -> list[pl.Expr]:
    many = pl.col("found").list.len().fill_null(0)
    unnamed = pl.col("asked_sku") == ""
    of_variations = pl.col("source_product_id").is_in(parents.implode()) & (pl.col("source_variation_id") == "")
    code = (
        pl.when(many == 1)
        .then(pl.lit(""))
        .when(many > 1)
        .then(pl.lit("ORDER_LINE_SKU_AMBIGUOUS"))
        .when(pl.col("gone") > 0)
        .then(pl.lit("ORDER_LINE_PRODUCT_DELETED_IN_TARGET"))
        .when((pl.col("source_product_id") == _DELETED) | of_variations)
        .then(pl.lit("ORDER_LINE_PRODUCT_DELETED"))
        .when(unnamed)
        .then(pl.lit("ORDER_LINE_SKU_MISSING"))
        .otherwise(pl.lit("ORDER_LINE_SKU_UNKNOWN"))
    )
    named = pl.col("found").list.head(_MOST_NAMED).list.join(", ")
    return [
        pl.when(many == 1).then(pl.col("found").list.first()).otherwise(pl.lit("")).alias("product_id"),
        code.alias("code"),
        pl.when(many > 1).then(pl.format("products {}", named)).otherwise("asked_sku").alias("detail"),
    ]


def _follow_items(found: pl.DataFrame) -> pl.DataFrame:
    """Give a refund the product of the item that it takes back: what is put right for the one is so for the other."""
    items = found.filter((pl.col("kind") == "item") & (pl.col("product_id") != ""))
    sure = items.group_by(_SAME_ITEM).agg(
        pl.col("product_id").first().alias("of_item"), pl.col("product_id").n_unique().alias("several")
    )
    beside = found.join(sure.filter(several=1), on=list(_SAME_ITEM), how="left", maintain_order="left")
    follows = (pl.col("kind") == "refund") & pl.col("needs")
    taken = pl.when(follows).then(pl.coalesce("of_item", "product_id")).otherwise("product_id")
    return beside.with_columns(product_id=taken.fill_null(""), code=pl.col("code").fill_null(""))


def _keep_booked(found: pl.DataFrame, booked: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Leave a line of a sale that is there on the product it is booked on, while that is at the till."""
    there = booked.filter(pl.col("product_id").is_in(products["product_id"].implode()))
    kept = there.select("order_key", "line", booked_id="product_id", booked_sku="sku", booked_name="name")
    beside = found.join(kept, on=["order_key", "line"], how="left", maintain_order="left")
    same = (pl.col("booked_sku") == pl.col("sku")) | (pl.col("booked_name") == pl.col("name"))
    keeps = pl.col("booked_id").is_not_null() & same & ~pl.col("told")
    return beside.with_columns(product_id=pl.when(keeps).then("booked_id").otherwise("product_id"))
