"""Show what the till's link with the web shop would overwrite there, of the products that these orders sold."""

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.context import settings
from schemas.orders.steps import Matched, OrderPlans
from schemas.records import Run
from schemas.report_tables import ReportTable
from schemas.stock import Place, Stocked
from tasks.chain.step import step
from tasks.core.orders.catalogue_details import web_ids
from tasks.core.reading.currencies import minor_digits
from tasks.core.web_shop.overwrites import levels_after, overwritten
from tasks.core.web_shop.push import as_offered
from tasks.orders.plan import keep_report_tables


@step
def preview_overwrites(
    run: Run, matched: Matched, stocked: Stocked, plans: OrderPlans, place: Place
) -> tuple[ReportTable, ...]:
    """Show it, if anything would be. A shop that does not show its products to us is a concern of the plan."""
    pairs = web_ids(load_frame(matched.lines))
    if matched.catalogue is None or pairs.is_empty():
        return ()
    shop = load_frame(matched.catalogue)
    products, levels = load_frame(stocked.products), load_frame(stocked.levels)
    after = levels_after(levels, load_frame(plans.stock), place.outlet_id)
    offered = as_offered(_of(products, pairs), after, minor_digits(settings().currency))
    return keep_report_tables(run, [overwritten(pairs, offered, shop)])


def _of(products: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    return products.filter(pl.col("product_id").is_in(pairs["product_id"].implode()))
