"""What happens at the till itself, whoever imports meanwhile: one sale, one movement, one level."""

import sqlalchemy as sa

from infra.connectors.sql.tables import STOCK_LEVELS, STOCK_MOVEMENTS
from infra.databases.database import writing

_AT_THE_TILL = {"reason": "till", "plan_id": "", "run_id": ""}


def sell(database: sa.Engine, product: str, milli: int = 1_000) -> None:
    """Sell a product at the main outlet, as a till does: it knows nothing of imports."""
    place = {"product_id": product, "outlet_id": "main"}
    here = [STOCK_LEVELS.c[name] == value for name, value in place.items()]
    with writing(database) as connection:
        movement = sa.insert(STOCK_MOVEMENTS).values(**place, quantity_milli=-milli, **_AT_THE_TILL)
        connection.execute(movement)
        left = sa.update(STOCK_LEVELS).where(*here).values(quantity_milli=STOCK_LEVELS.c.quantity_milli - milli)
        assert connection.execute(left).rowcount == 1
