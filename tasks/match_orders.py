"""Find the product of the till that each line of the orders is about, and what is to be made where there is none."""

import polars as pl

from infra.artifacts import load_frame, save_frame
from infra.opening import storage
from schemas.order_files import ORDER_CORRECTIONS
from schemas.order_runs import MAPPING, Matched, MissingProducts, Stocked
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, Run, Snapshot, Validated
from tasks.core.orders.creating import make_missing
from tasks.core.orders.matching import NO_CORRECTIONS, match_lines
from tasks.core.orders.planning import booked_lines
from tasks.step import step
from tasks.validate import read_as
from tasks.validate_orders import order_rules


@step
def match_orders(
    run: Run,
    validated: Validated,
    stocked: Stocked,
    before: Snapshot,
    on_missing_product: MissingProducts,
) -> Matched:
    """Match by link, by SKU, and by what people said; an unknown SKU becomes a new product only if that was asked.

    Raises:
        FileNeedsFixing: The mapping was asked for, and there is none, or it cannot be read.
    """
    orders, products = load_frame(validated.accepted), load_frame(stocked.products)
    source = order_rules().source
    matched = match_lines(
        load_frame(lines_among(validated)),
        products,
        booked_lines(load_frame(before.records)),
        _said(validated, on_missing_product, source),
        source=source,
    )
    wanted = products.clear()
    if on_missing_product == "create":
        kept = orders.filter(pl.col("state") != "voided")["order_key"]
        alive = pl.col("order_key").is_in(kept.implode())
        made, wanted = make_missing(matched.filter(alive), orders, products, source=source)
        matched = pl.concat([made, matched.filter(~alive)])
    return Matched(
        lines=save_frame(run.run_id, "matched.parquet", matched),
        wanted=save_frame(run.run_id, "wanted-products.parquet", wanted),
    )


def _said(validated: Validated, on_missing_product: MissingProducts, source: str) -> pl.DataFrame:
    """Return which SKUs people put in the place of others: in the shop's mapping, and over it in this very file."""
    mapping = load_mapping(source) if on_missing_product == "map" else NO_CORRECTIONS
    corrections = load_frame(validated.corrections) if validated.corrections else NO_CORRECTIONS
    return pl.concat([mapping, corrections])


def load_mapping(source: str) -> pl.DataFrame:
    """Read the shop's mapping: a file like held.csv whose rows mostly name no order.

    Raises:
        FileNeedsFixing: There is none, or it cannot be read.
    """
    if storage().head(MAPPING) is None:
        raise FileNeedsFixing(f"{MAPPING} is not there. Fill in the held.csv of a run, and drop it there by that name.")
    cells = read_as(ORDER_CORRECTIONS, storage().get(MAPPING), MAPPING).cells
    key = pl.when(pl.col("order_id") != "").then(pl.format("{}:{}", pl.lit(source), "order_id")).otherwise(pl.lit(""))
    told = cells.filter(pl.col("new_sku") != "").select(
        key.alias("order_key"), pl.col("item").alias("line"), "sku", "new_sku"
    )
    return told.cast(dict.fromkeys(told.columns, pl.String))


def lines_among(validated: Validated) -> Artifact:
    if validated.lines is None:
        raise ValueError("rows without lines are no orders")
    return validated.lines
