"""An Astro Loyalty of our own: a real HTTP server that answers as its clients saw Astro answer.

HTTP is 200 whatever became of the business; half of its failures write their text as ``status_messsage``; a
token is good for 30 minutes; and it can be told to take a write and hang up (``drops``).
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.astro_books import Books, Reply

USER, PASSWORD, CLIENT = "shop", "a secret of the shop", "counterfoil-tests"
TOKEN_SECONDS = 1800
PREFIX = "/api/json/"


@dataclass
class Astro:
    """What Astro holds (``books``), what it was asked (``calls``), and how it is to misbehave.

    ``drops`` names endpoints whose next answer is lost after the work was done, ``loses`` those whose next
    request is lost before. ``clock`` moves its time on, for tokens.
    """

    books: Books = field(default_factory=Books)
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    loses: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    later: float = 0
    down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def settings(self) -> dict[str, str]:
        """How a shop would reach it."""
        return {
            "astro_url": f"{self.url}{PREFIX.rstrip('/')}",
            "astro_user": USER,
            "astro_password": PASSWORD,
            "astro_client_id": CLIENT,
            "astro_requests_per_minute": "60000",
        }

    def asked(self, endpoint: str) -> list[dict[str, Any]]:
        """Return what was asked of one endpoint."""
        return [said for name, said in self.calls if name == endpoint]

    def token(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if (form.get("username"), form.get("password"), form.get("client_id")) != (USER, PASSWORD, CLIENT):
            return 401, {"error": "invalid_grant"}
        name = f"token-{len(self.tokens)}"
        self.tokens[name] = self.now() + TOKEN_SECONDS
        answer = {"access_token": name, "token_type": "bearer", "expires": str(TOKEN_SECONDS)}
        return 200, answer | {"created": int(self.now())}

    def now(self) -> float:
        return time.time() + self.later

    def knows(self, bearer: str) -> bool:
        return self.tokens.get(bearer.removeprefix("Bearer "), 0) > self.now()


@contextmanager
def open_astro() -> Iterator[Astro]:
    """Run one on 127.0.0.1."""
    astro = Astro()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"astro": astro}))
    astro.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield astro
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    astro: Astro

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        endpoint = self.path.removeprefix(PREFIX).strip("/")
        with self.astro.lock:
            self._serve(endpoint, form)

    def _serve(self, endpoint: str, form: Mapping[str, str]) -> None:
        self.astro.at.append(time.monotonic())
        if self.astro.down:
            self._answer(503, {"error": "down"})
        elif endpoint == "token":
            self._answer(*self.astro.token(form))
        elif not self.astro.knows(self.headers.get("Authorization", "")):
            self._answer(401, {"error": "invalid_token"})
        else:
            self._do(endpoint, json.loads(form["jsonData"]))

    def _do(self, endpoint: str, said: dict[str, Any]) -> None:
        self.astro.calls.append((endpoint, said))
        if _took(self.astro.loses, endpoint):
            self._hang_up()
            return
        answer = self.astro.books.answer(endpoint, said)
        if _took(self.astro.drops, endpoint):
            self._hang_up()
            return
        self._answer(200, _written(answer, len(self.astro.calls)))

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say what time it is here."""
        return super().date_time_string(self.astro.now() if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


def _took(names: list[str], endpoint: str) -> bool:
    if endpoint not in names:
        return False
    names.remove(endpoint)
    return True


def _written(said: Reply, number: int) -> dict[str, Any]:
    """Write an answer in one of the two ways that were seen."""
    code, text, data = said
    if code != 100 and number % 2:
        return {"status": code, "status_messsage": text, "returnData": data}
    return {"astro_status": code, "astro_status_message": text, "returnData": data}
