"""What a Lightspeed eCom shop holds and how it answers, after the facts its clients and its own page tell.

Empty texts come back as ``false``, bodies are wrapped, references are things with a link. Whom a write asks to mail is
in ``mailed``. No HTTP here: see ``tests.fakes.ecom``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
NOTIFY = ("doNotifyRegistered", "doNotifyConfirmed", "doNotifyPassword")
NEEDED = ("email", "firstname", "lastname")
TRUTHS = ("isConfirmed", "isCompany")
TEXTS = (
    *("firstname", "middlename", "lastname", "email", "phone", "mobile", "birthDate", "gender", "language"),
    *("companyName", "companyCoCNumber", "companyVatNumber", "addressShippingCompany", "memo"),
    *(
        f"address{side}{part}"
        for side in ("Billing", "Shipping")
        for part in ("Name", "Street", "Street2", "Number", "Extension", "Zipcode", "City", "Region", "Country")
    ),
)


class Fault(Exception):  # noqa: N818 - an answer that says no
    """An answer in eCom's own form that says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.document = {"error": {"code": status, "method": "", "request": "", "message": message}}


@dataclass
class EcomShop:
    """The state. Tests change it at will, also between two requests."""

    customers: dict[int, Thing] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    members: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By id: group and customer."""
    mailed: list[tuple[str, str]] = field(default_factory=list)
    """Whom a write asked to mail, and which of the flags did."""
    unique: bool = True
    honours_since_id: bool = True
    honours_email: bool = True
    newest_first: bool = False
    endless: bool = False
    """Whatever page is asked for, the first one comes."""
    redacts: tuple[str, ...] = ()
    """Fields that are taken and not kept."""
    before_list: Callable[[int], None] = lambda _: None
    """Called before a page is answered, with how many were."""
    _last: int = 100
    _pages: int = 0

    def add(self, **fields: Any) -> int:
        """Put in a customer as a person in the shop's own screen would."""
        self._last += 1
        empty = dict.fromkeys(TEXTS, "") | dict.fromkeys(TRUTHS, False)
        self.customers[self._last] = {"id": self._last, **empty, "language": "en", **fields}
        return self._last

    def add_group(self, name: str) -> int:
        self._last += 1
        self.groups[self._last] = name
        return self._last

    def join(self, group: int, customer: int) -> int:
        self._last += 1
        self.members[self._last] = (group, customer)
        return self._last

    def respond(self, method: str, path: str, params: dict[str, str], body: Any) -> tuple[int, Any]:  # noqa: C901 - one line a route
        """Return status and document."""
        numbers = [int(part) for part in re.findall(r"\d+", path)]
        match method, re.sub(r"\d+", "N", path):
            case "GET", "customers/count":
                return 200, {"count": len(self.customers)}
            case "GET", "customers":
                return 200, {"customers": [_shown(c) for c in self._page(self._filtered(params), params)]}
            case "POST", "customers":
                return 201, {"customer": _shown(self._create(body["customer"]))}
            case "GET", "customers/N":
                return 200, {"customer": _shown(self._there(numbers[0]))}
            case "PUT", "customers/N":
                return 200, {"customer": _shown(self._change(self._there(numbers[0]), body["customer"]))}
            case "DELETE", "customers/N":
                self._there(numbers[0])
                del self.customers[numbers[0]]
                self.members = {i: m for i, m in self.members.items() if m[1] != numbers[0]}
                return 204, None
            case "GET", "groups":
                return 200, {"groups": self._page([{"id": i, "title": n} for i, n in self.groups.items()], params)}
            case "GET", "groups/customers":
                return 200, {"groupsCustomers": self._page([self._membership(i) for i in self.members], params)}
            case "POST", "groups/customers":
                wanted = body["groupsCustomer"]
                self._there(wanted["customer"])
                if wanted["group"] not in self.groups:
                    raise Fault(400, "no such group")
                return 201, {"groupsCustomer": self._membership(self.join(wanted["group"], wanted["customer"]))}
            case "DELETE", "groups/customers/N":
                if numbers[0] not in self.members:
                    raise Fault(404, "no such membership")
                del self.members[numbers[0]]
                return 204, None
        raise Fault(404, "no such place")

    def groups_of(self, customer: int) -> set[str]:
        return {self.groups[group] for group, member in self.members.values() if member == customer}

    def _there(self, customer_id: int) -> Thing:
        if customer_id not in self.customers:
            raise Fault(404, "ada@example.test is gone")
        return self.customers[customer_id]

    def _create(self, fields: Thing) -> Thing:
        if missing := [name for name in NEEDED if not fields.get(name)]:
            raise Fault(400, f"{missing} needed")
        self._expect_free(fields["email"], 0)
        return self._change(self.customers[self.add()], fields)

    def _change(self, customer: Thing, fields: Thing) -> Thing:
        if "email" in fields:
            self._expect_free(fields["email"], customer["id"])
        known = {*TEXTS, *TRUTHS} - {*self.redacts}
        customer.update({name: value for name, value in fields.items() if name in known})
        self.mailed += [(customer["email"], flag) for flag in NOTIFY if fields.get(flag, True)]
        return customer

    def _expect_free(self, email: str, customer_id: int) -> None:
        others = [c for c in self.customers.values() if c["id"] != customer_id]
        if self.unique and email.lower() in {c["email"].lower() for c in others}:
            raise Fault(422, "the address is taken")

    def _filtered(self, params: dict[str, str]) -> list[Thing]:
        found = list(self.customers.values())
        if "email" in params and self.honours_email:
            found = [c for c in found if c["email"].lower() == params["email"].lower()]
        return found

    def _page(self, things: list[Thing], params: dict[str, str]) -> list[Thing]:
        self.before_list(self._pages)
        self._pages += 1
        size = min(int(params.get("limit", "50")), 250)
        found = sorted((t for t in things), key=lambda thing: thing["id"], reverse=self.newest_first)
        if "since_id" in params and self.honours_since_id:
            return [thing for thing in found if thing["id"] > int(params["since_id"])][:size]
        first = 0 if self.endless else (int(params.get("page", "1")) - 1) * size
        return found[first : first + size]

    def _membership(self, member_id: int) -> Thing:
        group, customer = self.members[member_id]
        return {
            "id": member_id,
            "group": {"resource": {"id": group, "url": f"groups/{group}"}},
            "customer": {"resource": {"id": customer, "url": f"customers/{customer}"}},
        }


def _shown(customer: Thing) -> Thing:
    """Show a customer as eCom does: what is empty is false, and codes are things."""
    shown = {name: False if value == "" else value for name, value in customer.items()}
    for name in ("language", "addressBillingCountry", "addressShippingCountry"):
        shown[name] = {"code": customer[name], "title": "-"} if customer[name] else False
    return shown
