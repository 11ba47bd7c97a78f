"""The identity provider of a group, by OpenID Connect: where people are sent to sign in, and what it says of them.

The protocol is Authlib's; calls go by our transport. What roles follow from what it says is for the desk to decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from infra.http.transport import Call, Edge, Http, Site
from infra.settings import Settings
from schemas.problems import Declined, Refused, SettingsNeedFixing

SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures that only the provider can make; one by a shared secret is none, and neither is none at all."""
LEEWAY_SECONDS = 60
DISCOVERY_HOLDS = timedelta(hours=1)
_NAME = "The identity provider"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the provider says of somebody who signed in there. Its own name for them is the *subject*."""

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was sent along with somebody, and has to come back: each is new for every time."""

    state: str
    nonce: str
    verifier: str


@dataclass
class IdentityProvider:
    """The provider that the settings name. What it says of itself is asked for once an hour, its keys when needed."""

    settings: Settings
    edge: Edge = field(default_factory=Edge)
    _known: Mapping[str, Any] = field(default_factory=dict)
    _until: datetime | None = None
    _keys: KeySet | None = None
    _lock: Lock = field(default_factory=Lock)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to, as it has to be registered there."""
        return f"{self.settings.desk_url}/sign-in/provider/back"

    def address_for(self, asked: Asked) -> str:
        """Return where somebody is sent to sign in.

        Raises:
            Unavailable: The provider does not answer.
            SettingsNeedFixing: It is not the one that the settings name.
        """
        address: str = prepare_grant_uri(
            self.discovery()["authorization_endpoint"],
            client_id=self.settings.oidc_client_id,
            response_type="code",
            redirect_uri=self.redirect_uri,
            scope=self.settings.oidc_scopes,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    def identity_for(self, code: str, asked: Asked) -> Identity:
        """Return what the provider says of whoever came back with a code.

        Raises:
            Refused: The code is not good, or what it says is not signed by it, for us, now, and for this very time.
            Unavailable: The provider does not answer.
        """
        tokens = self._tokens_for(code, asked)
        claims = self._claims_in(str(tokens.get("id_token", "")), tokens, asked)
        groups = claims.get(self.settings.oidc_groups_claim)
        return Identity(
            issuer=self.settings.oidc_issuer,
            subject=str(claims["sub"]),
            name=_shown(claims.get(self.settings.oidc_name_claim)),
            groups=frozenset(each for each in groups if isinstance(each, str))
            if isinstance(groups, list)
            else frozenset(),
        )

    def discovery(self) -> Mapping[str, Any]:
        """Return what the provider says of itself.

        Raises:
            Unavailable: It does not answer.
            SettingsNeedFixing: It says to be another than the settings name, or lacks something.
        """
        with self._lock:
            now = self.edge.now()
            if self._until is None or now >= self._until:
                self._known, self._until = self._asked_itself(), now + DISCOVERY_HOLDS
            return self._known

    def keys(self, *, anew: bool = False) -> KeySet:
        """Return the public keys of the provider; *anew*, where it signed with one that is not known yet."""
        address = str(self.discovery()["jwks_uri"])
        with self._lock:
            if self._keys is None or anew:
                data = self._ask(Call(path=address, what="its keys"))
                try:
                    self._keys = KeySet.import_key_set(data)  # type: ignore[arg-type]  # what comes is judged there
                except (JoseError, ValueError, KeyError, TypeError, AttributeError):
                    raise Refused(f"{_NAME} shows keys that cannot be read.") from None
            return self._keys

    def _asked_itself(self) -> Mapping[str, Any]:
        address = f"{self.settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        said = self._ask(Call(path=address, what="its discovery document"))
        if not isinstance(said, dict) or said.get("issuer") != self.settings.oidc_issuer:
            issuer = said.get("issuer") if isinstance(said, dict) else None
            raise SettingsNeedFixing(
                f"{_NAME} at COUNTERFOIL_OIDC_ISSUER says that it is {issuer or 'nobody'}. Set it to exactly that, if "
                "that is who you mean."
            )
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_private(str(said.get(name, ""))):
                raise SettingsNeedFixing(f"{_NAME} names no {name} that is reached by https.")
        return said

    def _tokens_for(self, code: str, asked: Asked) -> Mapping[str, Any]:
        address, client = str(self.discovery()["token_endpoint"]), self._client
        body = prepare_token_request(
            "authorization_code", redirect_uri=self.redirect_uri, code=code, code_verifier=asked.verifier, **client[1]
        )
        call = Call(
            method="POST",
            path=address,
            what="who signed in",
            content=body.encode(),
            content_type="application/x-www-form-urlencoded",
            effect="once",
        )
        try:
            tokens = self._ask(call, client[0])
        except Declined:
            raise Refused(f"{_NAME} does not confirm this sign-in. Sign in again.") from None
        return tokens if isinstance(tokens, dict) else {}

    @property
    def _client(self) -> tuple[httpx.Auth | None, Mapping[str, str]]:
        """Return how we say who we are: in the header, or in the form where that is known to be taken."""
        client_id, secret = self.settings.oidc_client_id, self.settings.oidc_client_secret.get_secret_value()
        ways = self.discovery().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not secret:
            return None, {"client_id": client_id}
        if "client_secret_post" in ways:
            return None, {"client_id": client_id, "client_secret": secret}
        return httpx.BasicAuth(client_id, secret), {}

    def _claims_in(self, id_token: str, tokens: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
        """Return what an id token says, once it is known to be the provider's, for us, now, for this very time."""
        client_id = self.settings.oidc_client_id
        options = {
            "iss": {"essential": True, "value": self.settings.oidc_issuer},
            "aud": {"essential": True, "value": client_id},
        }
        params = {"nonce": asked.nonce, "client_id": client_id, "access_token": tokens.get("access_token")}
        try:
            signed = self._signed(id_token)
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(now=int(self.edge.now().timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError):
            raise Refused(f"What {_NAME.lower()} says of this sign-in does not hold. Sign in again.") from None
        return claims if claims.get("sub") else _refuse_nobody()

    def _signed(self, id_token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=SIGNED_BY, strict_check_header=False)
        try:
            return jwt.decode(id_token, key=self.keys(), registry=registry)
        except InvalidKeyIdError:  # the provider has changed its keys
            return jwt.decode(id_token, key=self.keys(anew=True), registry=registry)

    def _ask(self, call: Call, auth: httpx.Auth | None = None) -> object:
        parts = urlsplit(call.path)
        site = Site(
            name=_NAME,
            url=f"{parts.scheme}://{parts.netloc}",
            auth=auth,
            ca_file=self.settings.oidc_ca_file,
            timeout_seconds=10,
            max_bytes=2**20,
            attempts=2,
            patience_seconds=3,
        )
        with Http(site, self.edge) as http:
            return http.ask(call).data


def _shown(name: object) -> str:
    """Return a name as people are shown it: what moves a terminal's cursor, or hides, is no part of one."""
    return " ".join("".join(each if each.isprintable() else " " for each in str(name or "")).split())


def _refuse_nobody() -> Mapping[str, Any]:
    raise Refused(f"{_NAME} does not say who signed in.")


def _is_private(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
