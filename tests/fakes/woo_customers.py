"""The users of a WooCommerce shop, after the source of its customers controller: roles, one address once, no trash."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.fakes.woo_faults import Fault

Thing = dict[str, Any]
ADDRESS = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode", "country", "state")
NEW_ACCOUNT = "settings/email_customer_new_account/enabled"


@dataclass
class Users:
    """The users by id. ``mails_new_accounts`` is the shop's own setting; ``mailed`` are those it then mailed."""

    users: dict[int, Thing] = field(default_factory=dict)
    mails_new_accounts: bool = False
    shows_settings: bool = True
    mailed: list[str] = field(default_factory=list)
    _last: int = 10

    def add(self, email: str, role: str = "customer", **fields: Any) -> int:
        """Put in a user as the shop's own screen would."""
        self._last += 1
        empty = dict.fromkeys(ADDRESS, "")
        billing = {**empty, "email": "", "phone": "", **fields.pop("billing", {})}
        shipping = {**empty, "phone": "", **fields.pop("shipping", {})}
        self.users[self._last] = {
            "id": self._last,
            "email": email,
            "role": role,
            "first_name": "",
            "last_name": "",
            "username": email.partition("@")[0],
            "is_paying_customer": False,
            "billing": billing,
            "shipping": shipping,
            "meta_data": [],
            **fields,
        }
        return self._last

    def listed(self, params: dict[str, str]) -> tuple[bytes, int]:
        role = params.get("role", "customer")
        found = [u for u in self.users.values() if role in ("all", u["role"])]
        if params.get("email"):
            found = [u for u in found if u["email"].lower() == params["email"].lower()]
        if params.get("include"):
            found = [u for u in found if str(u["id"]) in params["include"].split(",")]
        found.sort(key=lambda user: user["id"], reverse=params.get("order", "asc") == "desc")
        size = int(params.get("per_page", "10"))
        first = int(params.get("offset") or (int(params.get("page", "1")) - 1) * size)
        return json.dumps(found[first : first + size]).encode(), len(found)

    def one(self, user_id: int, status: int = 404) -> Thing:
        if user_id not in self.users:
            raise Fault(status, "woocommerce_rest_invalid_id", "Invalid resource ID.")
        return self.users[user_id]

    def create(self, body: Thing) -> Thing:
        if not body.get("email"):
            raise Fault(400, "rest_missing_callback_param", "Missing parameter(s): email")
        self._expect_free(body["email"], 0)
        user = self.users[self.add(body["email"])]
        if self.mails_new_accounts:
            self.mailed.append(body["email"])
        return self.change(user["id"], body)

    def change(self, user_id: int, body: Thing) -> Thing:
        user = self.one(user_id, 400)
        if body.get("email"):
            self._expect_free(body["email"], user_id)
            user["email"] = body["email"]
        for name in ("first_name", "last_name"):
            if name in body:  # as WordPress saves the names of users
                user[name] = escape(" ".join(body[name].split()), quote=False)
        for place in ("billing", "shipping"):
            user[place].update({n: v for n, v in body.get(place, {}).items() if n in user[place]})
        return user

    def remove(self, user_id: int, params: dict[str, str]) -> Thing:
        if params.get("force") != "true":
            raise Fault(501, "woocommerce_rest_trash_not_supported", "Customers do not support trashing.")
        user = self.one(user_id, 400)
        del self.users[user_id]
        return user

    def new_account_mail(self) -> Thing:
        if not self.shows_settings:
            raise Fault(403, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
        return {"id": "enabled", "value": "yes" if self.mails_new_accounts else "no"}

    def _expect_free(self, email: str, user_id: int) -> None:
        taken = [u for u in self.users.values() if u["id"] != user_id and u["email"].lower() == email.lower()]
        if taken:
            says = f"An account is already registered with {email}. Please log in or use a different email address."
            raise Fault(400, "registration-error-email-exists", says)
