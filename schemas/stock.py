"""What a shop's till is made of before anything is sold: outlets, their registers, and how much lies where.

Products and sales stand in ``schemas.orders.records``; how stock follows from sales, in ``tasks.core.orders.effects``.
"""

from dataclasses import dataclass
from typing import Literal

import pandera.polars as pa
import polars as pl

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, Domain, Limits, NumberFormat, Resource
from schemas.records import Artifact, Plan
from schemas.report_tables import ReportTable
from schemas.total_words import TOTAL_WORDS

TILL = "the till"
"""Where sales, products and stock hang together."""

OUTLETS = Resource(name="outlets", key="outlet_id", columns=("name",), known_by="outlet_id")
REGISTERS = Resource(name="registers", key="register_id", columns=("name", "outlet_id"), known_by="register_id")
LEVELS = Resource(
    name="stock_levels",
    key="level_key",
    columns=("product_id", "outlet_id", "quantity_milli"),
    known_by="level_key",
    key_of=("product_id", "outlet_id"),
)
"""One record a product and outlet, which is there once anything moved: creating it is the opening of the stock,
changing it is a count. Either way the difference is a movement."""


class StockRows(pa.DataFrameModel):
    """One row a product, as a list of stock says what there is of it in one outlet."""

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    sku: str = pa.Field(
        str_length={"min_value": 1},
        description="by which web shop and till know the product",
        metadata=column(
            "sku",
            codes={"str_length": "STOCK_SKU", "appears_once": "STOCK_SKU_TWICE"},
            stock_list=heading("SKU"),
        ),
    )
    name: str = pa.Field(
        description="what people call it", metadata=column("text", stock_list=heading("Name", required=False))
    )
    price_cents: pl.Int64 = pa.Field(
        ge=0,
        description="what it costs, tax included",
        metadata=column(
            "money",
            codes={"greater_than_or_equal_to": "AMOUNT_NEGATIVE"},
            stock_list=heading("Price", "tax included, such as 12.50", required=False),
        ),
    )
    quantity_milli: pl.Int64 = pa.Field(
        ge=0,
        description="thousandths",
        metadata=column(
            "quantity",
            codes={"greater_than_or_equal_to": "AMOUNT_NEGATIVE"},
            stock_list=heading("Stock", "how many there are, such as 3 or 0.5", en="Quantity", sv="lager"),
        ),
    )

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


STOCK_LIST = with_columns_of(
    StockRows,
    Dialect(
        name="stock_list",
        number_format=NumberFormat(),
        error_headings={"en": "Error", "fr": "Erreur", "sv": "Fel"},
        reference_heading="Counterfoil row",
        qualifiers=("currency", "dead", "live", "status", "unit", "price"),
        total_words=TOTAL_WORDS,
    ),
)

STOCK = Domain(
    name="stock",
    title="Stock",
    flow="flows.stock.open_stock",
    dialects=(STOCK_LIST,),
    resource=LEVELS,
    rows=(StockRows,),
    records=LevelRecords,
    limits=Limits(changed_share=1, changed_rows_floor=50, changed_rows=100_000),
    place=TILL,
)
"""With what a shop begins. What is there already is never changed by it, so that much may come in at once."""


StockEffect = Literal["deduct", "neutral"]
"""deduct: the level falls by what was sold. neutral: a compensating movement leaves it where it is today."""


class Products(pa.DataFrameModel):
    """One row a product, as the till holds it. Ids of products that we create are uuid5 of their source's ids."""

    product_id: str = pa.Field(unique=True)
    sku: str
    name: str
    description: str
    currency: str
    price_cents: pl.Int64
    active: str = pa.Field(isin=["yes", "no"])
    tracks_stock: str = pa.Field(isin=["yes", "no"])
    source: str = pa.Field(description="where it comes from, such as woocommerce; empty: made at the till")
    source_id: str = pa.Field(description="the product's id there, by which lines are linked")
    source_variation_id: str = pa.Field(description="the variation's id there; empty where there is none")

    class Config:
        strict = True


class Levels(pa.DataFrameModel):
    """One row a product and outlet: how much is there. Always the sum of the movements."""

    product_id: str
    outlet_id: str
    quantity_milli: pl.Int64

    class Config:
        strict = True
        unique = ("product_id", "outlet_id")


PRODUCT_RECORDS = Resource(
    name="products",
    key="product_id",
    columns=(
        "sku",
        "name",
        "description",
        "currency",
        "price_cents",
        "active",
        "tracks_stock",
        "source",
        "source_id",
        "source_variation_id",
    ),
    known_by="sku",
    status="active",
    live="yes",
    retired_as="no",
)


PRODUCTS = Domain(
    name="products",
    title="Products",
    dialects=(),
    resource=PRODUCT_RECORDS,
    records=Products,
    limits=Limits(changed_share=0.20, changed_rows_floor=50, changed_rows=500),
    place=TILL,
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where sales are booked, and whether they move the stock there for good."""

    register_id: str
    outlet_id: str
    stock: StockEffect


@dataclass(frozen=True, kw_only=True)
class Stocked:
    """The products and levels of the till just before: the backup, as frames and as a file for people."""

    products: Artifact
    levels: Artifact


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The plans with which a till begins: the products to be made, and then the levels; and where they lie."""

    products: Plan
    levels: Plan
    report_tables: tuple[ReportTable, ...]
