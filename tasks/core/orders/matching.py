"""Which product of the till each line of an order is about: by its link, else by its SKU; never by a guess.

A SKU counts only where it names one product on both sides: at the till, and in the shop (``sharing``).
Sources: the help article on order history (products are linked by SKU; deleted ones make imports fail).
A product that the till no longer sells is found only where a person names it, or where the sale is booked
on it already.
"""

import polars as pl

from schemas.orders.steps import CORRECTIONS
from tasks.core.orders.shared_discounts import CARRIERS, claims_of, is_of_whole, is_shared, with_variations
from tasks.core.stock.skus import bare, folded

ASK = ("source_product_id", "source_variation_id", "asked_sku", "told")
"""What is looked up: each distinct question once, however many lines ask it."""

NO_CORRECTIONS = pl.DataFrame(schema=CORRECTIONS)
NOBODY_ASKED = pl.DataFrame(schema=CARRIERS)

_SAME_ITEM = ("order_key", "source_product_id", "source_variation_id", "sku", "name")
_DELETED = "0"
_MOST_NAMED = 5


def match_lines(
    lines: pl.DataFrame,
    products: pl.DataFrame,
    booked: pl.DataFrame,
    corrections: pl.DataFrame,
    carriers: pl.DataFrame = NOBODY_ASKED,
    *,
    source: str,
) -> pl.DataFrame:
    """Return *lines* (OrderLines) with ``product_id``, and with ``code`` and ``detail`` where there is none.

    *products* are all of the till (Products). *booked* (``order_key, line, product_id, sku, name``) are lines of
    sales that are there already: they keep their product. *corrections* (CORRECTIONS) say which SKU a line is about, or
    all lines of a product of the shop or of a SKU (empty ``line``), of an order, or of all (empty ``order_key``).
    *carriers* (CARRIERS) are the products of the shop that have these SKUs, as far as its catalogue was asked.
    """
    asking = _with_named_skus(lines.with_columns(needs=_needs_product()), corrections)
    answered = _answer(asking, products, carriers, source)
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


def _with_named_skus(lines: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Put the SKU that a person named in the place of the line's own, the most particular saying first."""
    named_skus = pl.concat([NO_CORRECTIONS, corrections], how="diagonal").fill_null("")
    named_skus = named_skus.with_columns(folded(pl.col("sku")).alias("folded"))
    joined = lines.with_columns(folded(pl.col("sku")).alias("folded"))
    of_line, of_id, of_all = pl.col("line") != "", pl.col("source_product_id") != "", pl.col("order_key") == ""
    ids = ["source_product_id", "source_variation_id"]
    ways: list[tuple[str, list[str], pl.Expr]] = [
        ("by_line", ["order_key", "line"], of_line),
        ("by_id_in_order", ["order_key", *ids], ~of_line & ~of_all & of_id),
        ("by_order", ["order_key", "folded"], ~of_line & ~of_all & ~of_id),
        ("by_id", ids, ~of_line & of_all & of_id),
        ("by_sku", ["folded"], ~of_line & of_all & ~of_id & (pl.col("sku") != "")),
    ]
    for name, keys, which in ways:
        some = named_skus.filter(which).unique(keys, keep="last", maintain_order=True)
        joined = joined.join(
            some.select(*keys, pl.col("new_sku").alias(name)), on=keys, how="left", maintain_order="left"
        )
    named = pl.coalesce(*[name for name, _, _ in ways])
    return joined.with_columns(told=named.is_not_null(), asked_sku=named.fill_null(pl.col("sku").str.strip_chars()))


def _answer(lines: pl.DataFrame, products: pl.DataFrame, carriers: pl.DataFrame, source: str) -> pl.DataFrame:
    """Answer each distinct question with a product, or with why there is none."""
    asks = lines.filter("needs").select(ASK).unique().sort(ASK)
    claims = claims_of(asks, products, source)
    linked = products.filter((pl.col("source") == source) & (pl.col("source_id") != ""))
    sku, asked = pl.col("sku"), pl.col("asked_sku")
    by_link = asks.join(
        _by_link(linked), on=["source_product_id", "source_variation_id"], how="left", maintain_order="left"
    ).with_columns(shared=pl.lit(value=False))
    by_sku = [
        _by_sku(asks, products, how(sku), how(asked)).with_columns(shared=is_shared(asks, claims, carriers, how))
        for how in (lambda text: text, folded, bare)
    ]
    found, shared = _first_found([by_link, *by_sku])
    joined = asks.with_columns(
        found,
        shared,
        found.list.first().alias("first"),
        _any_gone([by_link, *by_sku]),
        of_whole=is_of_whole(asks, claims, carriers),
        by_link=by_link["found"].list.len().fill_null(0) > 0,
    ).join(linked.select(first="product_id", of_product="source_id"), on="first", how="left", maintain_order="left")
    return joined.with_columns(_verdict(with_variations(asks, products, carriers, source))).select(
        *ASK, "product_id", "code", "detail"
    )


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


def _first_found(tiers: list[pl.DataFrame]) -> tuple[pl.Series, pl.Series]:
    """Take the candidates of the first way that has any; what a person named is looked up by its SKU only.

    Whether the SKU is *shared* is a question of that way: one that is as it is written is not that of its like.
    """
    by_person = tiers[0]["told"]
    by_link = [tiers[0].with_columns(found=pl.when("told").then(None).otherwise("found"))["found"]]
    ways = by_link + [tier["found"] for tier in tiers[1:]]
    gone = [tier.select(pl.when(by_person).then("gone"))["gone"] for tier in tiers[1:]]
    some = [pl.when(way.list.len() > 0).then(way) for way in (*ways, *gone)]
    shared = [pl.when(way.list.len() > 0).then(tier["shared"]) for way, tier in zip(ways, tiers, strict=True)]
    return (
        pl.select(pl.coalesce(some).alias("found")).to_series(),
        pl.select((pl.coalesce(shared).fill_null(value=False) & ~by_person).alias("shared")).to_series(),
    )


def _any_gone(tiers: list[pl.DataFrame]) -> pl.Series:
    lengths = [tier["gone"].list.len().fill_null(0) for tier in tiers]
    return pl.select(pl.sum_horizontal(lengths).alias("gone")).to_series()


def _verdict(varied: pl.Series) -> list[pl.Expr]:
    """Decide. Of what comes in variations (*varied*), a line without one is about one that was deleted since.

    Unless its SKU is that of a variation: a file may tell no variations at all.
    """
    many, asked = pl.col("found").list.len().fill_null(0), pl.col("asked_sku")
    by_sku = ~pl.col("told") & ~pl.col("by_link")
    whole = by_sku & pl.col("of_whole")
    deleted = pl.col("source_product_id").is_in(varied.implode()) & (pl.col("source_variation_id") == "")
    elsewhere = pl.col("of_product").fill_null("") != pl.col("source_product_id")
    shared = by_sku & pl.col("shared")
    code = (
        pl.when(whole)
        .then(pl.lit("ORDER_LINE_SKU_MISSING"))
        .when(by_sku & deleted & elsewhere)
        .then(pl.lit("ORDER_LINE_PRODUCT_DELETED"))
        .when((many > 1) | shared)
        .then(pl.lit("ORDER_LINE_SKU_AMBIGUOUS"))
        .when(many == 1)
        .then(pl.lit(""))
        .when(pl.col("gone") > 0)
        .then(pl.lit("ORDER_LINE_PRODUCT_DELETED_IN_TARGET"))
        .when((pl.col("source_product_id") == _DELETED) | deleted)
        .then(pl.lit("ORDER_LINE_PRODUCT_DELETED"))
        .when(asked == "")
        .then(pl.lit("ORDER_LINE_SKU_MISSING"))
        .otherwise(pl.lit("ORDER_LINE_SKU_UNKNOWN"))
    )
    return [
        pl.when(code == "").then(pl.col("found").list.first()).otherwise(pl.lit("")).alias("product_id"),
        code.alias("code"),
        _detail(whole, shared),
    ]


def _detail(whole: pl.Expr, shared: pl.Expr) -> pl.Expr:
    many, asked = pl.col("found").list.len().fill_null(0), pl.col("asked_sku")
    named = pl.col("found").list.head(_MOST_NAMED).list.join(", ")
    return (
        pl.when(whole)
        .then(pl.format("{} is the SKU of the whole product", asked))
        .when(many > 1)
        .then(pl.format("products {}", named))
        .when((many == 1) & shared)
        .then(pl.format("{}: another product of the shop has it too", asked))
        .otherwise(asked)
    ).alias("detail")


def _follow_items(found: pl.DataFrame) -> pl.DataFrame:
    """Give a refund the product of the item that it takes back: what is put right for the one is so for the other."""
    items = found.filter((pl.col("kind") == "item") & (pl.col("product_id") != ""))
    sure = items.group_by(_SAME_ITEM).agg(
        pl.col("product_id").first().alias("of_item"), pl.col("product_id").n_unique().alias("several")
    )
    joined = found.join(sure.filter(several=1), on=list(_SAME_ITEM), how="left", maintain_order="left")
    follows = (pl.col("kind") == "refund") & pl.col("needs")
    taken = pl.when(follows).then(pl.coalesce("of_item", "product_id")).otherwise("product_id")
    return joined.with_columns(product_id=taken.fill_null(""), code=pl.col("code").fill_null(""))


def _keep_booked(found: pl.DataFrame, booked: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Leave a line of a sale that is there on the product it is booked on, while that is at the till."""
    there = booked.filter(pl.col("product_id").is_in(products["product_id"].implode()))
    kept = there.select("order_key", "line", booked_id="product_id", booked_sku="sku", booked_name="name")
    joined = found.join(kept, on=["order_key", "line"], how="left", maintain_order="left")
    same = (pl.col("booked_sku") == pl.col("sku")) | (pl.col("booked_name") == pl.col("name"))
    keeps = pl.col("booked_id").is_not_null() & same & ~pl.col("told")
    return joined.with_columns(product_id=pl.when(keeps).then("booked_id").otherwise("product_id"))
