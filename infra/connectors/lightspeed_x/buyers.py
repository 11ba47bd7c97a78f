"""Whose sales are: the customers of Lightspeed by their addresses, as orders name who bought."""

import polars as pl

from infra.connectors.json_values import as_text
from infra.connectors.lightspeed_x.customer_calls import CustomerCalls
from infra.connectors.lightspeed_x.customers import list_customers

_SCHEMA = {"customer_id": pl.String, "email": pl.String}


class Buyers:
    """Who may have bought. Lightspeed's own ids are what its sales are linked by."""

    def __init__(self, calls: CustomerCalls | None) -> None:
        """Without *calls*, sales are linked to nobody."""
        self._calls = calls

    def records(self) -> pl.DataFrame:
        """Return ``customer_id, email`` of all customers.

        Raises:
            Refused: All addresses are masked.
        """
        rows = list_customers(self._calls) if self._calls else []
        found = [(str(row["id"]), as_text(row.get("email"))) for row in rows]
        return pl.DataFrame(found, schema=_SCHEMA, orient="row")
