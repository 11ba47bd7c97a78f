"""Astro Loyalty's own API, as its open clients know it: how it is asked, and what its answers mean.

Assumed throughout, because no official reference exists: the form field ``jsonData``, success as
``astro_status`` 100 whatever HTTP says, 120 requests a minute, and that an answer 401 is about the token.
What our records look like there is for ``infra.connectors.astro.target``.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from infra.http.transport import Answer, Call, Effect, Http
from schemas.problems import Declined, Refused

OK = 100
NOT_FOUND = 310
TOKEN_SECONDS = 1800
RENEWED_BEFORE_SECONDS = 60
ITEMS_AT_ONCE = 50
_NOT_LET_IN = (401, 403)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who we are to Astro."""

    user: str
    password: str = field(repr=False)
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What Astro said: its number (0 where it gave none), its words, and the data. Unknown numbers stay as they are."""

    code: int
    words: str = field(repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def succeeded(self) -> bool:
        """Whether Astro did, or found, what was asked."""
        return self.code == OK


class AstroApi:
    """One store's account. Not for several threads at once."""

    def __init__(self, http: Http, login: Login, clock: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._login = login
        self._clock = clock
        self._token = ""
        self._good_until = 0.0

    def time(self) -> datetime | None:
        """Return what time it is by Astro's own clock, as it says with a token; None where it does not."""
        return self._granted().answered_at

    def customer_status(self, customer_id: str, *, completed: int) -> Reply:
        """Return a pet owner's contact data and cards: those that run (0), or that were completed too (1)."""
        return self.ask("customerStatus", {"customerID": customer_id, "completed_cards": completed})

    def reward_status(self, customer_id: str) -> Reply:
        """Return the rewards that wait for a pet owner."""
        return self.ask("customerRewardStatus", {"customerID": customer_id})

    def redemption_eligibility(self, customer_id: str, item_code: str) -> Reply:
        """Say whether an item may be had for free now."""
        return self.ask("checkRedemptionEligibility", {"customerID": customer_id, "item_code": item_code})

    def eligible_items(self, item_codes: Sequence[str]) -> list[dict[str, Any]]:
        """Return those of the items that some programme has, with their programmes."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(item_codes), ITEMS_AT_ONCE):
            some = list(item_codes[start : start + ITEMS_AT_ONCE])
            reply = self.ask("eligiblePurchaseItems", {"item_code_batch": some})
            found += rows_of(reply.data) if reply.succeeded else []
        return found

    def write(self, endpoint: str, content: Mapping[str, Any], effect: Effect) -> Reply:
        """Change something.

        Raises:
            Unanswered: It may have been done; look before it is asked again.
        """
        return self.ask(endpoint, content, effect)

    def ask(self, endpoint: str, content: Mapping[str, Any], effect: Effect = "reads") -> Reply:
        """Ask an endpoint; a token that is refused is renewed once: nothing was done with it."""
        try:
            answer = self._send(endpoint, content, effect)
        except Declined as declined:
            if declined.status not in _NOT_LET_IN:
                raise
            self._token = ""
            return self._send(endpoint, content, effect)
        if answer.code not in _NOT_LET_IN:
            return answer
        self._token = ""
        return self._send(endpoint, content, effect)

    def _send(self, endpoint: str, content: Mapping[str, Any], effect: Effect) -> Reply:
        form = urlencode({"jsonData": json.dumps(content, default=str)}).encode()
        call = Call(
            method="POST",
            path=f"{endpoint}/",
            what=endpoint,
            content=form,
            content_type=_FORM,
            headers={"Authorization": f"Bearer {self._bearer()}"},
            effect=effect,
        )
        return read_answer(self._http.ask(call).data)

    def _bearer(self) -> str:
        """Return a token that will still be good when it arrives."""
        if not self._token or self._clock() >= self._good_until:
            asked_at = self._clock()
            granted = self._granted().data
            token = granted.get("access_token") if isinstance(granted, dict) else None
            if not token:
                raise Refused("Astro gave no token. Check COUNTERFOIL_ASTRO_USER, _PASSWORD and _CLIENT_ID.")
            self._token = str(token)
            self._good_until = asked_at + _seconds(granted) - RENEWED_BEFORE_SECONDS
        return self._token

    def _granted(self) -> Answer:
        try:
            return self._http.ask(self._login_call())
        except Declined as no:
            raise Declined(
                f"Astro does not accept the login ({no.status}). Check COUNTERFOIL_ASTRO_USER, "
                "COUNTERFOIL_ASTRO_PASSWORD and COUNTERFOIL_ASTRO_CLIENT_ID; Astro's support switches RestAPI on.",
                status=no.status,
            ) from None

    def _login_call(self) -> Call:
        form = {"username": self._login.user, "password": self._login.password, "grant_type": "password"}
        content = urlencode(form | {"client_id": self._login.client_id}).encode()
        return Call(method="POST", path="token/", what="a token", content=content, content_type=_FORM)


def read_answer(data: object) -> Reply:
    """Take an answer in any of the ways it was seen."""
    fields: dict[str, Any] = data if isinstance(data, dict) else {}
    code = str(fields.get("astro_status", fields.get("status", "")))
    words = next((fields[name] for name in _WORDS if fields.get(name)), "")
    return Reply(code=int(code) if code.lstrip("-").isdigit() else 0, words=str(words), data=fields.get("returnData"))


_WORDS = ("astro_status_message", "status_message", "status_messsage", "astro_status_messsage", "message")
"""Where the words stand; two of the ways are misspelt so by Astro."""


def rows_of(data: object) -> list[dict[str, Any]]:
    """Return data as rows, whether it is a list or one row alone."""
    rows = data if isinstance(data, list) else [data]
    return [row for row in rows if isinstance(row, dict)]


def _seconds(granted: object) -> float:
    given = str(granted.get("expires", "")) if isinstance(granted, dict) else ""
    return float(given) if given.isdigit() else TOKEN_SECONDS
