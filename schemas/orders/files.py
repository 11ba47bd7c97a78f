"""The columns of order files: exports of one row a line, and corrections of orders that are held.

Sources of the exports: the field lists of Customer/Order/Coupon Export, of Advanced Order Export and of Order
Import Export for WooCommerce. Headings are assumed to be left as the plugin has them; saved ones are not read here.
"""

from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.columns import Reading, column, heading, with_columns_of
from schemas.domain import Dialect, NumberFormat
from schemas.total_words import TOTAL_WORDS

REFERENCE = "Counterfoil row"
_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}
_SAID_ONCE = {"says_one_thing": "ORDER_ROWS_DIFFER"}


def _exported(
    reads: Reading,
    text: str,
    says: str,
    *,
    en: str,
    required: bool = False,
    private: bool = False,
    codes: dict[str, str] | None = None,
) -> Any:
    """Declare a column of an export; null: nothing stands there, or it cannot be read."""
    own = heading(text, required=required, en=en)
    declared = column(reads, private=private, codes=codes, woocommerce_orders=own)
    return pa.Field(nullable=True, description=says, metadata=declared)


def _of_order(reads: Reading, text: str, says: str, *, en: str, required: bool = False, private: bool = False) -> Any:
    return _exported(reads, text, says, en=en, required=required, private=private, codes=_SAID_ONCE)


class OrderFileHeads(pa.DataFrameModel):
    """One row a row of an export, with what it tells of its whole order: on each of its rows, or on the first alone.

    Everything is text, numbers as ``1234.5``. ``row`` is where it stands in the file, ``line`` where the first row of
    its order does.
    """

    row: pl.UInt32 = pa.Field(ge=1)
    line: pl.UInt32 = pa.Field(ge=1)
    order_id: str = _exported("id", "order_id", "the order's id, not its number", en="Order ID", required=True)
    number: str = _of_order("text", "order_number", "the number people see", en="Order Number|order_number_formatted")
    status: str = _of_order("text", "status", "such as completed", en="Order Status|order_status", required=True)
    sold_at: str = _of_order(
        "export_time", "order_date", "such as 2024-03-09 15:02:11", en="Order Date|date", required=True
    )
    currency: str = _of_order("text", "order_currency", "three letters", en="Currency|Order Currency")
    total: str = _of_order(
        "decimal", "order_total", "all the buyer paid", en="Order Total|Order Total Amount", required=True
    )
    total_tax: str = _of_order(
        "decimal", "tax_total", "the tax in it", en="Order Total Tax Amount|order_total_tax|total_tax"
    )
    shipping: str = _of_order("decimal", "shipping_total", "without tax", en="Order Shipping Amount|order_shipping")
    shipping_tax: str = _of_order(
        "decimal", "shipping_tax_total", "its tax", en="Order Shipping Tax Amount|order_shipping_tax"
    )
    fees: str = _of_order("decimal", "fee_total", "without tax", en="Order Total Fee|order_fees")
    fees_tax: str = _of_order("decimal", "fee_tax_total", "its tax", en="Order Total Fee Tax")
    refunded: str = _of_order(
        "decimal", "refunded_total", "what was given back", en="Order Refund Amount|refund_amount"
    )
    email: str = _of_order(
        "text", "billing_email", "the buyer's address", en="Email (Billing)|customer_email", private=True
    )
    payment_method: str = _of_order("text", "payment_method", "such as stripe", en="Payment Method")
    payment_title: str = _of_order("text", "payment_method_title", "as the buyer read it", en="Payment Method Title")

    class Config:
        strict = True

    @pa.check("^(?!row$|line$|order_id$)", regex=True)
    def says_one_thing(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """Rows of one order that say two things of it do not say which is right."""
        cell = pl.col(data.key)
        given = pl.when(cell != "").then(cell)
        several = given.drop_nulls().n_unique().over("line") > 1
        return data.lazyframe.select(given.is_null() | ~several)


class OrderFileLines(pa.DataFrameModel):
    """One row a row of an export, with what it tells of a line of its order, as OrderFileHeads has it."""

    line: pl.UInt32 = pa.Field(ge=1)
    item: str = _exported("id", "item_id", "the line's id", en="Item ID|line_item_id")
    product_id: str = _exported("id", "item_product_id", "0 where it was deleted", en="Product Id|product_id")
    variation_id: str = _exported("id", "item_variation_id", "the variation", en="Variation Id|variation_id")
    sku: str = _exported("reference", "item_sku", "the SKU", en="SKU|product_sku")
    name: str = _exported("label", "item_name", "what was sold", en="Item Name|Product Name")
    quantity: str = _exported(
        "decimal_quantity", "item_quantity", "how many were sold", en="Quantity|item_qty|qty", required=True
    )
    net: str = _exported(
        "decimal", "item_total", "of the line, after coupons, without tax", en="Order Line Total", required=True
    )
    tax: str = _exported("decimal", "item_total_tax", "of the line", en="Order Line Tax|item_tax")

    class Config:
        strict = True


def _correction(text: str, says: str, *, required: bool = False) -> Any:
    """Declare a column of a file that we wrote ourselves, as text."""
    return pa.Field(description=says, metadata=column("text", order_corrections=heading(text, required=required)))


class OrderCorrections(pa.DataFrameModel):
    """One row a line that holds its order, with what a person says of it; empty where nothing stands."""

    line: pl.UInt32 = pa.Field(ge=1)
    order_id: str = _correction("Order", "the order's id; empty: every held order with the SKU", required=True)
    item: str = _correction("Line", "the line's id; empty: every line of the order with the SKU", required=True)
    sku: str = _correction("SKU", "the SKU as the order has it", required=True)
    new_sku: str = _correction("New SKU", "the SKU of the product to book it on", required=True)
    product_id: str = _correction("Product ID", "the product in the shop, in the place of a SKU")
    variation_id: str = _correction("Variation ID", "its variation there, where it has any")
    number: str = _correction("Number", "for people")
    name: str = _correction("Name", "for people")
    why: str = _correction("Why", "for people")

    class Config:
        strict = True


WOO_ORDERS = with_columns_of(
    OrderFileLines,
    with_columns_of(
        OrderFileHeads,
        Dialect(
            name="woocommerce_orders",
            number_format=NumberFormat(),
            error_headings=_ERRORS,
            reference_heading=REFERENCE,
            total_words=TOTAL_WORDS,
        ),
    ),
)

ORDER_CORRECTIONS = with_columns_of(
    OrderCorrections,
    Dialect(
        name="order_corrections", number_format=NumberFormat(), error_headings=_ERRORS, reference_heading=REFERENCE
    ),
)
"""As a run writes it (held.csv): a row a line that holds its order, to be filled in and handed in again."""
