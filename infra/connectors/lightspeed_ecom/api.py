"""Lightspeed eCom's REST interface: how it is asked, and how its answers are read.

Facts that shaped this: bodies are wrapped in the name of the thing; what is empty may arrive as ``false``; a list comes
by pages of at most 250, by number or after an id (which of both can be relied on was not tried, so the list itself
decides, see ``whole_list``); every answer tells what is left of three budgets. A write is sent once: what becomes of
one without an answer is looked up.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Literal

import httpx

from infra.connectors.lightspeed_ecom.budget import Budget
from infra.connectors.lightspeed_ecom.lists import Row, whole_list
from infra.http.transport import Answer, Call, Edge, Http, Site
from infra.settings import Settings
from schemas.capabilities import CallWindow
from schemas.problems import Declined, Problem, SettingsNeedFixing, Unanswered, Unavailable

Method = Literal["GET", "POST", "PUT", "DELETE"]


class EcomApi:
    """One shop, in one of its languages. Threads may share it."""

    def __init__(self, http: Http, language: str, budget: Budget) -> None:
        self._http = http
        self._language = language
        self.budget = budget

    def count(self, place: str) -> int:
        """Return how many things a list holds."""
        answer = self._ask("GET", f"{place}/count", f"the number of {place}")
        counted = answer.data.get("count") if isinstance(answer.data, dict) else None
        if not isinstance(counted, int):
            raise Unavailable(f"Lightspeed eCom did not say how many {place} there are. Nothing was changed there.")
        return counted

    def time(self) -> datetime | None:
        """Return what time it is by eCom's own clock; None where it does not say."""
        return self._ask("GET", "account/ratelimit", "the time").answered_at

    def everything(self, place: str, count: Callable[[], int] | None = None) -> list[Row]:
        """Return a whole list; *count* says how long it is, where that can be asked."""

        def ask(query: Mapping[str, str]) -> list[Row]:
            return self.some(place, query)

        return whole_list(ask, count, place)

    def some(self, place: str, query: Mapping[str, str]) -> list[Row]:
        """Return one page of a list."""
        answer = self._ask("GET", place, f"the list of {place}", query)
        lists = [rows for rows in _wrapped(answer) if isinstance(rows, list)]
        if len(lists) != 1 or not all(isinstance(row, dict) for row in lists[0]):
            raise Unavailable(f"Lightspeed eCom answered with something else than {place}. Nothing was changed there.")
        return lists[0]

    def one(self, place: str, thing_id: str) -> Row | None:
        """Return one thing, None where there is none of that id."""
        try:
            return _unwrapped(self._ask("GET", f"{place}/{int(thing_id)}", f"one of the {place}"))
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def create(self, place: str, name: str, fields: Mapping[str, object]) -> Row:
        """Create a thing and return it as it is answered.

        Raises:
            Unanswered: It may be there all the same.
        """
        row = _unwrapped(self._ask("POST", place, f"a new {name}", body={name: fields}))
        if row is None or not isinstance(row.get("id"), int):
            raise Unanswered(f"Lightspeed eCom did not say under which number a {name} was created.")
        return row

    def update(self, place: str, name: str, thing_id: str, fields: Mapping[str, object]) -> Row | None:
        """Change some fields, and return the thing where the answer holds it.

        Raises:
            Unanswered: It may be done all the same.
        """
        return _unwrapped(self._ask("PUT", f"{place}/{int(thing_id)}", f"a change of a {name}", body={name: fields}))

    def delete(self, place: str, thing_id: str) -> None:
        """Delete a thing.

        Raises:
            Unanswered: It may be gone all the same.
        """
        self._ask("DELETE", f"{place}/{int(thing_id)}", f"the end of one of the {place}")

    def windows(self) -> tuple[CallWindow, ...]:
        """Return what is given and left of calls, asked for where no answer has told yet."""
        if not self.budget.known:
            self._ask_limits()
        return self.budget.windows()

    def _ask(
        self,
        method: Method,
        place: str,
        what: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Answer:
        """Send a call where one is left.

        Raises:
            BudgetSpent: None is, by the last answer or by what eCom says of its budgets once it turned a call down.
        """
        self.budget.expect(1)
        call = Call(
            method=method,
            path=f"{self._language}/{place}.json",
            params=query or {},
            what=what,
            content=json.dumps(body).encode() if body else b"",
            effect="reads" if method == "GET" else "once",
        )
        try:
            answer = self._http.ask(call)
        except Unanswered:
            raise
        except Unavailable:  # it may have turned us down as no calls are left
            self._look_at_limits()
            raise
        self.budget.note(answer.headers)
        return answer

    def _look_at_limits(self) -> None:
        """Ask what is left; where that too is not answered, nothing more is known than before.

        Raises:
            BudgetSpent: Nothing is.
        """
        try:
            self._ask_limits()
        except Problem:
            return
        self.budget.expect(1)

    def _ask_limits(self) -> None:
        call = Call(path=f"{self._language}/account/ratelimit.json", what="the limits of calls")
        found = _unwrapped(self._http.ask(call)) or {}
        parts = [found.get(name) for name in ("limit5Min", "limitHour", "limitDay")]
        budgets = [part for part in parts if isinstance(part, dict)]
        numbers = [[budget.get(name) for budget in budgets] for name in ("limit", "remaining", "reset")]
        whole = [[number for number in some if isinstance(number, int)] for some in numbers]
        if all(len(some) == len(parts) for some in whole):
            self.budget.set(*whole)


def open_ecom(settings: Settings, edge: Edge | None = None) -> EcomApi:
    """Return the shop of the settings.

    Raises:
        SettingsNeedFixing: They name no keys.
    """
    key, secret = settings.ecom_key.get_secret_value(), settings.ecom_secret.get_secret_value()
    if not (key and secret):
        raise SettingsNeedFixing(
            "No Lightspeed eCom shop is set. Set COUNTERFOIL_ECOM_KEY and COUNTERFOIL_ECOM_SECRET (and "
            "COUNTERFOIL_ECOM_URL in America), then run again."
        )
    site = Site(
        name="Lightspeed eCom",
        url=settings.ecom_url,
        auth=httpx.BasicAuth(key, secret),
        timeout_seconds=settings.ecom_timeout_seconds,
        attempts=3,
    )
    return EcomApi(Http(site, edge), settings.ecom_language, Budget(settings.time_zone, *([edge.now] if edge else [])))


def _wrapped(answer: Answer) -> list[object]:
    """Return what an answer holds, without the names."""
    return list(answer.data.values()) if isinstance(answer.data, dict) else []


def _unwrapped(answer: Answer) -> Row | None:
    """Return the thing that an answer wraps, None where it holds none."""
    things = [thing for thing in _wrapped(answer) if isinstance(thing, dict)]
    return things[0] if len(things) == 1 else None
