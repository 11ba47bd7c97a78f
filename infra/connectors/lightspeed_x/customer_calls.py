"""What Lightspeed X-Series is asked about customers, and what its answers are."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from infra.connectors.lightspeed_x.api import LightspeedX
from infra.connectors.lightspeed_x.lists import PAGE_ROWS, Row, VersionPage
from schemas.problems import Declined, Unanswered, Unavailable

FOUND_ROWS = 100
"""So many customers of one search are looked at."""


class CustomerCalls:
    """The calls about the customers of one shop."""

    def __init__(self, api: LightspeedX) -> None:
        self._api = api

    def page(self, after: int) -> VersionPage:
        """Return a page of the customers that changed after a version, deleted ones too."""
        params = {"after": str(after), "page_size": str(PAGE_ROWS), "deleted": "true"}
        data = self._api.get("customers", "the list of customers", "customers:read", params)
        rows = _rows(data)
        version = data.get("version") if isinstance(data, dict) else None
        newest = version.get("max") if isinstance(version, dict) else None
        return VersionPage(rows=rows, newest=newest if isinstance(newest, int) else None)

    def some(self, **sought: str) -> tuple[Row, ...]:
        """Return the first customers that a search finds; it may be a moment behind."""
        params = {"type": "customers", "page_size": str(FOUND_ROWS), **sought}
        return _rows(self._api.get("search", "a search for a customer", "customers:read", params))

    def one(self, customer_id: str) -> Row | None:
        """Return a customer as it is now; None where there is none, or it was deleted."""
        try:
            data = self._api.get(_place(customer_id), "a customer", "customers:read")
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None
        row = _customer(data)
        if row is None:
            raise Unavailable("Lightspeed answered with something else than a customer.")
        return None if row.get("deleted_at") else row

    def create(self, body: Mapping[str, object]) -> Row:
        """Create a customer.

        Raises:
            Unanswered: It may be there.
        """
        return _written(self._api.change("POST", "customers", body, "a new customer", "customers:write"))

    def update(self, customer_id: str, body: Mapping[str, object]) -> Row:
        """Change a customer.

        Raises:
            Unanswered: It may be done.
        """
        what = "a change of a customer"
        return _written(self._api.change("PUT", _place(customer_id), body, what, "customers:write"))

    def delete(self, customer_id: str) -> None:
        """Delete a customer."""
        self._api.change("DELETE", _place(customer_id), {}, "the removal of a customer", "customers:write")


def _place(customer_id: str) -> str:
    return f"customers/{quote(customer_id, safe='')}"


def _rows(data: object) -> tuple[Row, ...]:
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(_is_customer(row) for row in rows):
        raise Unavailable("Lightspeed answered with something else than a list of customers.")
    return tuple(rows)


def _customer(data: object) -> Row | None:
    row = data.get("data") if isinstance(data, dict) else None
    return row if isinstance(row, dict) and _is_customer(row) else None


def _written(data: object) -> Row:
    row = _customer(data)
    if row is None:
        raise Unanswered("Lightspeed answered to a change with something else than a customer.")
    return row


def _is_customer(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str)
