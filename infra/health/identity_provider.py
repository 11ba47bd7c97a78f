"""The identity provider: asked who it is and for its keys. Nobody is signed in."""

from collections.abc import Iterator

from infra.health.checks import Asked, Attention
from infra.http.transport import Edge
from infra.identity_provider import IdentityProvider
from infra.settings import Settings
from tasks.core.wording.words import counted


def questions(settings: Settings, edge: Edge | None = None) -> Iterator[Asked]:
    """List what is asked of the identity provider, where one is set."""
    if settings.oidc_issuer:
        wire = edge or Edge()
        yield Asked(
            system="Identity provider", what="discovery", ask=lambda: _discover(IdentityProvider(settings, wire))
        )


def _discover(provider: IdentityProvider) -> str:
    said, keys = provider.discovery(), provider.keys()
    if "S256" not in said.get("code_challenge_methods_supported", ["S256"]):
        raise Attention("it does not say that it takes PKCE (S256), which the desk sends; people may not get in")
    return (
        f"{provider.settings.oidc_issuer} is who it says, with {counted(len(keys.keys), 'key')}; "
        f"it has to know {provider.redirect_uri}"
    )
