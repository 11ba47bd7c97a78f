"""Signing requests by OAuth 1.0a with one leg, for shops that are reached without TLS."""

import logging
from collections.abc import Generator
from typing import Any, Literal, cast

import httpx
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_AUTH_HEADER, SIGNATURE_TYPE_QUERY, Client

logging.getLogger("oauthlib").setLevel(logging.WARNING)  # it logs what it signs: addresses with all that they ask for

Place = Literal["header", "query"]


class OAuth1(httpx.Auth):
    """Signs each request anew, also a repeated one: its nonce is taken once."""

    def __init__(self, key: str, secret: str, place: Place) -> None:
        kind = SIGNATURE_TYPE_AUTH_HEADER if place == "header" else SIGNATURE_TYPE_QUERY
        self._signer = Client(key, client_secret=secret, signature_method=SIGNATURE_HMAC_SHA256, signature_type=kind)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the signature."""
        address, headers, _ = self._signer.sign(str(request.url), http_method=cast(Any, request.method))
        request.url = httpx.URL(address)
        if "Authorization" in headers:
            request.headers["Authorization"] = headers["Authorization"]
        yield request


class KeysInQuery(httpx.Auth):
    """Sends the keys in the address, for servers that keep the header from WordPress. Only ever over TLS."""

    def __init__(self, key: str, secret: str) -> None:
        self._keys = {"consumer_key": key, "consumer_secret": secret}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the keys."""
        request.url = request.url.copy_merge_params(self._keys)
        yield request
