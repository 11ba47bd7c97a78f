"""How Lightspeed lets us in: by a personal token, or by tokens that an application got after a person said yes.

A refresh token is good for one use, so one process at a time renews, and what it gets is stored before it is used.
Tokens are stored sealed with a key made of the client secret, which is not where they are.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import uuid4

from infra.clock import now as clock
from infra.http.transport import Call, Http
from schemas.access_tokens import SealedTokens
from schemas.problems import Declined, Refused, SettingsNeedFixing, Unavailable

AUTHORIZE_URL = "https://secure.retail.lightspeed.app/connect"
SCOPES = (
    *("gift_cards:read", "gift_cards:write:issue", "gift_cards:write:redeem", "customers:read", "customers:write"),
    *("retailer:read", "payment_types:read", "outlets:read", "registers:read"),
)
"""What cards and customers need; the last four let counterfoil doctor compare the shop with the settings."""
TILL_SCOPES = (
    *("sales:read", "sales:write", "products:read", "products:write", "inventory:read", "inventory:write"),
    *("taxes:read", "users:read"),
)
"""What orders and stock need besides: asked for only where a payment type is set for them."""
_FORM = "application/x-www-form-urlencoded"
_RENEWED_BEFORE = timedelta(minutes=5)
_TURN = timedelta(seconds=90)
_CONNECT = "Run once: counterfoil connect lightspeed-x"


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What Lightspeed granted."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str = ""
    domain_prefix: str = ""
    lasts_seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Application:
    """Who we are to Lightspeed."""

    client_id: str
    client_secret: str = field(repr=False)


class Access(Protocol):
    """What lets us in."""

    def token(self) -> str:
        """Return a token that is good now."""
        ...

    def renew(self, refused: str) -> bool:
        """Get another token in the place of one that was refused; False where there is none to be had."""
        ...

    def granted(self) -> frozenset[str] | None:
        """Return the permissions that were given; None where nothing tells them."""
        ...


class TokenStore(Protocol):
    """Where tokens are kept, and whose turn it is to renew them."""

    def find(self) -> SealedTokens | None:
        """Return them."""
        ...

    def save(self, sealed: str, expires_at: datetime) -> None:
        """Keep new ones; the turn is over."""
        ...

    def claim(self, who: str, revision: int, *, at: datetime, until: datetime) -> bool:
        """Take the turn to renew those of a revision."""
        ...

    def give_back(self, who: str) -> None:
        """Give the turn back."""
        ...


@dataclass(frozen=True)
class PersonalToken:
    """A token that a person made in Setup, Personal Tokens. It does not run out."""

    _token: str = field(repr=False)

    def token(self) -> str:
        """Return it."""
        return self._token

    def renew(self, refused: str) -> bool:  # noqa: ARG002 - there is no other
        """Return that there is no other."""
        return False

    def granted(self) -> frozenset[str] | None:
        """Return nothing: such a token does not tell what it may."""
        return None


class OAuthLogin:
    """The tokens of an application."""

    def __init__(
        self,
        http: Http,
        application: Application,
        store: TokenStore,
        now: Callable[[], datetime] = clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """*http* is for the token call alone: it has a budget of its own."""
        self._http = http
        self._application = application
        self._store = store
        self._now = now
        self._sleep = sleep

    def token(self) -> str:
        """Return the token that is stored, renewed where it has run out or is about to.

        Raises:
            SettingsNeedFixing: Nobody connected Lightspeed yet, or it wants to be connected again.
        """
        stored = self._stored()
        if stored.expires_at - _RENEWED_BEFORE > self._now():
            return self._opened(stored).access_token
        return self._renewed(stored).access_token

    def renew(self, refused: str) -> bool:
        """Renew a token that Lightspeed has ended early, unless another process has done so already."""
        stored = self._stored()
        if self._opened(stored).access_token == refused:
            self._renewed(stored)
        return True

    def granted(self) -> frozenset[str] | None:
        """Return what a person said yes to; None where Lightspeed did not say."""
        return frozenset(self._opened(self._stored()).scope.split()) or None

    def connect(self, code: str, redirect_uri: str, *, shop: str) -> Tokens:
        """Exchange what a person's yes was answered with for tokens, and keep them.

        Raises:
            Refused: They are of another shop (a domain prefix).
        """
        granted = self._granted(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)
        if shop and granted.domain_prefix not in ("", shop):
            raise Refused(
                "The yes was for another shop of Lightspeed than that of COUNTERFOIL_LIGHTSPEED_X_DOMAIN_PREFIX. "
                "Nothing was connected. Sign in to the right one, or correct the setting, then run the same again."
            )
        self._keep(granted)
        return granted

    def _renewed(self, stored: SealedTokens) -> Tokens:
        """Renew the tokens, or wait for the process whose turn it is."""
        who, until = uuid4().hex, self._now() + _TURN
        while not self._store.claim(who, stored.revision, at=self._now(), until=self._now() + _TURN):
            newer = self._stored()
            if newer.revision != stored.revision:
                return self._opened(newer)
            if self._now() > until:
                raise Unavailable("Another process is renewing the login of Lightspeed. Run the same again in a while.")
            self._sleep(0.5)
        try:
            return self._exchanged(stored)
        finally:
            self._store.give_back(who)

    def _exchanged(self, stored: SealedTokens) -> Tokens:
        refresh_token = self._opened(stored).refresh_token
        try:
            granted = self._granted(grant_type="refresh_token", refresh_token=refresh_token)
        except Declined as no:
            raise SettingsNeedFixing(
                f"Lightspeed does not renew our login ({no.status}): it was withdrawn, or its last renewal was cut "
                f"off. {_CONNECT}"
            ) from None
        self._keep(granted)
        return granted

    def _granted(self, **form: str) -> Tokens:
        own = {"client_id": self._application.client_id, "client_secret": self._application.client_secret}
        content = urlencode(form | own).encode()
        call = Call(
            method="POST",
            path="api/1.0/token",
            what="a token",
            content=content,
            content_type=_FORM,
            effect="once",
        )
        return read_tokens(self._http.ask(call).data)

    def _keep(self, tokens: Tokens) -> None:
        content = {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token, "scope": tokens.scope}
        sealed = self._seal().encrypt(json.dumps(content).encode()).decode()
        self._store.save(sealed, self._now() + timedelta(seconds=tokens.lasts_seconds))

    def _stored(self) -> SealedTokens:
        stored = self._store.find()
        if stored is None:
            raise SettingsNeedFixing(f"Lightspeed is not connected yet. {_CONNECT}")
        return stored

    def _opened(self, stored: SealedTokens) -> Tokens:
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - takes a while, and few need it

        try:
            return Tokens(**json.loads(self._seal().decrypt(stored.sealed.encode())))
        except (InvalidToken, ValueError):
            raise SettingsNeedFixing(
                f"The stored login of Lightspeed belongs to another client secret. {_CONNECT}"
            ) from None

    def _seal(self) -> Any:
        """Return what encrypts and decrypts, by a key that only who knows the client secret can make."""
        from cryptography.fernet import Fernet  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        salt = self._application.client_id.encode()
        key = HKDF(SHA256(), 32, salt, b"counterfoil access tokens").derive(self._application.client_secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))


def authorize_address(
    client_id: str, redirect_uri: str, state: str, scopes: Sequence[str] = SCOPES, address: str = AUTHORIZE_URL
) -> str:
    """Return the address at which a person says yes to *scopes*."""
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "state": state}
    return f"{address}?{urlencode(asked | {'scope': ' '.join(scopes)})}"


def read_tokens(data: object) -> Tokens:
    """Take the answer of the token call.

    Raises:
        Refused: It holds no tokens.
    """
    fields: Mapping[str, Any] = data if isinstance(data, dict) else {}
    if not (fields.get("access_token") and fields.get("refresh_token") and str(fields.get("expires_in", "")).isdigit()):
        raise Refused(f"Lightspeed gave no tokens. {_CONNECT}")
    return Tokens(
        access_token=str(fields["access_token"]),
        refresh_token=str(fields["refresh_token"]),
        scope=str(fields.get("scope", "")),
        domain_prefix=str(fields.get("domain_prefix", "")),
        lasts_seconds=int(fields["expires_in"]),
    )
