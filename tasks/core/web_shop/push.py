"""What the till's products mean for those of the web shop: which is which, and what would change.

Only what both have is changed: no product is made or removed there. Till and web shop are assumed to keep prices in
the same way, with or without tax.
"""

from collections.abc import Collection

import polars as pl

from schemas.tables import Concern
from schemas.web_shop import WEB_PRODUCTS, PushField
from tasks.core.planning.changes import arranged, sided
from tasks.core.stock.skus import folded
from tasks.core.wording.money import plain_decimals
from tasks.core.wording.words import counted

RESOURCE = WEB_PRODUCTS.resource
NONE_SOLD = pl.DataFrame(schema={"product_id": pl.String, "outlet_id": pl.String})
_MOST_NAMED = 5


def as_offered(
    products: pl.DataFrame, levels: pl.DataFrame, digits: int, sold_only: pl.DataFrame = NONE_SOLD
) -> pl.DataFrame:
    """Return the till's active products as a web shop would have them: prices as text, stock in whole units.

    A part of a unit is not offered. A product whose stock the till does not count has none to tell. Blanks in a SKU
    are as the shop would save them. *counted* are products of which anybody ever said how many there are: a level that
    is made of sales only (*sold_only*: ``product_id, outlet_id``) is a difference to a number that nobody knows.
    """
    stocked = levels.join(sold_only, on=["product_id", "outlet_id"], how="anti")["product_id"]
    units = levels.group_by("product_id").agg(pl.col("quantity_milli").sum())
    tracked = pl.col("tracks_stock") == "yes"
    whole = pl.col("quantity_milli").fill_null(0).floordiv(1000).cast(pl.String)
    return (
        products.filter(pl.col("active") == "yes")
        .join(units, on="product_id", how="left", maintain_order="left")
        .with_columns(
            sku=pl.col("sku").str.replace_all(r"\s+", " ").str.strip_chars(),
            price=plain_decimals(pl.col("price_cents"), digits),
            stock=pl.when(tracked).then(whole).otherwise(pl.lit("")),
            counted=pl.col("product_id").is_in(stocked.implode()),
        )
    )


def linked(till: pl.DataFrame, shop: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return the till's products that the web shop has, with ``web_id`` and ``code``, which says why one is held.

    The id of the web shop counts before the SKU. What is not there at all is left out.
    """
    named = pl.when(pl.col("source_variation_id") != "").then(
        pl.concat_str("source_id", pl.lit("/"), "source_variation_id")
    )
    by_id = pl.when(pl.col("source") == source).then(named.otherwise("source_id")).otherwise(pl.lit(""))
    keyed = till.with_columns(by_id.alias("web_id"), folded(pl.col("sku")).alias("_sku"))
    known = keyed.filter(pl.col("web_id").is_in(shop["web_id"].implode())).with_columns(code=pl.lit(""))
    rest = keyed.join(known, on="product_id", how="anti").drop("web_id")
    return _each_once(pl.concat([known, _by_sku(rest, keyed["_sku"], shop)], how="diagonal").drop("_sku"))


def decide_push(rows: pl.DataFrame, before: pl.DataFrame, fields: Collection[PushField]) -> tuple[pl.DataFrame, int]:
    """List what would change in the web shop (*before*) if it had the *fields* of *rows*, and count the unchanged."""
    rows = rows if "counted" in rows.columns else rows.with_columns(counted=pl.lit(value=True))
    held = before.rename({column: f"{column}_before" for column in RESOURCE.columns})
    joined = rows.drop("line", strict=False).join(held, on="web_id", how="left", maintain_order="left")
    wanted = joined.with_columns(_after(fields)).with_columns(code=_code(fields))
    same = pl.all_horizontal(
        [
            pl.col(a).eq_missing(pl.col(b))
            for a, b in zip(sided(RESOURCE, "before"), sided(RESOURCE, "after"), strict=True)
        ]
    )
    changed = wanted.filter((pl.col("code") != "") | ~same).with_columns(
        line=pl.lit(None, pl.UInt32),
        kind=pl.when(pl.col("code") != "").then(pl.lit("held")).otherwise(pl.lit("update")),
        operation_id=pl.lit(None, pl.String),
        operation=pl.lit(None, pl.String),
    )
    return arranged(changed, RESOURCE), wanted.height - changed.height


def emptied(changes: pl.DataFrame) -> tuple[Concern, ...]:
    """Raise a concern of products that are in stock in the web shop and would be no more, or would be below zero."""
    before, after = (pl.col(f"stock_{side}").str.to_integer(strict=False) for side in ("before", "after"))
    moved = changes.filter((pl.col("kind") == "update") & pl.col("stock_before").ne_missing(pl.col("stock_after")))
    gone = moved.filter(((before > 0) & (after <= 0)) | (after < 0))
    if gone.is_empty():
        return ()
    named = [f"{sku or key} from {was or 'none'} to {now}" for key, sku, was, now in _named(gone).iter_rows()]
    more = f", and {gone.height - len(named):,} more" if gone.height > len(named) else ""
    below = gone.filter(after < 0).height
    says = f"{counted(gone.height, 'product')} would be sold out in the web shop, {below:,} of them below zero: "
    return (Concern(code="WEB_STOCK_EMPTIED", says=f"{says}{', '.join(named)}{more}"),)


def _named(gone: pl.DataFrame) -> pl.DataFrame:
    columns = (RESOURCE.key, "sku_before", "stock_before", "stock_after")
    return gone.select(*columns).sort(pl.col("stock_after").str.to_integer(), RESOURCE.key).head(_MOST_NAMED)


def _by_sku(rest: pl.DataFrame, ours_all: pl.Series, shop: pl.DataFrame) -> pl.DataFrame:
    """Find products by a SKU that both sides have; where either has it twice (*ours_all*), they are held."""
    theirs = shop.select(folded(pl.col("sku")).alias("_sku"), "web_id").filter(pl.col("_sku") != "")
    counted = theirs.group_by("_sku", maintain_order=True).agg(pl.col("web_id").first(), pl.len().alias("_theirs"))
    ours = rest.filter(pl.col("_sku") != "").join(ours_all.value_counts(name="_ours"), on="_sku", maintain_order="left")
    several = (pl.col("_theirs") > 1) | (pl.col("_ours") > 1)
    found = ours.join(counted, on="_sku", how="inner", maintain_order="left")
    code = pl.when(several).then(pl.lit("WEB_SKU_AMBIGUOUS")).otherwise(pl.lit(""))
    return found.with_columns(code=code).drop("_theirs", "_ours")


def _each_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Hold products of the till that meet in one of the web shop."""
    twice = ((pl.col("code") == "").sum().over("web_id") > 1) & (pl.col("code") == "")
    return rows.with_columns(code=pl.when(twice).then(pl.lit("WEB_LINKED_TWICE")).otherwise("code"))


def _after(fields: Collection[PushField]) -> list[pl.Expr]:
    """Say what each column would be. An empty cell of the till says nothing.

    A variation has no name of its own, and its description is not told as it was typed; what stands for several
    products has no price.
    """
    priced = ~pl.col("type_before").is_in(["variable", "grouped"])
    own_texts = pl.col("type_before") != "variation"
    asked: dict[str, tuple[PushField, str, pl.Expr]] = {
        "sku": ("sku", "sku", pl.lit(True)),
        "name": ("name", "name", own_texts),
        "description": ("description", "description", own_texts),
        "regular_price": ("price", "price", priced),
        "stock": ("stock", "stock", pl.col("counts_stock_before") == "yes"),
    }
    given = {
        column: (pl.col(ours) != "") & where if field in fields else pl.lit(False)
        for column, (field, ours, where) in asked.items()
    }
    return [
        pl.when(given[column]).then(asked[column][1]).otherwise(f"{column}_before").alias(f"{column}_after")
        if column in asked
        else pl.col(f"{column}_before").alias(f"{column}_after")
        for column in RESOURCE.columns
    ]


def _code(fields: Collection[PushField]) -> pl.Expr:
    """Hold what the shop does not count but the till does, and what nobody ever counted; other reasons come first."""
    if "stock" not in fields:
        return pl.col("code")
    due = (pl.col("stock") != "") & (pl.col("code") == "")
    return (
        pl.when(due & (pl.col("counts_stock_before") != "yes"))
        .then(pl.lit("WEB_STOCK_NOT_COUNTED"))
        .when(due & ~pl.col("counted"))
        .then(pl.lit("WEB_STOCK_NEVER_SAID"))
        .otherwise("code")
    )
