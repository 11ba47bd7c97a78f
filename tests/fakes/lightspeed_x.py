"""A Lightspeed Retail (X-Series) over HTTP: its gift cards, customers and login behind a real server on this machine.

``fake.trouble`` makes the next fitting requests go wrong; ``fake.between`` happens before a request is answered.
Whatever breaks the description of the API, by us or by this fake, stands in ``fake.violations``.
"""

import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.datastructures import Headers

from tests.fakes.lightspeed_cards import Cards, Rule
from tests.fakes.lightspeed_customers import Customers
from tests.fakes.lightspeed_login import Login
from tests.fakes.lightspeed_routes import ROUTES
from tests.fakes.lightspeed_sales import Till
from tests.fakes.lightspeed_sales_routes import TILL_ROUTES
from tests.fakes.openapi import SentAnswer, SentRequest, as_json, violations

Kind = Literal[
    "busy",  # 429, and when to come back as an HTTP date
    "error",  # 500, nothing done
    "error after",  # does it, then 500
    "drop",  # hangs up, nothing done
    "drop after",  # does it, then hangs up
    "truncated",  # does it; its JSON ends in the middle
    "reset",  # does it; the connection breaks in the body
    "drip",  # does it; a byte now and then, for ever
    "late",  # does it, and answers too late
]
WINDOW_SECONDS = 300
_PAGE = b"<html><head><title>Maintenance of MARKER@example.com</title></head></html>"


@dataclass
class Trouble:
    kind: Kind
    method: str = ".*"
    path: str = ".*"
    times: int = 1


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Lightspeed:
    """The server, its books, and what it was asked. ``skew``: how far its clock is ahead of the right one."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    skew: timedelta = timedelta()
    registers: int = 1
    limited: bool = True
    versions: tuple[str, ...] = ("2026-07",)
    trouble: list[Trouble] = field(default_factory=list)
    between: Callable[[Asked], None] | None = None
    drip_seconds: float = 0.02
    asked: list[Asked] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    url: str = ""
    cards: Cards = field(init=False)
    customers: Customers = field(init=False)
    till: Till = field(init=False)
    login: Login = field(init=False)
    _calls: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.cards, self.customers = Cards(now=self.now), Customers(now=self.now)
        self.till = Till(now=self.now)
        self.login = Login(now=self.now)

    def now(self) -> datetime:
        return self.clock() + self.skew

    @property
    def limit(self) -> int:
        return 300 * self.registers + 50

    def count(self, method: str, path: str = ".*") -> int:
        return sum(each.method == method and bool(re.fullmatch(path, each.path)) for each in self.asked)

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        """Return status, document and headers of an answer."""
        with self._lock:
            try:
                status, document, headers = *self._within_limits(asked), self._left()
            except Rule as rule:
                status, document, headers = rule.status, rule.document, self._left()
            if status == 429:
                back = format_datetime(self.now() + timedelta(seconds=self._until_free()), usegmt=True)
                headers["Retry-After"] = back
            return status, document, headers

    def due(self, asked: Asked) -> Kind | None:
        for trouble in self.trouble:
            if trouble.times and re.fullmatch(trouble.method, asked.method) and re.search(trouble.path, asked.path):
                trouble.times -= 1
                return trouble.kind
        return None

    def _within_limits(self, asked: Asked) -> tuple[int, Any]:
        if not asked.headers.get("User-Agent"):
            raise Rule(400, "User-Agent is required", "Bad Request")
        if asked.path == "/api/1.0/token":
            return 200, self.login.grant(dict(parse_qsl(asked.body.decode())))
        at = self.now().timestamp()
        self._calls = [call for call in self._calls if call > at - WINDOW_SECONDS]
        if self.limited and len(self._calls) >= self.limit:
            raise Rule(429, "Rate limiting enforced", "Too Many Requests")
        self._calls.append(at)
        version, _, place = asked.path.removeprefix("/api/").partition("/")
        status, document = self._route(asked, place)
        return status, document if version in self.versions else _as_older(document)

    def _route(self, asked: Asked, place: str) -> tuple[int, Any]:
        routes = (*ROUTES, *TILL_ROUTES)
        route = next((route for route in routes if route[0] == asked.method and re.fullmatch(route[1], place)), None)
        if route is None:
            raise Rule(404, "No such path", "Not Found")
        _, path, scope, act = route
        self.login.expect(asked.headers.get("Authorization", ""), scope)
        found = re.fullmatch(path, place)
        parts = [unquote(part) for part in (found.groups() if found else ())]
        return act(self, asked.query, json.loads(asked.body or b"{}"), *parts)

    def _left(self) -> dict[str, str]:
        left = max(0, self.limit - len(self._calls))
        return {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(left)} if self.limited else {}

    def _until_free(self) -> int:
        return int(self._calls[0] + WINDOW_SECONDS - self.now().timestamp()) + 1 if self._calls else 2


def _as_older(document: Any) -> Any:
    """Answer as a version before the dated ones does: amounts are numbers."""
    if isinstance(document, dict):
        return {name: float(each) if name == "balance" else _as_older(each) for name, each in document.items()}
    return [_as_older(each) for each in document] if isinstance(document, list) else document


@contextmanager
def lightspeed(fake: Lightspeed | None = None) -> Iterator[Lightspeed]:
    """Run it until the block ends, which fails where anything broke the description of the API."""
    fake = fake or Lightspeed()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.fake = fake
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
    assert fake.violations == []


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: Lightspeed

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        fake, target = self.server.fake, urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        asked = Asked(self.command, target.path, query, dict(self.headers), content)
        if fake.between:
            fake.between(asked)
        fake.asked.append(asked)
        kind = fake.due(asked)
        if kind in ("busy", "error", "drop"):
            self._refuse(kind)
            return
        status, document, headers = fake.answer(asked)
        body = b"" if document is None else as_json(document)
        self._check(asked, status, body, headers)
        self._send(kind, status, body, headers)

    def _check(self, asked: Asked, status: int, body: bytes, headers: dict[str, str]) -> None:
        if asked.path.split("/")[2] not in ("1.0", *self.server.fake.versions):
            return  # an ended version is not described any more
        request = SentRequest(
            method=asked.method.lower(),
            path=asked.path,
            query=asked.query,
            headers=asked.headers,
            body=asked.body or None,
            content_type=asked.headers.get("Content-Type", ""),
        )
        answer = SentAnswer(status_code=status, data=body, headers=Headers(list(headers.items())))
        self.server.fake.violations += violations(request, answer)

    def _refuse(self, kind: Kind) -> None:
        if kind == "drop":
            self.close_connection = True
            return
        status = {"busy": 429, "error": 500}[kind]
        back = format_datetime(self.server.fake.now() + timedelta(seconds=2), usegmt=True)
        self._write(status, _PAGE, {"Retry-After": back} if kind == "busy" else {})

    def _send(self, kind: Kind | None, status: int, body: bytes, headers: dict[str, str]) -> None:
        match kind:
            case "drop after":
                self.close_connection = True
            case "error after":
                self._write(500, _PAGE, headers)
            case "truncated":
                self._write(status, body[: len(body) // 2], headers)
            case "reset":
                self._write(status, body[:10], headers | {"Content-Length": str(len(body))})
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
            case "drip":
                self._write(status, b"", headers | {"Content-Length": str(len(body))})
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    time.sleep(self.server.fake.drip_seconds)
            case _:
                time.sleep(1 if kind == "late" else 0)
                self._write(status, body, headers)

    def _write(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.fake.now(), usegmt=True))
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass
