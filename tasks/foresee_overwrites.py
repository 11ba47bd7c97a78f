"""Look up what the till's link with the web shop would overwrite there, of the products that these orders sold."""

import polars as pl

from infra.artifacts import load_frame
from infra.settings import settings
from infra.targets import target
from schemas.currencies import minor_digits
from schemas.exhibits import Exhibit
from schemas.order_runs import Matched, OrderPlans, Place, Stocked
from schemas.problems import Declined
from schemas.records import Run
from schemas.web_shop import WEB_PRODUCTS
from tasks.core.orders.overwriting import levels_after, overwritten, web_ids
from tasks.core.web_shop.pushing import as_offered
from tasks.plan_orders import keep_exhibits
from tasks.step import step


@step
def foresee_overwrites(
    run: Run, matched: Matched, stocked: Stocked, plans: OrderPlans, place: Place
) -> tuple[Exhibit, ...]:
    """Show it, if anything would be; nothing where no shop is set, or it does not show its products to us.

    Raises:
        Unavailable: The shop does not answer.
    """
    pairs = web_ids(load_frame(matched.lines))
    if not settings().woo_url or pairs.is_empty():
        return ()
    try:
        shop = target("woocommerce").read(WEB_PRODUCTS.resource, pairs["web_id"])
    except Declined:
        return ()
    products, levels = load_frame(stocked.products), load_frame(stocked.levels)
    after = levels_after(levels, load_frame(plans.stock), place.outlet_id)
    offered = as_offered(_of(products, pairs), after, minor_digits(settings().currency))
    return keep_exhibits(run, [overwritten(pairs, offered, shop)])


def _of(products: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    return products.filter(pl.col("product_id").is_in(pairs["product_id"].implode()))
