"""A Tixly of our own: a real HTTP server that shows customers as one client of it saw Tixly do (tixly.md 3.3).

``Data`` and ``Next`` (a whole address, or null) a page; a customer never edited has ``Edited`` null; no telephone
number. Without its token it says 401.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "token-of-the-shop"
PREFIX = "/v3"
_BLANK = dict.fromkeys(("Title", "LastNamePrefix", "AddressTwo", "StreetName", "HouseNumber", "HouseExtension"), None)


def customer(number: int, edited: str | None = "2100-01-01T00:00:00", **fields: Any) -> dict[str, Any]:
    """Return a customer as Tixly writes one, of whom only *fields* are known."""
    name = f"{fields.get('FirstName', '')} {fields.get('LastName', '')}".strip()
    usual = {"Id": number, "Name": name, "Gender": 0, "LanguageId": 1, "Created": "2020-01-01T00:00:00"}
    return {**_BLANK, **usual, "Edited": edited, **fields}


@dataclass
class Tixly:
    """What it holds, what it was asked, and how it is to misbehave: ``says`` instead, or ``down``."""

    customers: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    page_rows: int = 500
    asked: list[dict[str, str]] = field(default_factory=list)
    says: object = None
    down: bool = False
    skew: float = 0
    """By how many seconds its clock is ahead of the right one."""

    @property
    def settings(self) -> dict[str, str]:
        """How a shop would reach it."""
        return {
            "tixly_api_url": f"{self.url}{PREFIX}",
            "tixly_api_token": TOKEN,
            "tixly_api_requests_per_minute": "60000",
        }

    def answer(self, query: dict[str, str]) -> object:
        self.asked.append(query)
        if self.says is not None:
            return self.says
        since = query["DateFrom"].removesuffix("Z")
        found = [each for each in self.customers if (each["Edited"] or each["Created"]) >= since]
        first, rows = int(query.get("skip", "0")), min(int(query["pageSize"]), self.page_rows)
        more = urlencode({**query, "skip": str(first + rows)})
        following = f"{self.url}{PREFIX}/customers?{more}" if first + rows < len(found) else None
        return {"Data": found[first : first + rows], "Next": following}


@contextmanager
def open_tixly() -> Iterator[Tixly]:
    """Run one on 127.0.0.1."""
    tixly = Tixly()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"tixly": tixly}))
    tixly.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield tixly
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    tixly: Tixly

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(place.query).items()}
        if self.tixly.down:
            self._answer(503, {})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, {"Message": "Authorization has been denied for this request."})
        elif place.path != f"{PREFIX}/customers":
            self._answer(404, {})
        else:
            self._answer(200, self.tixly.answer(query))

    def _answer(self, status: int, document: object) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say what time it is here."""
        return super().date_time_string(time.time() + self.tixly.skew if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""
