"""The systems of shops: asked something small that shows address, login and rights; nothing is changed there."""

from collections.abc import Iterator
from datetime import datetime

from infra.clock import now
from infra.connectors.astro.api import NOT_FOUND
from infra.connectors.woocommerce.api import open_woocommerce
from infra.health.checks import Asked, Attention
from infra.health.clocks import compare_clocks
from infra.settings import Settings
from infra.target_connectors import open_astro, open_tixly
from schemas.customers import CUSTOMERS
from schemas.problems import Refused

_NOBODY = "counterfoil-doctor"
"""A customer whom no shop has."""


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of the shop systems that are set."""
    if settings.woo_url:
        yield Asked(system="WooCommerce", what="login", ask=lambda: _web_shop(settings))
        yield Asked(system="WooCommerce", what="clock", ask=lambda: _web_shop_clock(settings))
        yield Asked(system="WooCommerce", what="orders", ask=lambda: _web_orders(settings))
    if settings.astro_user:
        yield Asked(system="Astro", what="login", ask=lambda: _astro(settings))
    if settings.tixly_api_url:
        yield Asked(system="Tixly", what="login", ask=lambda: _tixly(settings))


def _web_shop(settings: Settings) -> str:
    route = open_woocommerce(settings).route
    return f"{settings.woo_url} accepts the keys (its interface is reached by {route.replace('_', ' ')})"


def _web_shop_clock(settings: Settings) -> str:
    said = open_woocommerce(settings).time()
    if not said:
        raise Attention("the shop does not say what time it is; changes are found by its own times alone")
    return compare_clocks(datetime.fromisoformat(said))


def _web_orders(settings: Settings) -> str:
    stored = open_woocommerce(settings).stores_orders_in
    if stored == "posts":
        raise Attention(
            "orders are stored in posts: a nudge does not move their date of change. Switch to high-performance order "
            "storage (WooCommerce, Settings, Advanced, Features)."
        )
    return "orders are stored in tables of their own" if stored == "tables" else "how orders are stored is not shown"


def _astro(settings: Settings) -> str:
    reply = open_astro(settings).api.customer_status(_NOBODY, completed=0)
    if not (reply.succeeded or reply.code == NOT_FOUND):
        raise Refused(f"Astro answers with {reply.code}. Check the login, or ask Astro's support what it means.")
    return f"{settings.astro_url} gives a token and answers"


def _tixly(settings: Settings) -> str:
    open_tixly(settings).ask(now(), CUSTOMERS.resource)
    return f"{settings.tixly_api_url} accepts the token"
