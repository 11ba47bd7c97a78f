"""In which programme an item is, or might belong, and whether the shop has joined it.

Assumed: a programme of which any customer has a card was joined; one whose item was rejected with "No Items
Found", and of which nobody has a card, was not. An item's maker is known by the first six digits of its code.
"""

from difflib import SequenceMatcher

import polars as pl

from schemas.loyalty.witnesses import Witnesses

_KEY = "failure_key"
_MAKER_DIGITS = 6


def programme_evidence(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Say of each item that was rejected what Astro has it in, and of one in nothing what it might belong in."""
    rows = failures.filter(section="transaction").select(_KEY, "upc", "customer_id", "reason_code")
    asked = pl.col("upc").is_in(witnesses.asked_items.implode())
    items = witnesses.items.unique("upc", maintain_order=True).drop("item")
    rows = rows.join(items, on="upc", how="left").join(_similar(rows, witnesses), on="upc", how="left")
    joined = witnesses.cards.select("programme_id").unique().with_columns(joined=pl.lit(True))
    rows = rows.join(joined, on="programme_id", how="left")
    owned = witnesses.cards.select("customer_id", "programme").unique().with_columns(owns=pl.lit(True))
    known = witnesses.owners.filter("known").select("customer_id", owner=pl.lit(True))
    rows = rows.join(known, on="customer_id", how="left")
    rows = rows.with_columns(belongs=pl.coalesce("programme", "brand_programme"))
    rows = rows.join(owned, left_on=["customer_id", "belongs"], right_on=["customer_id", "programme"], how="left")
    turned_away = pl.when(pl.col("reason_code") == "no_items_found").then(pl.lit(value=False))
    in_one = pl.col("programme_id").is_not_null()
    return rows.select(
        _KEY,
        "similar_item",
        programme_id=pl.when(asked).then(pl.col("programme_id").fill_null("")),
        programme=pl.when(asked).then(pl.col("programme").fill_null("")),
        enrolled=pl.when(in_one).then(pl.coalesce("joined", turned_away)),
        brand_programme=pl.when(asked & ~in_one).then(pl.col("brand_programme").fill_null("")),
        has_card=pl.when(pl.col("owner") & pl.col("belongs").is_not_null()).then(pl.col("owns").fill_null(value=False)),
    )


def _similar(rows: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Find, for items that are in no programme, the programme and the most similar item of the same maker."""
    columns = ("upc", "item", "programme")
    known = pl.concat(
        [witnesses.items.select(columns), witnesses.cards.filter(pl.col("upc") != "").select(columns)]
    ).unique()
    maker = pl.col("upc").str.head(_MAKER_DIGITS).alias("maker")
    alone = rows.select("upc").unique().join(witnesses.items, on="upc", how="anti")
    names = witnesses.sold_items.select("upc", name="item")
    others = known.select(maker, "programme", similar="item")
    pairs = alone.with_columns(maker).join(others, on="maker", how="inner").join(names, on="upc", how="left")
    found = [
        (upc, programme, similar, SequenceMatcher(None, (name or "").lower(), similar.lower()).ratio())
        for upc, programme, similar, name in pairs.select("upc", "programme", "similar", "name").iter_rows()
    ]
    schema = {"upc": pl.String, "brand_programme": pl.String, "similar_item": pl.String, "ratio": pl.Float64}
    scored = pl.DataFrame(found, schema=schema, orient="row").sort(
        "upc", "ratio", "similar_item", descending=[False, True, False]
    )
    return scored.unique("upc", keep="first", maintain_order=True).drop("ratio")
