"""A small OpenID Connect provider on a wire of the test's own: discovery, keys, sign-in, and tokens that it signs.

``told`` is what it says of whoever signs in; ``bend`` may change a token before it is signed, and ``sign_with`` is the
key. PKCE, the client's secret and codes that are used once are checked as a real one does.
"""

import hashlib
import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from infra.http.transport import Edge

ISSUER = "https://login.example.com/group"
CLIENT_ID, SECRET = "counterfoil-desk", "MARKER-OIDC-SECRET"
Claims = dict[str, Any]


def new_key(kid: str) -> RSAKey:
    """Return a key pair of the provider."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@dataclass
class Provider:
    """The provider, whom it knows, and what it was asked."""

    told: Claims = field(default_factory=lambda: {"sub": "u-1", "name": "Maria Holm", "groups": []})
    keys: list[RSAKey] = field(default_factory=lambda: [new_key("first")])
    sign_with: RSAKey | OctKey | None = None
    header: Claims = field(default_factory=dict)
    bend: Callable[[Claims], Claims] = lambda claims: claims
    issuer: str = ISSUER
    signs_in_at: str = f"{ISSUER}/auth"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def edge(self) -> Edge:
        """Return the wire by which the desk reaches it."""
        return Edge(transport=httpx.MockTransport(self._answer), sleep=lambda _: None)

    def sign_in(self, address: str) -> str:
        """Let somebody sign in who was sent to *address*; return where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code", asked
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        match request.url.path:
            case "/group/.well-known/openid-configuration":
                return httpx.Response(200, json=self._discovery())
            case "/group/keys":
                return httpx.Response(200, json=KeySet(self.keys).as_dict())
            case "/group/token":
                return self._token(request)
        return httpx.Response(404, json={})

    def _discovery(self) -> Claims:
        places = {"token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys"}
        return {"issuer": self.issuer, "authorization_endpoint": self.signs_in_at, **places}

    def _token(self, request: httpx.Request) -> httpx.Response:
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        client = b64decode(request.headers.get("Authorization", "Basic ").removeprefix("Basic ")).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        verified = urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or client != f"{CLIENT_ID}:{SECRET}" or verified.decode() != asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(time.time())
        times = {"iat": now, "exp": now + 300}
        claims = self.bend({"iss": ISSUER, "aud": CLIENT_ID, "nonce": asked["nonce"], **times, **self.told})
        key = self.sign_with or self.keys[0]
        token = jwt.encode(
            {"alg": "RS256", "kid": key.kid, **self.header}, claims, key, algorithms=["RS256", "HS256", "none"]
        )
        return httpx.Response(200, content=json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": token}))
