"""What a till on Lightspeed is asked: sales, products, stock, and the lists that sales refer to.

Answers are given as they came. What they mean for a record is decided in ``sale_facts`` and ``till_records``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from infra.connectors.lightspeed_x.api import LightspeedX, Scope
from infra.connectors.lightspeed_x.lists import PAGE_ROWS, Row, VersionPage, by_row_version, by_version
from schemas.problems import Declined, Unanswered, Unavailable

_LISTS: Mapping[str, tuple[str, Scope]] = {
    "outlets": ("the list of outlets", "outlets:read"),
    "registers": ("the list of registers", "registers:read"),
    "payment_types": ("the list of payment types", "payment_types:read"),
    "users": ("the list of users", "users:read"),
    "products": ("the list of products", "products:read"),
    "stock_adjustments": ("the list of stock adjustments", "inventory:write"),
    "custom_inventory_adjustment_reasons": ("the list of reasons for adjustments", "inventory:write"),
}
"""Lists by version: what each is called, and the permission it needs."""
_SHORT_PAGES = {"custom_inventory_adjustment_reasons": 100}
"""Lists that refuse to be asked for as many rows as others."""


@dataclass(frozen=True)
class TillApi:
    """The till of one shop. Threads may share it."""

    _api: LightspeedX

    def sale(self, sale_id: str) -> Row | None:
        """Return a sale; None where there is none of this id."""
        try:
            data = self._api.get(f"sales/{sale_id}", "a sale", "sales:read")
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None
        return _sale(_unwrapped(data), Unavailable)

    def create_sale(self, body: Mapping[str, object]) -> Row:
        """Book a sale under the id in *body*.

        Raises:
            Unanswered: It may be there.
        """
        return _sale(_unwrapped(self._api.change("POST", "sales", body, "a new sale", "sales:write")), Unanswered)

    def update_sale(self, sale_id: str, body: Mapping[str, object]) -> Row:
        """Write a sale anew.

        Raises:
            Unanswered: It may be written.
        """
        data = self._api.change("PUT", f"sales/{sale_id}", body, "a change of a sale", "sales:write")
        return _sale(_unwrapped(data), Unanswered)

    def adjust_stock(self, items: Sequence[Mapping[str, str]]) -> list[Row]:
        """Move stock by differences, and return the adjustments.

        Raises:
            Unanswered: Some or all of them may be there.
        """
        body = {"stock_adjustments": list(items)}
        data = self._api.change("POST", "stock_adjustments", body, "an adjustment of stock", "inventory:write")
        return _rows(_unwrapped(data), Unanswered)

    def create_reason(self, name: str, kind: str) -> None:
        """Add a reason for adjustments; *kind* is POSITIVE or NEGATIVE."""
        body = {"name": name, "enabled": True, "type": kind}
        path = "custom_inventory_adjustment_reasons"
        self._api.change("POST", path, body, "a reason for adjustments", "inventory:write")

    def create_product(self, body: Mapping[str, object]) -> str:
        """Add a product, and return its id.

        Raises:
            Unanswered: It may be there.
        """
        ids = _unwrapped(self._api.change("POST", "products", body, "a new product", "products:write"))
        if not isinstance(ids, list) or len(ids) != 1:
            raise Unanswered("Lightspeed answered with something else than the id of a product.")
        return str(ids[0])

    def update_product(self, live_id: str, body: Mapping[str, object]) -> None:
        """Change a product."""
        self._api.change("PUT", f"products/{live_id}", body, "a change of a product", "products:write")

    def rows(self, name: str, after: int = 0) -> Iterator[Row]:
        """Yield the rows of a list by version: ``outlets``, ``registers`` and so on. What was deleted is left out."""
        what, scope = _LISTS[name]
        ask: Callable[[int], VersionPage] = partial(self._page, name, what, scope)
        return (row for row in by_version(ask, after) if not row.get("deleted_at"))

    def taxes(self) -> list[Row]:
        """Return the taxes that are not deleted: a list without versions."""
        rows = _rows(_unwrapped(self._api.get("taxes", "the list of taxes", "taxes:read")), Unavailable)
        return [row for row in rows if not row.get("deleted_at")]

    def inventory(self) -> Iterator[Row]:
        """Yield how much there is of each product in each outlet."""
        return by_row_version(self._inventory_page)

    def levels_of(self, live_id: str) -> list[Row]:
        """Return how much there is of one product, outlet by outlet."""
        params = {"page_size": str(PAGE_ROWS), "order_direction": "asc"}
        data = self._api.get(f"inventory/{live_id}", "the levels of a product", "inventory:read", params)
        return [row for row in _rows(data, Unavailable) if not row.get("deleted_at")]

    def retailer(self) -> Row:
        """Return what Lightspeed says of the shop as a whole."""
        return _object(self._api.get("retailer", "the shop itself", "retailer:read"))

    def own_user(self) -> Row:
        """Return the user that the token belongs to; the specification's own example shows a list of one."""
        return _object(self._api.get("user", "the user of the token", "users:read"))

    def _page(self, name: str, what: str, scope: Scope, after: int) -> VersionPage:
        params = {"after": str(after), "page_size": str(_SHORT_PAGES.get(name, PAGE_ROWS))}
        data = self._api.get(name, what, scope, params)
        rows = _rows(_unwrapped(data), Unavailable)
        return VersionPage(rows=tuple(rows), newest=max((int(row["version"]) for row in rows), default=None))

    def _inventory_page(self, after: int) -> list[Row]:
        body = {"after": after, "size": PAGE_ROWS, "sort_direction": "asc"}
        return _rows(self._api.search("inventory", body, "the levels of stock", "inventory:read"), Unavailable)


def _unwrapped(data: object) -> object:
    return data["data"] if isinstance(data, dict) and "data" in data else data


def _object(data: object) -> Row:
    found = _unwrapped(data)
    found = found[0] if isinstance(found, list) and len(found) == 1 else found
    if not isinstance(found, dict):
        raise Unavailable("Lightspeed answered with something else than was asked for.")
    return found


def _rows(rows: object, problem: type[Unavailable]) -> list[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise problem("Lightspeed answered with something else than a list.")
    return rows


def _sale(sale: object, problem: type[Unavailable]) -> Row:
    if not isinstance(sale, dict) or not {"id", "state", "line_items"} <= sale.keys():
        raise problem("Lightspeed answered with something else than a sale.")
    return sale
