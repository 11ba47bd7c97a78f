"""The systems of shops: asked something small that shows address, login and rights; nothing is changed there."""

from collections.abc import Iterator
from datetime import datetime

from infra.clock import now
from infra.connectors.astro.api import NOT_FOUND
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.woocommerce.api import open_woocommerce
from infra.health.checks import Asked, Attention
from infra.health.clocks import compare_clocks
from infra.lightspeed_x import open_lightspeed_x
from infra.settings import Settings
from infra.target_connectors import open_astro, open_tixly
from schemas.capabilities import CallWindow
from schemas.customers import CUSTOMERS
from schemas.problems import Refused
from tasks.core.wording.durations import duration_text
from tasks.core.wording.words import counted

_NOBODY = "counterfoil-doctor"
"""A customer whom no shop has."""


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of the shop systems that are set."""
    if settings.woo_url:
        yield Asked(system="WooCommerce", what="login", ask=lambda: _web_shop(settings))
        yield Asked(system="WooCommerce", what="clock", ask=lambda: _web_shop_clock(settings))
        yield Asked(system="WooCommerce", what="orders", ask=lambda: _web_orders(settings))
    if settings.lightspeed_x_domain_prefix or settings.lightspeed_x_url:
        yield Asked(system="Lightspeed X-Series", what="gift cards", ask=lambda: _lightspeed_x(settings))
    if settings.ecom_key.get_secret_value():
        yield Asked(system="Lightspeed eCom", what="customers", ask=lambda: _ecom(settings))
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


def _lightspeed_x(settings: Settings) -> str:
    cards = open_lightspeed_x(settings)
    cards.ask_for_one_page()
    return f"the login may read gift cards, by version {settings.lightspeed_x_version}; {_left(cards.windows())}"


def _ecom(settings: Settings) -> str:
    ecom = open_ecom(settings)
    return f"the keys are accepted; it has {counted(ecom.count('customers'), 'customer')}; {_left(ecom.windows())}"


def _left(windows: tuple[CallWindow, ...]) -> str:
    """Say how many calls are left in each window.

    Raises:
        Attention: In one of them none are.
    """
    each = [f"{one.left:,} of {one.calls:,} calls left in {duration_text(one.seconds)}" for one in windows]
    if not all(one.left for one in windows):
        raise Attention(f"it takes no more calls for now: {', '.join(each)}")
    return ", ".join(each)


def _astro(settings: Settings) -> str:
    reply = open_astro(settings).api.customer_status(_NOBODY, completed=0)
    if not (reply.succeeded or reply.code == NOT_FOUND):
        raise Refused(f"Astro answers with {reply.code}. Check the login, or ask Astro's support what it means.")
    return f"{settings.astro_url} gives a token and answers"


def _tixly(settings: Settings) -> str:
    open_tixly(settings).ask(now(), CUSTOMERS.resource)
    return f"{settings.tixly_api_url} accepts the token"
