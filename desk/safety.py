"""What keeps pages from doing what nobody meant: headers, the largest request, and that a form is one of ours."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.texts import later

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
POLICY_OF_REPORTS = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"
"""A report names its own style and script by their hashes; it is shown as if it came from nowhere."""

HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
FORM_BYTES = 2**20
"""What a form may hold beside its file."""

TOO_LARGE = later("The file is larger than the desk takes. Split it, and upload the parts.")


@dataclass(frozen=True)
class Guarded:
    """Adds the headers to every answer, and reads no more than a form, and a file from whoever may send one.

    A body is read, and kept on this machine, before any page asks who sent it; so that is asked here.
    """

    app: ASGIApp
    most_bytes: int
    is_https: bool
    sends_files: Callable[[Scope], bool]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received, most = 0, FORM_BYTES
        if await run_in_threadpool(self.sends_files, scope):
            most += self.most_bytes

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413, TOO_LARGE)
            return message

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive_some, send_guarded)

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self.is_https:
            headers["strict-transport-security"] = "max-age=31536000"


def form_token(secret: str) -> str:
    """Return what a form must carry to be one that we gave to the browser which holds *secret*."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_ours(token: str, secret: str) -> bool:
    """Say whether a form carries what it must."""
    return bool(secret) and hmac.compare_digest(token.encode(), form_token(secret).encode())


def comes_from_here(headers: Headers) -> bool:
    """Say whether a browser sent a form from a page of ours, by what it says of itself where it says so."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
