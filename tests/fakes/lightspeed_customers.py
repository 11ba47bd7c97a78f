"""The customers of a Lightspeed Retail (X-Series): what it does with them, without HTTP.

Written after its specification of version 2026-07. An e-mail address may be that of many. What looks like the number of
a payment card is taken out of texts without a word (what stands there then is assumed), and postcodes are checked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.fakes.lightspeed_cards import Rule

Customer = dict[str, Any]
REDACTED = "[redacted]"
_ADDRESS = ("address_1", "address_2", "suburb", "city", "postcode", "state")
LOOKED_THROUGH = (
    *("first_name", "last_name", "company_name", "note"),
    *(f"{kind}_{part}" for kind in ("physical", "postal") for part in _ADDRESS),
    *(f"custom_field_{number}" for number in range(1, 5)),
)
"""Texts in which card numbers are redacted."""
WRITABLE = frozenset(
    {*LOOKED_THROUGH, "customer_code", "customer_group_id", "gender", "email", "phone", "mobile", "fax", "twitter"}
    | {"website", "tax_id", "physical_country_id", "postal_country_id", "do_not_email", "enable_promotional_sms"}
    | {"enable_loyalty", "on_account_limit", "date_of_birth"}
)
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_POSTCODES = {"FR": r"\d{5}", "SE": r"\d{3} ?\d{2}", "NL": r"\d{4} ?[A-Z]{2}"}


@dataclass
class Customers:
    """The customers of one shop; each change of one gets the next version."""

    customers: dict[str, Customer] = field(default_factory=dict)
    page_rows: int = 1000
    replaces: bool = False
    """A change empties what it does not name."""
    shows_deleted: bool = False
    """A deleted customer is answered by its id, with the moment it was deleted."""
    masked: bool = False
    """Addresses are shown to nobody."""
    search_ignores: bool = False
    """A search finds everybody."""
    behind: int = 0
    """So many of the latest changes a search does not know of yet."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _version: int = 40_000_000_000

    def page(self, after: int, rows: int, *, deleted: bool) -> dict[str, Any]:
        """Return customers that changed after a version, oldest change first; deleted ones where they are asked for."""
        changed = sorted((c for c in self.customers.values() if c["version"] > after), key=lambda c: int(c["version"]))
        data = [c for c in changed if deleted or c["deleted_at"] is None][: min(rows, self.page_rows)]
        versions = [c["version"] for c in data]
        data = [self.shown(c) for c in data]
        return {"data": data, "version": {"min": min(versions, default=None), "max": max(versions, default=None)}}

    def search(self, sought: dict[str, str], offset: int, rows: int) -> list[Customer]:
        known = [c for c in self.customers.values() if c["version"] <= self._version - self.behind]
        found = [c for c in known if c["deleted_at"] is None and (self.search_ignores or _is_sought(c, sought))]
        return [self.shown(c) for c in found[offset : offset + min(rows, self.page_rows)]]

    def look_at(self, customer_id: str) -> Customer:
        """Return a customer by its id."""
        deleted = self.customers.get(customer_id) if self.shows_deleted else None
        return self.shown(deleted or self.find(customer_id))

    def shown(self, customer: Customer) -> Customer:
        """Return a customer as it is answered."""
        email = customer["email"]
        return customer | {"email": f"{email[0]}***@***"} if self.masked and email else dict(customer)

    def find(self, customer_id: str) -> Customer:
        customer = self.customers.get(customer_id)
        if customer is None or customer["deleted_at"] is not None:
            raise Rule(404, "Customer not found", "Not Found")
        return customer

    def create(self, body: Customer) -> Customer:
        _expect_postcodes(body)
        customer_id = str(UUID(int=1_000_000 + len(self.customers)))
        made = {"customer_code": f"{body['first_name'] or 'Customer'}-{len(self.customers) + 1:04d}"} | body
        amounts = {"balance": 0.0, "loyalty_balance": 0.0, "year_to_date": 0.0}
        blank = dict.fromkeys(sorted(WRITABLE - _NEVER_NULL - _FLAGS), None)
        own = {"id": customer_id, "created_at": self._instant(), "deleted_at": None, **amounts}
        self.customers[customer_id] = {**blank, **dict.fromkeys(sorted(_FLAGS), False), **own}
        return self._laid_over(self.customers[customer_id], made)

    def update(self, customer_id: str, body: Customer) -> Customer:
        """Lay a body over a customer: what it leaves out stays, unless a change replaces all."""
        customer = self.find(customer_id)
        _expect_postcodes(body)
        if self.replaces:
            customer |= dict.fromkeys(sorted(WRITABLE - _FLAGS - _NEVER_NULL), None) | dict.fromkeys(_FLAGS, False)
            customer.pop("customer_group_id", None)
        return self._laid_over(customer, body)

    def _laid_over(self, customer: Customer, body: Customer) -> Customer:
        customer |= {name: _without_cards(name, value) for name, value in body.items()}
        customer["name"] = " ".join(part for part in (customer["first_name"], customer["last_name"]) if part)
        self._touch(customer)
        return customer

    def delete(self, customer_id: str) -> None:
        customer = self.find(customer_id)
        customer["deleted_at"] = self._instant()
        self._touch(customer)

    def _touch(self, customer: Customer) -> None:
        self._version += 1
        customer |= {"version": self._version, "updated_at": self._instant()}

    def _instant(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")


_FLAGS = {"do_not_email", "enable_promotional_sms", "enable_loyalty"}
_NEVER_NULL = {"customer_code", "customer_group_id"}


def _is_sought(customer: Customer, sought: dict[str, str]) -> bool:
    return all(str(customer.get(name) or "").lower() == text.lower() for name, text in sought.items())


def _expect_postcodes(body: Customer) -> None:
    for kind in ("physical", "postal"):
        pattern, postcode = _POSTCODES.get(body.get(f"{kind}_country_id") or ""), body.get(f"{kind}_postcode")
        if pattern and postcode and not re.fullmatch(pattern, postcode):
            raise Rule(400, f"{kind}_postcode {postcode} is not valid for this country", "Bad Request")


def _without_cards(name: str, value: Any) -> Any:
    if name not in LOOKED_THROUGH or not isinstance(value, str):
        return value
    return _CARD.sub(lambda found: REDACTED if _is_card(found[0]) else found[0], value)


def _is_card(text: str) -> bool:
    """Say whether digits pass the check that payment cards pass."""
    digits = [int(sign) for sign in text if sign.isdigit()][::-1]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0
