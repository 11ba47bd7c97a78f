"""Customers of a WooCommerce shop as a target, written by its interface one by one.

The shop does not tell which customers changed since when, so the whole list is read, each page from the last of the
one before on: were the list to move, the two would not meet. It knows an address once, whoever has it. Only users
with the role *customer* are read or written; an address that another user has, such as an administrator, is taken.
Names come back cleaned (an ampersand as ``&amp;``), so they are read for what they say. A new customer needs no
password and is sent none; whether the shop mails *New account* is its own setting, which is looked at first.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from typing import Any

import polars as pl

from infra.connectors.json_values import as_text
from infra.connectors.web_customers.register import Change, Record
from infra.connectors.web_customers.target import written_one_by_one
from infra.connectors.web_lists import PER_PAGE
from infra.connectors.woocommerce.api import WooCommerce
from infra.http.transport import Answer
from schemas.capabilities import CallCosts, CallWindow
from schemas.customer_rows import CUSTOMER_COLUMNS
from schemas.customer_systems import WOOCOMMERCE_SYSTEM
from schemas.orders.pages import Answered
from schemas.problems import Unanswered, Unavailable

CAN = written_one_by_one(CallCosts(create=2, update=2, remove=3), final="a password")
_ADDRESS = {
    "company": "company",
    "street": "address_1",
    "address_2": "address_2",
    "city": "city",
    "region": "state",
    "postcode": "postcode",
    "country": "country",
}
_OWN = ("email", "first_name", "last_name")
_PLACES: Mapping[str, tuple[str, str]] = {
    **{column: ("billing", theirs) for column, theirs in _ADDRESS.items()},
    "phone": ("billing", "phone"),
    **{f"shipping_{column}": ("shipping", theirs) for column, theirs in _ADDRESS.items()},
}
"""Where the columns are that are not the customer's own."""
_ROLE = "customer"
_NEW_ACCOUNT_MAIL = (
    "The web shop would mail everyone who is created, or does not say that it would not. Switch off WooCommerce > "
    "Settings > Emails > New account while you import, or set COUNTERFOIL_WOO_NEW_ACCOUNT_MAIL=accept."
)


class WooRegister:
    """The customers of one shop."""

    def __init__(self, shop: WooCommerce, *, may_mail: bool) -> None:
        """*may_mail*: whether customers may be created while the shop mails each of them."""
        self._shop = shop
        self._may_mail = may_mail
        self._silent: bool | None = None
        """Whether the shop mails nobody, asked once a batch."""

    def everyone(self) -> Iterable[Record]:
        """Return all customers.

        Raises:
            Unavailable: The list moved while it was read; the next attempt reads it anew.
        """
        found: dict[str, Record] = {}
        last, offset, total = "", 0, 1
        while offset < total:
            page = self._shop.customers({"role": _ROLE, "offset": str(offset)})
            if last and page.ids[:1] != (last,):
                raise Unavailable("The web shop's list of customers changed while it was read. It is read anew.")
            found |= {str(item["id"]): _record(item) for item in page.items}
            total = page.total or 0
            last, offset = (page.ids[-1] if page.ids else ""), offset + PER_PAGE - 1
            if offset + 1 >= total:
                break
        return list(found.values())

    def some(self, keys: Sequence[str]) -> Iterable[Record]:
        for start in range(0, len(keys), PER_PAGE):
            query = {"role": _ROLE, "include": ",".join(keys[start : start + PER_PAGE])}
            yield from (_record(item) for item in self._shop.customers(query).items)

    def count(self) -> int:
        total = self._shop.customers({"role": _ROLE, "per_page": "1", "_fields": "id"}).total
        if total is None:
            raise Unavailable("The web shop did not say how many customers there are. Nothing was changed there.")
        return total

    def windows(self) -> tuple[CallWindow, ...]:
        return ()

    def compared(self, changes: pl.DataFrame) -> tuple[str, ...]:  # noqa: ARG002
        return WOOCOMMERCE_SYSTEM.holds

    def prepare(self, columns: Sequence[str]) -> None:  # noqa: ARG002
        self._silent = None

    def expect_calls(self, change: Change) -> None:
        """Expect nothing: the shop counts no calls."""

    def one(self, key: str) -> Record | None:
        item = self._user(key)
        return _record(item) if item and item.get("role") == _ROLE else None

    def having(self, email: str) -> Sequence[Record]:
        found = self._shop.customers({"role": "all", "email": email}).items
        return [_record(item) for item in found if as_text(item.get("email")).lower() == email.lower()]

    def objection(self, change: Change, now: Record | None) -> str:  # noqa: ARG002
        if change["kind"] == "remove":
            has_bought = (self._user(change["customer_id"]) or {}).get("is_paying_customer")
            return "A customer who has bought something since is not removed." if has_bought else ""
        blank = WOOCOMMERCE_SYSTEM.missing(change)
        if blank:
            return f"WooCommerce takes no customer without {', '.join(blank)}: fill it in."
        return "" if change["kind"] != "create" or self._may_mail or self._is_silent() else _NEW_ACCOUNT_MAIL

    def create(self, wanted: Mapping[str, str]) -> Record:
        """Create a customer, with all that is said of it."""
        item = _item(self._shop.write_customer("POST", "", _fields({c: v for c, v in wanted.items() if v})))
        if item is None:
            raise Unanswered("The web shop did not say under which number a customer was created.")
        return _record(item)

    def update(self, key: str, before: Mapping[str, str], after: Mapping[str, str]) -> Record | None:
        changed = {column: after[column] for column in after if after[column] != before[column]}
        item = _item(self._shop.write_customer("PUT", key, _fields(changed)))
        return _record(item) if item else None

    def complete(self, key: str, wanted: Mapping[str, str]) -> Record:  # noqa: ARG002
        """Return nothing: all that is known of a customer is in one place."""
        return {}

    def remove(self, key: str) -> None:
        self._shop.write_customer("DELETE", key, {})

    def _user(self, key: str) -> Answered | None:
        answer = self._shop.customer(key)
        return _item(answer) if answer else None

    def _is_silent(self) -> bool:
        if self._silent is None:
            self._silent = self._shop.setting("email_customer_new_account", "enabled") == "no"
        return self._silent


def _item(answer: Answer) -> Answered | None:
    return answer.data if isinstance(answer.data, dict) and isinstance(answer.data.get("id"), int) else None


def _record(item: Answered) -> Record:
    texts = dict.fromkeys(CUSTOMER_COLUMNS, "") | {name: unescape(as_text(item.get(name))) for name in _OWN}
    for column, (place, name) in _PLACES.items():
        held: Any = item.get(place)
        texts[column] = unescape(as_text(held.get(name))) if isinstance(held, dict) else ""
    return {"customer_id": str(item["id"]), **texts}


def _fields(changed: Mapping[str, str]) -> dict[str, object]:
    """Return what the shop is sent of the columns that are *changed*."""
    fields: dict[str, Any] = {name: changed[name] for name in _OWN if name in changed}
    for column, (place, name) in _PLACES.items():
        if column in changed:
            fields.setdefault(place, {})[name] = changed[column]
    return fields
