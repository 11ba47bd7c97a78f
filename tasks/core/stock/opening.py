"""What a list of stock means for a till: where it lies, products it lacks, and levels where nothing has moved."""

import polars as pl

from schemas.problems import FileNeedsFixing
from schemas.report_tables import ReportTable
from schemas.stock import LEVELS, PRODUCT_RECORDS
from tasks.core.checking.composite_keys import key_of
from tasks.core.planning.changes import arranged
from tasks.core.stock.products import decide_product_changes, product_id
from tasks.core.stock.skus import folded

PLACES = ("outlet", "register")
PLACES_BECOME = ("is there", "is made first")


def decide_places(outlets: pl.DataFrame, registers: pl.DataFrame, outlet: str, register: str) -> pl.DataFrame:
    """Find the outlet and the register of these names, or name them: ``what, key, name, outlet_id, there``.

    Raises:
        FileNeedsFixing: The register is there, in another outlet.
    """
    outlet_id, register_id = _key_of(outlets, "outlet_id", outlet), _key_of(registers, "register_id", register)
    known = registers.filter(register_id=register_id)
    if known.filter(pl.col("outlet_id") != outlet_id).height:
        raise FileNeedsFixing(f"Register {register} stands in another outlet. Give the name of one in {outlet}.")
    there = [outlets.filter(outlet_id=outlet_id).height == 1, known.height == 1]
    keys, names = [outlet_id, register_id], [outlet.strip(), register.strip()]
    places = {"what": PLACES, "key": keys, "name": names, "outlet_id": [outlet_id] * 2, "there": there}
    return pl.DataFrame(places)


def _key_of(records: pl.DataFrame, key: str, name: str) -> str:
    """Return the key of the record of that name; one that is to be made has its name for a key."""
    found = records.filter(pl.col("name").str.to_lowercase() == name.strip().lower())[key]
    return str(found[0]) if found.len() else "-".join(name.lower().split())


def show_places(places: pl.DataFrame) -> tuple[ReportTable, pl.DataFrame]:
    """Show which of them are made, before the products and the levels."""
    report_table = ReportTable(
        name="places",
        title="Outlet and register",
        says="Where the stock lies and is sold. What is made here is no record of the plan: it stays when the run is "
        "undone.",
        private=False,
        headings={"key": "Id", "becomes": "In this plan"},
    )
    becomes = pl.when("there").then(pl.lit(PLACES_BECOME[0])).otherwise(pl.lit(PLACES_BECOME[1]))
    return report_table, places.select("what", "name", "key", becomes=becomes)


def match_stock(rows: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Put the product beside each row (StockRows): the till's own, or one to be made; a code where unclear."""
    known = products.group_by(sku_folded=folded(pl.col("sku"))).agg(
        known=pl.col("product_id").first(), several=pl.len() > 1
    )
    joined = rows.with_columns(sku_folded=folded(pl.col("sku"))).join(
        known, on="sku_folded", how="left", maintain_order="left"
    )
    made = pl.Series([product_id(f"till/sku/{sku}") for sku in joined["sku_folded"]], dtype=pl.String)
    several = pl.col("several").fill_null(False)
    return joined.with_columns(
        product_id=pl.coalesce("known", made),
        code=pl.when(several).then(pl.lit("STOCK_SKU_AMBIGUOUS")).otherwise(pl.lit("")),
        makes=pl.col("known").is_null(),
    )


def decide_products(matched: pl.DataFrame, products: pl.DataFrame, currency: str) -> pl.DataFrame:
    """List the products that the till is to have first."""
    texts = {"description": "", "active": "yes", "tracks_stock": "yes"} | dict.fromkeys(
        ("source", "source_id", "source_variation_id"), ""
    )
    wanted = matched.filter("makes").with_columns(
        pl.lit(currency).alias("currency"), *[pl.lit(text).alias(name) for name, text in texts.items()]
    )
    return decide_product_changes(wanted.select("product_id", *PRODUCT_RECORDS.columns), products, PRODUCT_RECORDS)


def decide_levels(matched: pl.DataFrame, levels: pl.DataFrame, outlet_id: str) -> tuple[pl.DataFrame, int]:
    """List the levels to be opened, and count those that are as the list says; others are held."""
    held = levels.filter(outlet_id=outlet_id).select("product_id", there="quantity_milli")
    joined = matched.join(held, on="product_id", how="left", maintain_order="left")
    unclear, there = pl.col("code") != "", pl.col("there").is_not_null()
    same = pl.col("there") == pl.col("quantity_milli")
    kind = (
        pl.when(unclear)
        .then(pl.lit("held"))
        .when(~there)
        .then(pl.lit("create"))
        .when(same)
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("held"))
    )
    code = pl.when(there & ~same & ~unclear).then(pl.lit("STOCK_MOVED_ALREADY")).otherwise("code")
    judged = joined.with_columns(kind=kind, code=code)
    changes = _as_changes(judged.filter(pl.col("kind") != "unchanged"), outlet_id)
    return changes, judged.height - changes.height


def _as_changes(judged: pl.DataFrame, outlet_id: str) -> pl.DataFrame:
    none, there = pl.lit(None, dtype=pl.String), pl.col("there").is_not_null()
    outlet = pl.lit(outlet_id)
    changes = judged.with_columns(outlet_id=outlet).select(
        "line",
        "kind",
        "code",
        key_of(LEVELS),
        product_id_before=pl.when(there).then("product_id"),
        product_id_after="product_id",
        outlet_id_before=pl.when(there).then(outlet),
        outlet_id_after=outlet,
        quantity_milli_before="there",
        quantity_milli_after="quantity_milli",
        operation_id=none,
        operation=none,
        detail="sku",
    )
    return arranged(changes, LEVELS)
