"""A WooCommerce over HTTP for tests: the shop of ``tests.fakes.woo_shop`` behind a real server on this machine.

``fake.trouble`` makes the next fitting requests go wrong; ``fake.between`` changes the shop between requests.
"""

import json
import re
import socket
import ssl
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
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.woo_keys import Keys
from tests.fakes.woo_shop import Fault, Shop

Kind = Literal[
    "drop",  # hangs up before anything was done
    "drop after",  # does it, then hangs up
    "maintenance",  # 503 and a web page
    "firewall",  # 403 and a web page
    "forbidden",  # 403 in the shop's own form: the owner of the key may not see that
    "web page",  # 200 and a web page
    "notice",  # does it, and says so after a notice of PHP
    "cut",  # JSON that ends in its middle
    "error",  # 500 in the shop's own form
    "error after",  # does it, then 500
    "busy seconds",  # 429, Retry-After in seconds
    "busy date",  # 429, Retry-After as a date
    "slow",  # answers after a second
    "reset",  # does it, and resets the connection in the body
    "drip",  # does it, and answers a byte at a time, too slowly
]
PAGE = (
    b"<!DOCTYPE html><html><head><title>Maintenance</title></head>"
    b"<body>ada@example.test Briefly unavailable for scheduled maintenance.</body></html>"
)
NOTICE = b"<br />\n<b>Notice</b>: ada@example.test in /srv/plugin.php on line 3<br />\n"


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
    """The server and what it was asked."""

    shop: Shop = field(default_factory=Shop)
    keys: Keys = field(default_factory=Keys)
    folder: str = ""
    permalinks: bool = True
    index: bool = False
    """Permalinks begin with index.php, for the server rewrites no addresses."""
    sees_plain_keys: bool = False
    """Without permalinks, WooCommerce looks at keys from 11.1 on."""
    strips_header: bool = False
    trouble: list[Trouble] = field(default_factory=list)
    between: Callable[["Fake", Request], None] | None = None
    """Called before a request is answered."""
    asked: list[Request] = field(default_factory=list)
    seconds_a_page: float = 0
    url: str = ""
    tls: ssl.SSLContext | None = None
    _lock: Lock = field(default_factory=Lock)

    def paths(self, method: str = "GET") -> list[str]:
        return [request.path for request in self.asked if request.method == method]

    def due(self, request: Request) -> Kind | None:
        for trouble in self.trouble:
            if trouble.times and trouble.method == request.method and re.fullmatch(trouble.path, request.path):
                trouble.times -= 1
                return trouble.kind
        return None


@contextmanager
def woocommerce(fake: Fake | None = None) -> Iterator[Fake]:
    """Run the shop until the block ends."""
    fake = fake or Fake()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.fake = fake
        if fake.tls:
            server.socket = fake.tls.wrap_socket(server.socket, server_side=True)
        fake.url = f"http{'s' if fake.tls else ''}://127.0.0.1:{server.server_port}{fake.folder}"
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
        if request is None:
            self._send(404, PAGE, {"Content-Type": "text/html"})
            return
        if fake.between:
            fake.between(fake, request)
        with fake._lock:
            fake.asked.append(request)
            kind = fake.due(request)
        time.sleep(fake.seconds_a_page + (1 if kind == "slow" else 0))
        if kind is None or kind == "slow":
            self._send(*self._told(request))
        else:
            self._go_wrong(kind, request)

    def _request(self) -> Request | None:
        """Read the request; None where it is not for the REST interface."""
        fake, target = self.server.fake, urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        params = dict(parse_qsl(target.query, keep_blank_values=True))
        path = target.path.removeprefix(fake.folder)
        if path in ("/", "/index.php") and "rest_route" in params:
            place = params["rest_route"]
        elif fake.index and path.startswith("/index.php/wp-json/"):
            place = path.removeprefix("/index.php/wp-json")
        elif fake.permalinks and path.startswith("/wp-json/"):
            place = path.removeprefix("/wp-json")
        else:
            return None
        if not target.path.startswith(fake.folder):
            return None
        headers = dict(self.headers)
        if fake.strips_header:
            headers.pop("Authorization", None)
        return Request(
            self.command, place.removeprefix("/wc/v3/"), params, headers, json.loads(content) if content else None
        )

    def _go_wrong(self, kind: Kind, request: Request) -> None:  # noqa: C901 - a case a kind
        if kind in ("drop after", "error after"):
            self._told(request)
        busy = {
            "busy seconds": "1",
            "busy date": format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True),
        }
        html = {"Content-Type": "text/html"}
        match kind:
            case "drop" | "drop after":
                self.close_connection = True
            case "maintenance":
                self._send(503, PAGE, html | {"Retry-After": "1"})
            case "firewall":
                self._send(403, PAGE, html)
            case "forbidden":
                fault = Fault(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
                self._send(403, json.dumps(fault.document).encode(), {})
            case "web page":
                self._send(200, PAGE, html)
            case "notice":
                status, content, headers = self._told(request)
                self._send(status, NOTICE + content, headers | html)
            case "cut":
                status, content, headers = self._told(request)
                self._send(status, content[: len(content) // 2], headers)
            case "reset":
                status, content, headers = self._told(request)
                self._begin(status, len(content) + 10, headers)
                self.wfile.write(content[:5])
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
            case "drip":
                status, content, headers = self._told(request)
                self._begin(status, len(content), headers)
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            case "busy seconds" | "busy date":
                self._send(429, PAGE, html | {"Retry-After": busy[kind]})
            case _:
                self._send(500, b'{"code":"internal_server_error","message":"ada@example.test"}', {})

    def _told(self, request: Request) -> tuple[int, bytes, dict[str, str]]:
        fake = self.server.fake
        try:
            self._expect_allowed(request)
            with fake._lock:
                content, total, status = respond(fake.shop, request)
        except Fault as fault:
            return fault.status, json.dumps(fault.document).encode(), {}
        if total is None:
            return status, content, {}
        size = int(request.params.get("per_page", "10"))
        return status, content, {"X-WP-Total": str(total), "X-WP-TotalPages": str(-(-total // size))}

    def _expect_allowed(self, request: Request) -> None:
        fake, path = self.server.fake, urlsplit(self.path).path
        if "rest_route" in request.params and not fake.sees_plain_keys:
            raise Fault(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        # what a signature is checked with is put together from the shop's own address, without a last stroke
        refused = fake.keys.refuse(
            method=request.method,
            address=f"{fake.url.removesuffix(fake.folder)}{path.removesuffix('/')}",
            params=request.params,
            header=request.headers.get("Authorization", ""),
            secure=fake.tls is not None,
        )
        if refused:
            raise Fault(*refused)

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self._begin(status, len(content), headers)
        self.wfile.write(content)

    def _begin(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json; charset=UTF-8"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def respond(shop: Shop, request: Request) -> tuple[bytes, int | None, int]:  # noqa: C901 - one line a route
    """Return the content, the total of a list, and the status."""
    method, params, body = request.method, request.params, request.body
    numbers = [int(part) for part in re.findall(r"\d+", request.path)]
    match method, re.sub(r"\d+", "N", request.path):
        case "GET", "orders":
            return *shop.list_orders(params), 200
        case "GET", "orders/N":
            return shop.order(numbers[0], params), None, 200
        case "PUT", "orders/N":
            return _json(shop.put_order(numbers[0], body)), None, 200
        case "GET", "orders/N/refunds":
            return *shop.list_refunds(numbers[0], params), 200
        case "GET", "orders/N/notes":
            return _json(shop.list_notes(numbers[0])), None, 200
        case "POST", "orders/N/notes":
            return _json(shop.add_note(numbers[0], body)), None, 201
        case "GET", "products":
            return *shop.list_products(params), 200
        case "GET", "products/N/variations":
            return *shop.list_variations(numbers[0], params), 200
        case "POST", "products/batch":
            return _json(shop.batch(None, body)), None, 200
        case "POST", "products/N/variations/batch":
            return _json(shop.batch(numbers[0], body)), None, 200
        case "GET", "customers":
            return *shop.users.listed(params), 200
        case "GET", "customers/N":
            return _json(shop.users.one(numbers[0])), None, 200
        case "POST", "customers":
            return _json(shop.users.create(body)), None, 201
        case "PUT", "customers/N":
            return _json(shop.users.change(numbers[0], body)), None, 200
        case "DELETE", "customers/N":
            return _json(shop.users.remove(numbers[0], params)), None, 200
        case "GET", "settings/email_customer_new_account/enabled":
            return _json(shop.users.new_account_mail()), None, 200
        case "GET", "system_status":
            features = {"HPOS_enabled": not shop.legacy, "HPOS_sync_enabled": False}
            return _json({"settings": {"currency": shop.currency, **features}}), None, 200
    raise Fault(404, "rest_no_route", "No route was found matching the URL and request method.")


def _json(thing: object) -> bytes:
    return json.dumps(thing, ensure_ascii=False).encode()
