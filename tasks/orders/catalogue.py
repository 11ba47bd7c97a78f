"""Ask the web shop's catalogue what it says of the products that orders sold: of those to be made, or of all."""

from typing import Literal

import polars as pl

from infra.artifacts.run_files import load_frame, save_frame
from infra.context import settings, target
from schemas import file_names
from schemas.orders.steps import Matched
from schemas.problems import Declined
from schemas.records import Run
from schemas.stock import Stocked
from schemas.tables import Concern
from schemas.web_shop import WEB_PRODUCTS
from tasks.chain.step import step
from tasks.core.orders.catalogue_details import catalogue_ids, described, web_ids
from tasks.core.reading.currencies import minor_digits

AskedOf = Literal["new", "all"]


@step
def ask_catalogue(run: Run, matched: Matched, stocked: Stocked, of: AskedOf) -> Matched:
    """Describe products to be made as the shop does, and keep what it says. Where it says no, a concern tells of it.

    Where no shop is set, or it has them no longer, they are as the lines have them.

    Raises:
        Unavailable: The shop does not answer.
    """
    lines, wanted = load_frame(matched.lines), load_frame(matched.wanted)
    ids = pl.concat([catalogue_ids(wanted), *([web_ids(lines)["web_id"]] if of == "all" else [])])
    catalogue, concerns = _fetched(ids.drop_nulls().unique().sort())
    ours = settings()
    products = load_frame(stocked.products)
    made, origins = described(wanted, catalogue, lines, products, ours.woo_catalogue_tax, minor_digits(ours.currency))
    return Matched(
        lines=matched.lines,
        wanted=save_frame(run.run_id, file_names.WANTED_DESCRIBED, made),
        origins=save_frame(run.run_id, file_names.WANTED_ORIGINS, origins),
        catalogue=save_frame(run.run_id, file_names.CATALOGUE, catalogue),
        concerns=concerns,
    )


def _fetched(ids: pl.Series) -> tuple[pl.DataFrame, tuple[Concern, ...]]:
    resource = WEB_PRODUCTS.resource
    nothing = pl.DataFrame(schema=dict.fromkeys((resource.key, *resource.columns), pl.String))
    if not settings().woo_url or ids.is_empty():
        return nothing, ()
    try:
        return target("woocommerce").read(resource, ids), ()
    except Declined as no:
        says = (
            f"{ids.len():,} products were asked for in the web shop, and it said no ({no.status} {no.code}): what the "
            "till would overwrite there is not shown, and new products are as the last line sold has them"
        )
        return nothing, (Concern(code="WEB_PRODUCTS_NOT_SHOWN", says=says),)
