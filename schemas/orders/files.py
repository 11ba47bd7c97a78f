"""The columns of order files: exports of one row a line, and corrections of orders that are held.

Sources of the exports: the field lists of Customer/Order/Coupon Export, of Advanced Order Export and of Order
Import Export for WooCommerce. Headings are assumed to be left as the plugin has them; saved ones are not read here.
"""

from schemas.domain import Column, Dialect, NumberFormat
from schemas.total_words import TOTAL_WORDS

REFERENCE = "Counterfoil row"
AMOUNTS = ("total", "total_tax", "shipping", "shipping_tax", "fees", "fees_tax", "refunded", "net", "tax")
_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}


_QUANTITIES = ("quantity",)
_DATES = ("sold_at",)


def _column(name: str, heading: str, description: str, *aliases: str, required: bool = False) -> Column:
    return Column(
        name=name,
        heading=heading,
        description=description,
        aliases=dict.fromkeys(aliases, "en"),
        required=required,
        dates=name in _DATES,
        holds="money" if name in AMOUNTS else "quantity" if name in _QUANTITIES else "text",
    )


WOO_ORDERS = Dialect(
    name="woocommerce_orders",
    columns=(
        _column("order_id", "order_id", "the order's id, not its number", "Order ID", required=True),
        _column("number", "order_number", "the number people see", "Order Number", "order_number_formatted"),
        _column("status", "status", "such as completed", "Order Status", "order_status", required=True),
        _column("sold_at", "order_date", "such as 2024-03-09 15:02:11", "Order Date", "date", required=True),
        _column("currency", "order_currency", "three letters", "Currency", "Order Currency"),
        _column("total", "order_total", "all the buyer paid", "Order Total", "Order Total Amount", required=True),
        _column("total_tax", "tax_total", "the tax in it", "Order Total Tax Amount", "order_total_tax", "total_tax"),
        _column("shipping", "shipping_total", "without tax", "Order Shipping Amount", "order_shipping"),
        _column("shipping_tax", "shipping_tax_total", "its tax", "Order Shipping Tax Amount", "order_shipping_tax"),
        _column("fees", "fee_total", "without tax", "Order Total Fee", "order_fees"),
        _column("fees_tax", "fee_tax_total", "its tax", "Order Total Fee Tax"),
        _column("refunded", "refunded_total", "what was given back", "Order Refund Amount", "refund_amount"),
        _column("email", "billing_email", "the buyer's address", "Email (Billing)", "customer_email"),
        _column("item", "item_id", "the line's id", "Item ID", "line_item_id"),
        _column("product_id", "item_product_id", "0 where it was deleted", "Product Id", "product_id"),
        _column("variation_id", "item_variation_id", "the variation", "Variation Id", "variation_id"),
        _column("sku", "item_sku", "the SKU", "SKU", "product_sku"),
        _column("name", "item_name", "what was sold", "Item Name", "Product Name"),
        _column("quantity", "item_quantity", "how many were sold", "Quantity", "item_qty", "qty", required=True),
        _column("net", "item_total", "of the line, after coupons, without tax", "Order Line Total", required=True),
        _column("tax", "item_total_tax", "of the line", "Order Line Tax", "item_tax"),
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=REFERENCE,
    codes=("order_id", "item", "product_id", "variation_id", "sku"),
    padded=("sku",),
    labels=("name",),
    total_words=TOTAL_WORDS,
)

ORDER_CORRECTIONS = Dialect(
    name="order_corrections",
    columns=(
        _column("order_id", "Order", "the order's id; empty: every held order with the SKU", required=True),
        _column("item", "Line", "the line's id; empty: every line of the order with the SKU", required=True),
        _column("sku", "SKU", "the SKU as the order has it", required=True),
        _column("new_sku", "New SKU", "the SKU of the product to book it on", required=True),
        _column("product_id", "Product ID", "the product in the shop, in the place of a SKU"),
        _column("variation_id", "Variation ID", "its variation there, where it has any"),
        _column("number", "Number", "for people"),
        _column("name", "Name", "for people"),
        _column("why", "Why", "for people"),
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=REFERENCE,
)
"""As a run writes it (held.csv): a row a line that holds its order, to be filled in and handed in again."""
