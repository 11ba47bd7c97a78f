"""Find the product of the till that each line of the orders is about, and what is to be made where there is none."""

import polars as pl

from infra.artifacts import load_frame, save_frame
from schemas.order_runs import Matched, MissingProducts, Stocked
from schemas.records import Artifact, Run, Snapshot, Validated
from tasks.core.orders.creating import make_missing
from tasks.core.orders.matching import NO_CORRECTIONS, match_lines
from tasks.core.orders.planning import booked_lines
from tasks.step import step
from tasks.validate_orders import order_rules


@step
def match_orders(
    run: Run,
    validated: Validated,
    stocked: Stocked,
    before: Snapshot,
    on_missing_product: MissingProducts,
    corrections: Artifact | None = None,
) -> Matched:
    """Match by link, by SKU, and by what people said; an unknown SKU becomes a new product only if that was asked."""
    orders, products = load_frame(validated.accepted), load_frame(stocked.products)
    source = order_rules().source
    matched = match_lines(
        load_frame(_lines(validated)),
        products,
        booked_lines(load_frame(before.records)),
        load_frame(corrections) if corrections else NO_CORRECTIONS,
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


def _lines(validated: Validated) -> Artifact:
    if validated.lines is None:
        raise ValueError("rows without lines are no orders")
    return validated.lines
