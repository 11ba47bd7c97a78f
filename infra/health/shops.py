"""The systems of shops: asked something small that shows address, login and rights; nothing is changed there."""

from collections.abc import Iterator
from datetime import datetime

from infra.clock import now
from infra.connectors.astro.api import NOT_FOUND
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.woocommerce.api import open_woocommerce
from infra.health import lightspeed_x
from infra.health.call_windows import calls_left
from infra.health.checks import Asked, Attention
from infra.health.clocks import compare_clocks
from infra.settings import Settings
from infra.target_connectors import open_astro, open_tixly
from schemas.customers import CUSTOMERS
from schemas.problems import Refused, SettingsNeedFixing
from tasks.core.wording.words import counted

_NOBODY = "counterfoil-doctor"
"""A customer whom no shop has."""


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of the shop systems that are set."""
    if settings.woo_url:
        yield Asked(system="WooCommerce", what="login", ask=lambda: _web_shop(settings))
        yield Asked(system="WooCommerce", what="clock", ask=lambda: _web_shop_clock(settings))
        yield Asked(system="WooCommerce", what="orders", ask=lambda: _web_orders(settings))
        yield Asked(system="WooCommerce", what="currency", ask=lambda: _web_currency(settings))
    yield from lightspeed_x.questions(settings)
    if settings.ecom_key.get_secret_value():
        yield Asked(system="Lightspeed eCom", what="customers", ask=lambda: _ecom(settings))
        yield Asked(system="Lightspeed eCom", what="clock", ask=lambda: _clock(open_ecom(settings).time()))
    if settings.astro_user:
        yield Asked(system="Astro", what="login", ask=lambda: _astro(settings))
        yield Asked(system="Astro", what="clock", ask=lambda: _clock(open_astro(settings).api.time()))
    if settings.tixly_api_url:
        yield Asked(system="Tixly", what="login", ask=lambda: _tixly(settings))
        yield Asked(system="Tixly", what="clock", ask=lambda: _clock(open_tixly(settings).time()))


def _web_shop(settings: Settings) -> str:
    route = open_woocommerce(settings).route
    return f"{settings.woo_url} accepts the keys (its interface is reached by {route.replace('_', ' ')})"


def _web_shop_clock(settings: Settings) -> str:
    said = open_woocommerce(settings).time()
    if not said:
        raise Attention("the shop does not say what time it is; changes are found by its own times alone")
    return compare_clocks(datetime.fromisoformat(said))


def _clock(said: datetime | None) -> str:
    if said is None:
        raise Attention("it does not say what time it is there, so its clock cannot be compared with this machine's")
    return compare_clocks(said)


def _web_orders(settings: Settings) -> str:
    stored = open_woocommerce(settings).stores_orders_in
    if stored == "posts":
        raise Attention(
            "orders are stored in posts: a nudge does not move their date of change. Switch to high-performance order "
            "storage (WooCommerce, Settings, Advanced, Features)."
        )
    return "orders are stored in tables of their own" if stored == "tables" else "how orders are stored is not shown"


def _web_currency(settings: Settings) -> str:
    code = open_woocommerce(settings).currency
    if not code:
        return (
            "which currency the shop sells in is not shown; an order in another than that of the settings is rejected"
        )
    if code != settings.currency:
        raise SettingsNeedFixing(
            f"The shop sells in {code}, COUNTERFOIL_CURRENCY says {settings.currency}: its orders would be rejected. "
            f"Set COUNTERFOIL_CURRENCY={code}, or connect the right shop."
        )
    return f"{code}, as set"


def _ecom(settings: Settings) -> str:
    ecom = open_ecom(settings)
    return f"the keys are accepted; it has {counted(ecom.count('customers'), 'customer')}; {calls_left(ecom.windows())}"


def _astro(settings: Settings) -> str:
    reply = open_astro(settings).api.customer_status(_NOBODY, completed=0)
    if not (reply.succeeded or reply.code == NOT_FOUND):
        raise Refused(f"Astro answers with {reply.code}. Check the login, or ask Astro's support what it means.")
    return f"{settings.astro_url} gives a token and answers"


def _tixly(settings: Settings) -> str:
    open_tixly(settings).ask(now(), CUSTOMERS.resource)
    return f"{settings.tixly_api_url} accepts the token"
