"""How we speak HTTP with every web interface: one small transport, which the connectors share.

It knows when a request may be repeated, how long to wait, and what an answer tells about a change;
nothing of what any vendor's data mean. Addresses with their keys, bodies and other people's texts
never reach logs or messages: those say which system, what was asked, and numbers.
"""

import json
import logging
import random
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Literal, Self

import httpx

from infra.clock import now
from infra.hosts import is_this_machine
from infra.http.backoff import Fault, asked_to_wait, server_time, wait_before
from infra.http.lifetimes import close_at_end
from infra.http.pace import shared_pace
from infra.http.web_pages import what_came
from schemas.problems import Declined, Problem, Refused, Unanswered, Unavailable
from tasks.core.reading.half_characters import whole_characters

for _talker in ("httpx", "httpcore"):  # they log whole addresses, and headers
    logging.getLogger(_talker).setLevel(logging.WARNING)

Effect = Literal["reads", "repeatable", "once"]
"""What sending a request twice would do: nothing, the same again, or a second thing."""

AGAIN = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
NOT_TAKEN = 429
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_CODE = re.compile(r"[\w.:-]{1,80}")


@dataclass(frozen=True, kw_only=True)
class Site:
    """One system behind one address. *name* begins sentences: "The web shop"."""

    name: str
    url: str
    auth: httpx.Auth | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 60
    max_bytes: int = 64 * 2**20
    attempts: int = 5
    patience_seconds: float = 120
    """The longest wait that the system may ask for; beyond it the caller is told to come back later."""
    per_minute: int | None = None
    before_each: Callable[[], None] | None = field(default=None, repr=False)
    """Called before every request, also a repeated one; it returns when the request may go."""
    explain: Callable[[object], str] | None = field(default=None, repr=False)
    """Says in words why the system said no, by the data of its answer: without anybody's data."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. *what* names it in messages: "the list of orders". *path* may be a whole address of the same site.

    ``expects`` data, which is JSON, or a file, which may be anything.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str
    what: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    effect: Effect = "reads"
    expects: Literal["data", "file"] = "data"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a system answered: the bytes as they came, and what they say where they are data."""

    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)
    data: object = field(default=None, repr=False)

    @property
    def answered_at(self) -> datetime | None:
        """When that was, by the system's own clock; None where it does not say."""
        return server_time(self.headers.get("Date"))


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What tests replace: time, chance and the wire."""

    now: Callable[[], datetime] = now
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    transport: httpx.BaseTransport | None = None


class Http:
    """Connections to one site. Threads may share them."""

    def __init__(self, site: Site, edge: Edge | None = None) -> None:
        self.site = site
        self._edge = edge or Edge()
        self._pace = (
            shared_pace(site.url, site.per_minute, self._edge.clock, self._edge.sleep) if site.per_minute else None
        )
        self._base = httpx.URL(site.url.rstrip("/") + "/")
        self._client = self._connected()
        close_at_end(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, call: Call) -> Answer:
        """Send a request, again where that is safe, and return the answer.

        Raises:
            Declined: The system understood and said no.
            Refused: It answers with a redirect, or its certificate is not trusted.
            Unavailable: No answer that means anything, and nothing was done.
            Unanswered: Nor to a change, which may have been done all the same.
        """
        faults: list[Fault] = []
        while len(faults) < self.site.attempts:
            got = self._try(call)
            if isinstance(got, Answer):
                return got
            faults.append(got)
            wait = wait_before(got, len(faults), self._edge.chance())
            if not _may_repeat(call, got) or wait > self.site.patience_seconds or len(faults) == self.site.attempts:
                break
            self._edge.sleep(wait)
        raise self._given_up(call, faults)

    def _try(self, call: Call) -> Answer | Fault:
        if self._pace:
            self._pace.wait()
        if self.site.before_each:
            self.site.before_each()
        try:
            response, content = self._exchanged(call)
        except _NOT_SENT as error:
            self._expect_trust(error)
            return Fault(says="cannot be reached", landed=False)
        except httpx.LocalProtocolError:
            raise Refused(
                f"{self.site.name} cannot be asked: its key or token is empty, or holds what no request can carry. "
                "Correct it in the settings."
            ) from None
        except httpx.HTTPError as error:
            slow = isinstance(error, httpx.TimeoutException)
            return Fault(says="did not answer in time" if slow else "broke off the connection", landed=True)
        return self._judged(call, response, content)

    def _exchanged(self, call: Call) -> tuple[httpx.Response, bytes]:
        """Send the request and read the whole answer, as long as it is neither endless nor too slow."""
        until = self._edge.clock() + self.site.timeout_seconds
        content = bytearray()
        with self._client.stream(
            call.method,
            self._address(call.path),
            params=dict(call.params) or None,
            content=call.content or None,
            headers={**({"Content-Type": call.content_type} if call.content else {}), **call.headers},
        ) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > self.site.max_bytes:
                    raise httpx.ReadError("more than we read")
                if self._edge.clock() > until:
                    raise httpx.ReadTimeout("longer than we wait")
        return response, bytes(content)

    def _address(self, path: str) -> httpx.URL:
        """Return the whole address; keys go to no other system than the site."""
        address = self._base.join(path.lstrip("/")) if "://" not in path else httpx.URL(path)
        if (address.scheme, address.host, address.port) != (self._base.scheme, self._base.host, self._base.port):
            raise Refused(f"{self.site.name} refers to another system. Nothing was asked there.")
        return address

    def _judged(self, call: Call, response: httpx.Response, content: bytes) -> Answer | Fault:
        status = response.status_code
        if response.is_redirect or 300 <= status < 400:
            raise self._elsewhere(response)
        if status in AGAIN or status >= 500:
            asked_at = server_time(response.headers.get("Date")) or self._edge.now()
            wait = asked_to_wait(response.headers.get("Retry-After"), asked_at)
            return Fault(says=f"is not ready ({status})", landed=status != NOT_TAKEN, wait=wait)
        data = _read_data(content)
        no_route = status == HTTPStatus.NOT_FOUND and call.expects == "file"
        if data is None and content and not no_route and (call.expects == "data" or status >= 400):
            return Fault(says=f"answered ({status}) with {what_came(content)}", landed=True, final=status >= 400)
        if status >= 400:
            raise self._declined(call, status, data)
        if data is None and call.expects == "data" and status != 204:
            return Fault(says=f"answered with nothing ({status})", landed=True)
        return Answer(status=status, headers=response.headers, content=content, data=data)

    def _declined(self, call: Call, status: int, data: object) -> Declined:
        hint = " Check its keys and what they may do." if status in (401, 403) else ""
        code = str(data.get("code", "")) if isinstance(data, dict) else ""
        why = self.site.explain(data) if self.site.explain else ""
        message = f"{self.site.name} refused {call.what} ({status}).{hint} {why}".rstrip()
        return Declined(message, status=status, code=code if _CODE.fullmatch(code) else "")

    def _elsewhere(self, response: httpx.Response) -> Refused:
        """Say where a redirect leads, without its query: to follow it would turn a write into a read."""
        try:
            place = response.url.join(response.headers.get("Location", "")).copy_with(query=None, userinfo=b"")
        except httpx.InvalidURL:
            place = httpx.URL("")
        return Refused(f"{self.site.name} sends us to another address, {place}. Correct its address in the settings.")

    def _given_up(self, call: Call, faults: list[Fault]) -> Problem:
        last = faults[-1]
        tried = f" {len(faults)} times" if len(faults) > 1 else ""
        later = f" It asks to be left alone for {last.wait:.0f} seconds." if last.wait else ""
        message = f"{self.site.name} {last.says}: {call.what}, asked{tried}.{later}"
        if call.effect != "reads" and any(fault.landed for fault in faults):
            return Unanswered(f"{message} The change may have been made all the same; it has to be looked up.")
        return Unavailable(f"{message} Nothing was changed there.")

    def _expect_trust(self, error: Exception) -> None:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise Refused(f"{self.site.name} shows a certificate that nobody vouches for.") from None

    def _connected(self) -> httpx.Client:
        """Open a client. What the environment says of proxies holds, but never for this machine itself."""
        own_machine = is_this_machine(self._base.host)
        return httpx.Client(
            auth=self.site.auth,
            headers={"User-Agent": "Counterfoil", "Accept": "application/json, */*", **self.site.headers},
            timeout=self.site.timeout_seconds,
            verify=_trusting(self.site.ca_file, trust_env=not own_machine),
            trust_env=not own_machine,
            transport=self._edge.transport,
            follow_redirects=False,
        )


@cache
def _trusting(ca_file: Path | None, *, trust_env: bool) -> ssl.SSLContext:
    """Load whom a process trusts once for all its clients: that takes longer than many a call."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context(trust_env=trust_env)


def _may_repeat(call: Call, fault: Fault) -> bool:
    return not fault.final and (call.effect != "once" or not fault.landed)


def _read_data(content: bytes) -> object:
    """Return what JSON says, its numbers exact; None where it is no JSON, or nothing."""
    try:
        return json.loads(whole_characters(content), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> object:
    raise ValueError(name)
