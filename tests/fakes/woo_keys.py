"""How WooCommerce checks who asks, written after its own source: Basic and keys in the query over TLS only, else OAuth.

Independent of the library that signs, so that both would have to be wrong in the same way.
"""

import base64
import hashlib
import hmac
import re
import time
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

MINUTES = 15


@dataclass
class Keys:
    key: str = "ck_1234567890"
    secret: str = "cs_0987654321"
    may: str = "read_write"
    nonces: set[str] = field(default_factory=set)

    def refuse(
        self, *, method: str, address: str, params: dict[str, str], header: str, secure: bool
    ) -> tuple[int, str, str] | None:
        """Return status, code and message where whoever asks may not; None where he may."""
        said = self._basic(params, header) if secure else "nobody"
        if said == "nobody":
            said = self._oauth(method, address, params, header)
        if said == "nobody":
            return 401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."
        if said:
            return 401, "woocommerce_rest_authentication_error", said
        if method != "GET" and self.may == "read":
            says = "The API key provided does not have write permissions."
            return 401, "woocommerce_rest_authentication_error", says
        return None

    def _basic(self, params: dict[str, str], header: str) -> str:
        key, secret = params.get("consumer_key", ""), params.get("consumer_secret", "")
        if header.startswith("Basic "):
            key, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        if key != self.key:
            return "nobody"
        return "" if secret == self.secret else "Consumer secret is invalid."

    def _oauth(self, method: str, address: str, params: dict[str, str], header: str) -> str:
        given = dict(params)
        if header.startswith("OAuth "):
            given |= {name: unquote(value) for name, value in re.findall(r'(oauth_\w+)="([^"]*)"', header)}
        if given.get("oauth_consumer_key") != self.key:
            return "nobody"
        if given.get("oauth_signature") != self._signature(method, address, given):
            return "Invalid signature - provided signature does not match."
        stamp = given["oauth_timestamp"]
        if abs(int(stamp) - time.time()) > MINUTES * 60:
            return "Invalid timestamp."
        if given["oauth_nonce"] in self.nonces:
            return "Invalid nonce - nonce has already been used."
        self.nonces.add(given["oauth_nonce"])
        return ""

    def _signature(self, method: str, address: str, given: dict[str, str]) -> str:
        def encoded(text: str) -> str:
            return quote(text, safe="~")

        pairs = sorted((encoded(name), encoded(value)) for name, value in given.items() if name != "oauth_signature")
        query = "%26".join(encoded(f"{name}={value}") for name, value in pairs)
        text = f"{method}&{encoded(address)}&{query}"
        algorithm = given["oauth_signature_method"].removeprefix("HMAC-").lower()
        digest = hmac.new(f"{self.secret}&".encode(), text.encode(), getattr(hashlib, algorithm)).digest()
        return base64.b64encode(digest).decode()
