"""Lightspeed Retail (X-Series), by its API of one date version: how it is asked, and what its answers are.

No answer names the version that gave it, and calls to a version that has ended are answered by the oldest one alive.
What can be verified is the form: in date versions amounts are texts, in those before them numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from infra.connectors.lightspeed_x.access import Access
from infra.connectors.lightspeed_x.lists import PAGE_ROWS, Row
from infra.connectors.lightspeed_x.refusals import in_plain_words, without_quotes
from infra.http.transport import Answer, Call, Http
from schemas.problems import Declined, Refused, Unanswered, Unavailable

Scope = Literal[
    "gift_cards:read",
    "gift_cards:write:issue",
    "gift_cards:write:redeem",
    "customers:read",
    "customers:write",
    "sales:read",
    "sales:write",
    "products:read",
    "products:write",
    "inventory:read",
    "inventory:write",
    "outlets:read",
    "registers:read",
    "payment_types:read",
    "taxes:read",
    "users:read",
    "retailer:read",
]


class LightspeedX:
    """One shop. Threads may share it."""

    def __init__(self, http: Http, access: Access, version: str, user: str = "") -> None:
        """*user* is the id of whom changes are booked on, where it is not whoever the token belongs to."""
        self._http = http
        self._access = access
        self._version = version
        self._user = {"user_id": user} if user else {}

    def granted(self) -> frozenset[str] | None:
        """Return the permissions of this login; None where nothing tells them."""
        return self._access.granted()

    def gift_cards(self, before: str = "") -> list[Row]:
        """Return a page of the gift cards, newest first: those before a card, by its id."""
        params = {"page_size": str(PAGE_ROWS)} | ({"before": before} if before else {})
        answer = self._ask("GET", "gift_cards", "the list of gift cards", "gift_cards:read", params=params)
        rows = answer.data.get("data") if isinstance(answer.data, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unavailable("Lightspeed answered with something else than a list of gift cards.")
        return [self._card(row) for row in rows]

    def gift_card(self, number: str) -> Row | None:
        """Return a gift card with its transactions; None where there is none of this number."""
        try:
            answer = self._ask("GET", _by_number(number), "a gift card", "gift_cards:read")
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None
        return self._card(_unwrapped(answer.data))

    def create_gift_card(self, number: str, amount: str, days: Mapping[str, str]) -> Row:
        """Issue a gift card; *days* say until when it counts, and in which zone. Without, the shop's own rule says.

        Raises:
            Declined: 422 where there is one of this number already.
            Unanswered: It may be there.
        """
        body = {"number": number, "amount": amount, **days, **self._user}
        answer = self._send("POST", "gift_cards", body, "a new gift card", "gift_cards:write:issue")
        return self._card(_unwrapped(answer.data))

    def add_transaction(self, number: str, amount: str, client_id: str) -> None:
        """Add to a gift card, or take off where the amount is negative. Under one *client_id* that happens once.

        Raises:
            Declined: 422 where there is less on the card.
            Unanswered: It may be there.
        """
        kind = "REDEEMING" if amount.startswith("-") else "RELOADING"
        body = {"type": kind, "amount": amount, "client_id": client_id, **self._user}
        path = f"gift_cards/{quote(number, safe='')}/transactions"
        self._send("POST", path, body, "an amount on a gift card", "gift_cards:write:redeem")

    def void_gift_card(self, number: str) -> Row:
        """End a gift card for good."""
        answer = self._send("DELETE", _by_number(number), {}, "the end of a gift card", "gift_cards:write:issue")
        return self._card(_unwrapped(answer.data))

    def get(self, path: str, what: str, scope: Scope, params: Mapping[str, str] | None = None) -> object:
        """Return what a path holds, as it was answered.

        Raises:
            Declined: 404 where there is nothing.
        """
        return self._ask("GET", path, what, scope, params=params or {}).data

    def search(self, path: str, body: Mapping[str, object], what: str, scope: Scope) -> object:
        """Return what a list answers that is asked for by a POST; nothing is changed by it."""
        return self._ask("POST", path, what, scope, content=json.dumps(body).encode()).data

    def change(
        self, method: Literal["POST", "PUT", "DELETE"], path: str, body: Mapping[str, object], what: str, scope: Scope
    ) -> object:
        """Ask for a change once, and return what was answered.

        Raises:
            Declined: Lightspeed said no.
            Unanswered: It may be done.
        """
        return self._send(method, path, body, what, scope).data

    def _send(
        self, method: Literal["POST", "PUT", "DELETE"], path: str, body: Mapping[str, object], what: str, scope: Scope
    ) -> Answer:
        """Ask for a change, never a second time by itself: who asks looks first."""
        content = json.dumps(body).encode() if body else b""
        try:
            return self._ask(method, path, what, scope, content=content, effect="once")
        except Declined as no:
            raise without_quotes(no, body.values()) from None

    def _ask(self, method: Any, path: str, what: str, scope: Scope, **more: Any) -> Answer:
        call = Call(method=method, path=f"api/{self._version}/{path}", what=what, **more)
        try:
            return self._let_in(call)
        except Declined as no:
            raise in_plain_words(no, what=what, scope=scope) from None

    def _let_in(self, call: Call) -> Answer:
        """Ask; where the token has ended early, once more with the next: nothing was done with the first."""
        token = self._access.token()
        try:
            return self._http.ask(_bearing(token, call))
        except Declined as no:
            if no.status != HTTPStatus.UNAUTHORIZED or not self._access.renew(token):
                raise
            return self._http.ask(_bearing(self._access.token(), call))

    def _card(self, card: object) -> Row:
        """Return a card as it was answered, once its form was seen to be that of a date version."""
        if not isinstance(card, dict) or "number" not in card:
            raise Unanswered("Lightspeed answered with something else than a gift card.")
        if not isinstance(card.get("balance"), str):
            raise Refused(
                f"Lightspeed answers in the form of another version of its API than {self._version}, so amounts are "
                "not what they seem. Nothing more was done. Set COUNTERFOIL_LIGHTSPEED_X_VERSION to a version it still "
                "serves (each lives a year or more), then run again."
            )
        return card


def _bearing(token: str, call: Call) -> Call:
    return replace(call, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})


def _by_number(number: str) -> str:
    return f"gift_cards/by_number/{quote(number, safe='')}"


def _unwrapped(data: object) -> object:
    """Return what is under ``data``, or the answer itself where it came without."""
    return data["data"] if isinstance(data, dict) and "data" in data else data
