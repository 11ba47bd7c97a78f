"""What a shop's till is made of before anything is sold: outlets, their registers, and how much lies where.

Products and sales stand in ``schemas.orders.records``; how stock follows from sales, in ``tasks.core.orders.effects``.
"""

import pandera.polars as pa
import polars as pl

from schemas.domain import Column, Dialect, Domain, Limits, NumberFormat, Resource
from schemas.total_words import TOTAL_WORDS

TILL = "the till"
"""Where sales, products and stock hang together."""
LEVEL_KEY = "{}@{}"
"""How the key of a level is made of product and outlet."""

OUTLETS = Resource(name="outlets", key="outlet_id", columns=("name",), known_by="outlet_id")
REGISTERS = Resource(name="registers", key="register_id", columns=("name", "outlet_id"), known_by="register_id")
LEVELS = Resource(
    name="stock_levels",
    key="level_key",
    columns=("product_id", "outlet_id", "quantity_milli"),
    known_by="level_key",
)
"""One record a product and outlet, which is there once anything moved: creating it is the opening of the stock,
changing it is a count. Either way the difference is a movement."""


class StockRows(pa.DataFrameModel):
    """One row a product, as a list of stock says what there is of it in one outlet."""

    line: pl.UInt32 = pa.Field(ge=1)
    sku: str = pa.Field(str_length={"min_value": 1})
    name: str
    price_cents: pl.Int64 = pa.Field(ge=0, description="what it costs, tax included")
    quantity_milli: pl.Int64 = pa.Field(ge=0, description="thousandths")

    class Config:
        strict = True

    @pa.check("sku")
    def appears_once(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """A SKU that is there twice, in any mix of cases, does not say how much there is."""
        return data.lazyframe.select(~pl.col(data.key or "sku").str.to_lowercase().is_duplicated())


class LevelRecords(pa.DataFrameModel):
    """One row a level, as the till holds it."""

    level_key: str = pa.Field(unique=True)
    product_id: str
    outlet_id: str
    quantity_milli: pl.Int64

    class Config:
        strict = True


STOCK_LIST = Dialect(
    name="stock_list",
    columns=(
        Column(name="sku", heading="SKU", description="by which web shop and till know the product"),
        Column(name="name", heading="Name", description="what people call it", required=False),
        Column(name="price", heading="Price", description="tax included, such as 12.50", required=False, holds="money"),
        Column(
            name="stock",
            heading="Stock",
            description="how many there are, such as 3 or 0.5",
            aliases={"lager": "sv", "Quantity": "en"},
            holds="quantity",
        ),
    ),
    number_format=NumberFormat(),
    error_headings={"en": "Error", "fr": "Erreur", "sv": "Fel"},
    reference_heading="Counterfoil row",
    qualifiers=("currency", "dead", "live", "status", "unit", "price"),
    codes=("sku",),
    total_words=TOTAL_WORDS,
)

STOCK = Domain(
    name="stock",
    title="Stock",
    dialects=(STOCK_LIST,),
    resource=LEVELS,
    records=LevelRecords,
    limits=Limits(changed_share=1, changed_rows_floor=50, changed_rows=100_000),
    place=TILL,
)
"""With what a shop begins. What is there already is never changed by it, so that much may come in at once."""
