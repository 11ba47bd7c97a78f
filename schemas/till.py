"""What a shop's till is made of before anything is sold: outlets, their registers, and how much lies where.

Products and sales stand in ``schemas.orders``; how stock follows from sales, in ``tasks.core.orders.effects``.
"""

from schemas.domain import Resource

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
