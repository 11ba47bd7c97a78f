"""Whether every system that the settings name can be used as they say: asked, never changed.

One module a kind of system lists what is asked of it. What the answers mean for an exit code stands in ``cli.doctor``.
Prefect is asked by its interface, as any other system.
"""

from collections.abc import Iterable, Mapping

from pydantic import SecretStr

from infra.health import identity_provider, mail, prefect_server, shops, stores
from infra.health.checks import answer_to, not_set
from infra.settings import Settings
from schemas.health import Check

_NOT_SET = (
    ("Lightspeed X-Series", ("lightspeed_x_domain_prefix", "lightspeed_x_url"), "no shop of X-Series is set"),
    ("Lightspeed eCom", ("ecom_key",), "no shop of eCom is set (COUNTERFOIL_ECOM_KEY)"),
    ("Your own database", ("own_database_url",), "none is set (COUNTERFOIL_OWN_DATABASE_URL)"),
    ("WooCommerce", ("woo_url",), "no web shop is set (COUNTERFOIL_WOO_URL)"),
    ("Astro", ("astro_user",), "Astro is not asked (COUNTERFOIL_ASTRO_USER); sales of the point of sale have to do"),
    ("Tixly", ("tixly_api_url",), "Tixly is not asked (COUNTERFOIL_TIXLY_API_URL); exports confirm its uploads"),
    ("Identity provider", ("oidc_issuer",), "people sign in with accounts of the desk's own (COUNTERFOIL_OIDC_ISSUER)"),
    ("Mail", ("smtp_host",), "no mail server is set (COUNTERFOIL_SMTP_HOST); mails become files"),
)


def check_systems(settings: Settings, environment: Mapping[str, str]) -> tuple[Check, ...]:
    """Ask every system that *settings* and Prefect's *environment* name, and say which are not set."""
    asked = [
        *stores.questions(settings),
        *stores.own_database_questions(settings),
        *shops.questions(settings),
        *mail.questions(settings),
        *identity_provider.questions(settings),
    ]
    asked += prefect_server.questions(environment)
    missing = [not_set(system, says) for system, names, says in _NOT_SET if not _any_set(settings, names)]
    if not environment.get("PREFECT_API_URL"):
        missing.append(not_set("Prefect", "no server runs (make up): each command starts its own, no schedule runs"))
    return (*map(answer_to, asked), *missing)


def _any_set(settings: Settings, names: Iterable[str]) -> bool:
    return any(getattr(settings, name) not in ("", SecretStr("")) for name in names)
