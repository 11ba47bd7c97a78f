"""Supplier costs: what a supplier asks for a product, from a day on."""

import pandera.polars as pa
import polars as pl

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, Domain, Hold, Limits, NumberFormat, Resource


class SupplierCosts(pa.DataFrameModel):
    """One row a product and day, as a price list has it."""

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    cost_key: str = pa.Field(description="SKU and day, joined")
    sku: str = pa.Field(
        str_length={"max_value": 64},
        description="by which the till knows the product",
        metadata=column("sku", codes={"str_length": "COST_SKU"}, price_list=heading("SKU", fr="Référence")),
    )
    valid_on: str = pa.Field(
        description="the first day of the cost, such as 2026-11-20",
        metadata=column("day", price_list=heading("Valid from", fr="Valable dès", sv="Gäller från")),
    )
    cost_cents: pl.Int64 = pa.Field(
        description="what it costs, without tax, such as 12.50",
        metadata=column("money", price_list=heading("Cost", fr="Prix d'achat", sv="Inköpspris")),
    )
    currency: str = pa.Field(description="the shop's", metadata=column("currency"))

    class Config:
        strict = True


class SupplierCostRecords(pa.DataFrameModel):
    """One row a product and day, as the target holds it."""

    cost_key: str
    sku: str
    valid_on: str
    cost_cents: pl.Int64
    currency: str

    class Config:
        strict = True


_PRICE_LIST = Dialect(
    name="price_list",
    number_format=NumberFormat(),
    error_headings={"en": "Error", "fr": "Erreur", "sv": "Fel"},
    reference_heading="Counterfoil row",
    qualifiers=("currency", "unit"),
)
_COST, _BEFORE = pl.col("cost_cents"), pl.col("cost_cents_before")

SUPPLIER_COSTS = Domain(
    name="supplier-costs",
    title="Supplier costs",
    flow="flows.supplier_costs.import_supplier_costs",
    dialects=(with_columns_of(SupplierCosts, _PRICE_LIST),),
    resource=Resource(
        name="supplier_costs",
        key="cost_key",
        key_of=("sku", "valid_on"),
        columns=("sku", "valid_on", "cost_cents", "currency"),
        known_by="cost_key",
    ),
    rows=(SupplierCosts,),
    records=SupplierCostRecords,
    limits=Limits(changed_share=0.20, changed_rows_floor=50, changed_rows=5_000),
    holds=(Hold(when=(_COST > _BEFORE * 10) | (_COST * 10 < _BEFORE), code="COST_TENFOLD"),),
    codes=(
        ("COST_SKU", "reject", "too long for a SKU", "write it as the till has it"),
        ("COST_TENFOLD", "held", "ten times the cost that is there, or a tenth", "look for a lost decimal sign"),
    ),
)
