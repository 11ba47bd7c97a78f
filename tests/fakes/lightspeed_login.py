"""Whom a Lightspeed Retail (X-Series) lets in: personal tokens, and an application with rotating refresh tokens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.lightspeed_cards import Rule
from tests.fakes.lightspeed_sales import SCOPES

CARDS = "gift_cards:read gift_cards:write:issue gift_cards:write:redeem"
EVERYTHING = f"{CARDS} customers:read customers:write {SCOPES}"
PREFIX = "acme"


@dataclass
class Login:
    """Tokens that are good, with their scopes and until when; and the application's secrets."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tokens: dict[str, tuple[str, float]] = field(
        default_factory=lambda: {"lsxs_pt_MARKER-PERSONAL": (EVERYTHING, float("inf"))}
    )
    client_id: str = "app-1"
    client_secret: str = "MARKER-CLIENT-SECRET"
    codes: dict[str, str] = field(default_factory=dict)
    """Codes that a person's yes was answered with, and where they were sent."""
    refresh_token: str = ""
    scope: str = EVERYTHING
    lasts_seconds: int = 86_400
    granted: int = 0

    def grant(self, form: dict[str, str]) -> dict[str, Any]:
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            raise Rule(401, "Client authentication failed", "invalid_client")
        if form["grant_type"] == "authorization_code":
            if self.codes.pop(form.get("code", ""), None) != form.get("redirect_uri"):
                raise Rule(400, "The authorization code is invalid", "invalid_grant")
        elif not self.refresh_token or form.get("refresh_token") != self.refresh_token:
            raise Rule(400, "The refresh token is invalid", "invalid_grant")
        return self.renewed()

    def renewed(self) -> dict[str, Any]:
        self.granted += 1
        number = self.granted
        expires = self.now().timestamp() + self.lasts_seconds
        token, self.refresh_token = f"MARKER-ACCESS-{number}", f"MARKER-REFRESH-{number}"
        self.tokens[token] = (self.scope, expires)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires": int(expires),
            "expires_in": self.lasts_seconds,
            "refresh_token": self.refresh_token,
            "domain_prefix": PREFIX,
            "scope": self.scope,
        }

    def expect(self, header: str, scope: str) -> None:
        scopes, expires = self.tokens.get(header.removeprefix("Bearer "), ("", 0.0))
        if expires <= self.now().timestamp():
            raise Rule(401, "The access token is missing or no longer good", "Unauthorized")
        if scope not in scopes.split():
            raise Rule(403, f"Missing scope {scope}", "Forbidden")
