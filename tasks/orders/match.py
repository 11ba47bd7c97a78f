"""Find the product of the till that each line of the orders is about, and what is to be made where there is none."""

from collections.abc import Iterator

import polars as pl

from infra.artifacts.run_files import load_frame, save_frame
from infra.connectors.woocommerce.products import carriers
from infra.context import settings, storage, web_shop
from schemas import file_names
from schemas.orders.files import ORDER_CORRECTIONS
from schemas.orders.steps import CORRECTIONS, MAPPING, Matched, MissingProducts
from schemas.problems import Declined, FileNeedsFixing
from schemas.records import Artifact, Run, Snapshot, Validated
from schemas.stock import Stocked
from tasks.chain.step import step
from tasks.chain.validate import read_as
from tasks.core.orders.corrections import named_products
from tasks.core.orders.matching import NO_CORRECTIONS, NOBODY_ASKED, match_lines
from tasks.core.orders.new_products import make_missing
from tasks.core.orders.plan import booked_lines
from tasks.core.orders.shared_discounts import CARRIERS, skus_to_ask
from tasks.orders.validate import order_rules

_SKUS_AT_ONCE = 40


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
        Unavailable: The shop does not answer.
    """
    orders, products = load_frame(validated.accepted), load_frame(stocked.products)
    source, lines = order_rules().source, load_frame(lines_among(validated))
    matched = match_lines(
        lines,
        products,
        booked_lines(load_frame(before.records)),
        _all_corrections(validated, on_missing_product, source),
        _carriers(lines, products, source),
        source=source,
    )
    wanted = products.clear()
    if on_missing_product == "create":
        kept = orders.filter(pl.col("state") != "voided")["order_key"]
        alive = pl.col("order_key").is_in(kept.implode())
        made, wanted = make_missing(matched.filter(alive), orders, products, source=source)
        matched = pl.concat([made, matched.filter(~alive)])
    return Matched(
        lines=save_frame(run.run_id, file_names.MATCHED, matched),
        wanted=save_frame(run.run_id, file_names.WANTED_PRODUCTS, wanted),
    )


def _carriers(lines: pl.DataFrame, products: pl.DataFrame, source: str) -> pl.DataFrame:
    """Ask the shop's catalogue whose SKUs these are. Without a shop, or its leave, what the lines tell counts."""
    asked = skus_to_ask(lines, products, source) if settings().woo_url else NOBODY_ASKED["sku"]
    try:
        found = [row for part in _in_parts(asked) for row in carriers(web_shop(), part)]
    except Declined:
        return NOBODY_ASKED
    return pl.DataFrame(found, schema=CARRIERS, orient="row")


def _in_parts(skus: pl.Series) -> Iterator[list[str]]:
    """Cut SKUs into parts that an address has room for. One with a comma cannot be asked for."""
    plain = skus.filter(~skus.str.contains(",", literal=True)).to_list()
    return (plain[start : start + _SKUS_AT_ONCE] for start in range(0, len(plain), _SKUS_AT_ONCE))


def _all_corrections(validated: Validated, on_missing_product: MissingProducts, source: str) -> pl.DataFrame:
    """Return which SKUs people put in the place of others: in the shop's mapping, and over it in this very file."""
    mapping = load_mapping(source) if on_missing_product == "map" else NO_CORRECTIONS
    corrections = load_frame(validated.corrections) if validated.corrections else NO_CORRECTIONS
    return pl.concat([mapping, corrections], how="diagonal")


def load_mapping(source: str) -> pl.DataFrame:
    """Read the shop's mapping: a file like held.csv whose rows mostly name no order.

    Raises:
        FileNeedsFixing: There is none, or it cannot be read.
    """
    if storage().head(MAPPING) is None:
        raise FileNeedsFixing(f"{MAPPING} is not there. Fill in the held.csv of a run, and drop it there by that name.")
    rows = named_products(read_as(ORDER_CORRECTIONS, storage().get(MAPPING), MAPPING))
    key = pl.when(pl.col("order_id") != "").then(pl.format("{}:{}", pl.lit(source), "order_id")).otherwise(pl.lit(""))
    return (
        rows.filter(pl.col("new_sku") != "")
        .with_columns(key.alias("order_key"), line="item")
        .select([*CORRECTIONS])
        .cast(CORRECTIONS)
    )


def lines_among(validated: Validated) -> Artifact:
    if validated.lines is None:
        raise ValueError("rows without lines are no orders")
    return validated.lines
