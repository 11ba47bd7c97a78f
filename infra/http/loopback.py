"""Waiting on this machine for a browser that another site sends back, with what it has to say in the address."""

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic
from urllib.parse import parse_qsl, urlsplit

from schemas.problems import Unavailable

_LONGEST_REQUEST_SECONDS = 5.0


def await_redirect(
    port: int, accept: Callable[[Mapping[str, str]], str | None], *, seconds: float
) -> Mapping[str, str] | None:
    """Return what the first fitting browser came back with, or None after so long.

    *accept* says what is wrong with what one came with, or None; whoever comes with something else is told so, and
    waited on no longer than for its request.

    Raises:
        Unavailable: The port is taken.
    """
    until = monotonic() + seconds
    with _listening(port, accept) as server:
        while server.arrived is None and monotonic() < until:
            server.timeout = max(0.0, min(1.0, until - monotonic()))
            server.handle_request()
        return server.arrived


def _listening(port: int, accept: Callable[[Mapping[str, str]], str | None]) -> "_Server":
    try:
        return _Server(port, accept)
    except OSError:
        raise Unavailable(f"Port {port} of this machine is taken by another program. End it, or use another.") from None


class _Server(HTTPServer):
    """Listens on this machine only."""

    def __init__(self, port: int, accept: Callable[[Mapping[str, str]], str | None]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.accept = accept
        self.arrived: Mapping[str, str] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _LONGEST_REQUEST_SECONDS
    server: _Server

    def do_GET(self) -> None:
        """Answer with a line for the person at the browser."""
        query = dict(parse_qsl(urlsplit(self.path).query))
        wrong = self.server.accept(query) if query else "This page waits for an answer that is not in its address."
        content = (wrong or "Connected. You can close this page.").encode()
        self.send_response(400 if wrong else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        if not wrong:
            self.server.arrived = query

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds a code that lets its holder in."""
