"""A Lightspeed eCom over HTTP for tests: the shop of ``tests.fakes.ecom_shop`` behind a real server on this machine.

``fake.trouble`` makes the next fitting requests go wrong; ``fake.between`` changes the shop between requests; three
budgets of calls run out as they do there.
"""

import base64
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from infra.clock import now
from tests.fakes.ecom_shop import EcomShop, Fault

KEY, SECRET = "planted-key-4711", "planted-secret-0815"
SECONDS = (300, 3_600, 86_400)

Kind = Literal[
    "drop",  # hangs up before anything was done
    "drop after",  # does it, then hangs up
    "error",  # 503
    "error after",  # does it, then 500
    "cut",  # does it, and answers JSON that ends in its middle
    "reset",  # does it, and resets the connection in the body
    "drip",  # does it, and answers a byte at a time, too slowly
    "page",  # a web page instead of data
    "busy",  # 429, though calls are left
]


@dataclass
class Trouble:
    kind: Kind
    method: str = "GET"
    path: str = ".*"
    times: int = 1


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Fake:
    """The server and what it was asked. ``given`` are the calls of each budget, ``used`` those that are spent."""

    shop: EcomShop = field(default_factory=EcomShop)
    language: str = "en"
    given: list[int] = field(default_factory=lambda: [300, 3_000, 12_000])
    used: list[int] = field(default_factory=lambda: [0, 0, 0])
    began: list[datetime] = field(default_factory=list)
    clock: Callable[[], datetime] = now
    tells_budgets: bool = True
    trouble: list[Trouble] = field(default_factory=list)
    between: Callable[["Fake", Request], None] | None = None
    asked: list[Request] = field(default_factory=list)
    url: str = ""
    lock: Lock = field(default_factory=Lock)

    @property
    def settings(self) -> dict[str, str]:
        """How a shop would reach it."""
        return {"ecom_url": self.url, "ecom_key": KEY, "ecom_secret": SECRET, "ecom_language": self.language}

    def paths(self, method: str) -> list[str]:
        return [request.path for request in self.asked if request.method == method]

    def resets(self) -> list[int]:
        """Return the seconds until each budget opens; one that has opened is whole again."""
        at = self.clock()
        self.began = self.began or [at] * 3
        for place, seconds in enumerate(SECONDS):
            if at - self.began[place] >= timedelta(seconds=seconds):
                self.began[place], self.used[place] = at, 0
        return [s - int((at - b).total_seconds()) for s, b in zip(SECONDS, self.began, strict=True)]

    def spend(self) -> bool:
        """Take a call from each budget, if every one has any left."""
        self.resets()
        if any(used >= given for used, given in zip(self.used, self.given, strict=True)):
            return False
        self.used = [used + 1 for used in self.used]
        return True

    def headers(self) -> dict[str, str]:
        left = [given - used for given, used in zip(self.given, self.used, strict=True)]
        triples = {"Limit": self.given, "Remaining": left, "Reset": self.resets()}
        told = {f"X-RateLimit-{name}": "/".join(map(str, three)) for name, three in triples.items()}
        return told if self.tells_budgets else {}

    def limits(self) -> dict[str, Any]:
        names = ("limit5Min", "limitHour", "limitDay")
        each = zip(names, self.given, self.used, self.resets(), strict=True)
        parts = {n: {"limit": g, "remaining": g - u, "reset": r, "resetTime": "-"} for n, g, u, r in each}
        return {"accountRatelimit": parts}

    def due(self, request: Request) -> Kind | None:
        for trouble in self.trouble:
            if trouble.times and trouble.method == request.method and re.fullmatch(trouble.path, request.path):
                trouble.times -= 1
                return trouble.kind
        return None


@contextmanager
def ecom(fake: Fake | None = None) -> Iterator[Fake]:
    """Run the shop until the block ends."""
    fake = fake or Fake()
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: Fake

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        fake, request = self.server.fake, self._request()
        if fake.between:
            fake.between(fake, request)
        with fake.lock:
            fake.asked.append(request)
            status, document = self._told(request)
            headers = fake.headers()
            kind = fake.due(request) if status < 400 else None
            if kind not in ("drop", "error", "page", "busy"):
                status, document = self._done(request, status, document)
        content = b"" if document is None else json.dumps(document).encode()
        self._send_or_fail(kind, status, content, headers)

    def _request(self) -> Request:
        target = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = target.path.removeprefix(f"/{self.server.fake.language}/").removesuffix(".json")
        params = dict(parse_qsl(target.query, keep_blank_values=True))
        return Request(self.command, path, params, dict(self.headers), json.loads(content) if content else None)

    def _told(self, request: Request) -> tuple[int, Any]:
        """Say whether the request is let in at all: whose it is, and whether calls are left."""
        wanted = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != wanted:
            return 401, Fault(401, "Unauthorized").document
        if request.path == "account/ratelimit":
            return 200, self.server.fake.limits()
        if not self.server.fake.spend():
            return 429, Fault(429, "Too many requests").document
        return 200, None

    def _done(self, request: Request, status: int, document: Any) -> tuple[int, Any]:
        if status >= 400 or document is not None:
            return status, document
        try:
            return self.server.fake.shop.respond(request.method, request.path, request.params, request.body)
        except Fault as fault:
            return fault.status, fault.document

    def _send_or_fail(self, kind: Kind | None, status: int, content: bytes, headers: dict[str, str]) -> None:  # noqa: C901 - a case a kind
        match kind:
            case None:
                self._send(status, content, headers)
            case "drop" | "drop after":
                self.close_connection = True
            case "error":
                self._send(503, b"<html><title>Down</title>ada@example.test</html>", headers)
            case "error after":
                self._send(500, b'{"error":{"message":"ada@example.test"}}', headers)
            case "page":
                self._send(200, b"<html><title>Hello</title></html>", headers | {"Content-Type": "text/html"})
            case "busy":
                self._send(429, b'{"error":{"code":429}}', headers | {"Retry-After": "1"})
            case "cut":
                self._send(status, content[: len(content) // 2], headers)
            case "reset":
                self._begin(status, len(content) + 10, headers)
                self.wfile.write(content[:5])
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
            case "drip":
                self._begin(status, len(content), headers)
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self._begin(status, len(content), headers)
        self.wfile.write(content)

    def _begin(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json; charset=utf-8"} | headers).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say what time it is here."""
        return super().date_time_string(self.server.fake.clock().timestamp() if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        pass
