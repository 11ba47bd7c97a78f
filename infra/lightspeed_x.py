"""Lightspeed Retail (X-Series) as the settings name it, with its budget, its journal and its login in the ledger."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa

from infra.connectors.lightspeed_x.access import SCOPES, TILL_SCOPES, Access, Application, OAuthLogin, PersonalToken
from infra.connectors.lightspeed_x.api import LightspeedX
from infra.connectors.lightspeed_x.card_records import Money, Terms
from infra.connectors.lightspeed_x.customer_calls import CustomerCalls
from infra.connectors.lightspeed_x.customers import Writing, XSeriesRegister
from infra.connectors.lightspeed_x.gift_cards import GiftCards
from infra.connectors.lightspeed_x.pacing import CALLS_OF_ONE_REGISTER, PATIENCE, WINDOW, Pacer
from infra.connectors.lightspeed_x.refusals import explain
from infra.context import ledger, shared_ledger
from infra.http.transport import Edge, Http, Site
from infra.ledger.access_tokens import TokenBook
from infra.ledger.call_budgets import CallBudget
from infra.ledger.record_writes import WriteBook
from infra.settings import Settings
from schemas.problems import SettingsNeedFixing
from tasks.core.reading.currencies import minor_digits


def open_lightspeed_x(settings: Settings) -> GiftCards:
    """Return the gift cards of Lightspeed, with what is kept about it in the ledgers of this process."""
    return lightspeed_gift_cards(settings, ledger().engine, shared_ledger().engine)


def open_lightspeed_x_customers(settings: Settings) -> XSeriesRegister:
    """Return the register of customers of Lightspeed, with what is kept about it in the ledgers of this process."""
    return lightspeed_customers(settings, shared_ledger().engine)


def lightspeed_gift_cards(
    settings: Settings, engine: sa.Engine, shared: sa.Engine | None = None, edge: Edge | None = None
) -> GiftCards:
    """Return the gift cards of Lightspeed: its journal in the ledger of *engine*, budget and login in the *shared* one.

    Raises:
        SettingsNeedFixing: The settings do not say which shop, or how it lets us in.
    """
    api, pacer = lightspeed_api(settings, shared or engine, edge or Edge())
    money = Money(currency=settings.currency, digits=minor_digits(settings.currency))
    terms = Terms(money=money, zone=ZoneInfo(settings.time_zone))
    return GiftCards(api, WriteBook(engine, shop_name(settings)), pacer, terms)


def lightspeed_api(settings: Settings, shared: sa.Engine, edge: Edge) -> tuple[LightspeedX, Pacer]:
    """Return the interface of a shop, and what paces all who ask it: budget and login lie in the *shared* ledger.

    Raises:
        SettingsNeedFixing: The settings do not say which shop, or how it lets us in.
    """
    budget = CallBudget(shared, shop_name(settings), CALLS_OF_ONE_REGISTER, WINDOW)
    pacer = Pacer(budget, edge.now, edge.sleep)
    site = Site(
        name="Lightspeed",
        url=_address(settings),
        auth=pacer,
        before_each=pacer.wait,
        explain=explain,
        timeout_seconds=settings.lightspeed_x_timeout_seconds,
        patience_seconds=PATIENCE.total_seconds(),
    )
    access = _access(settings, shared, edge)
    return LightspeedX(Http(site, edge), access, settings.lightspeed_x_version, settings.lightspeed_x_user), pacer


def lightspeed_customers(settings: Settings, shared: sa.Engine, edge: Edge | None = None) -> XSeriesRegister:
    """Return the register of customers of Lightspeed, its budget and login in the ledger of *shared*.

    Raises:
        SettingsNeedFixing: The settings do not say which shop, or how it lets us in.
    """
    api, pacer = lightspeed_api(settings, shared, edge or Edge())
    writing = Writing(
        whole=settings.lightspeed_x_updates == "whole", may_email=settings.lightspeed_x_marketing == "allow"
    )
    return XSeriesRegister(CustomerCalls(api), pacer, writing)


def scopes_for(settings: Settings) -> tuple[str, ...]:
    """Return the permissions that a login needs for what the settings say is done."""
    return SCOPES + (TILL_SCOPES if settings.lightspeed_x_payment_type else ())


def lightspeed_login(settings: Settings, engine: sa.Engine, edge: Edge | None = None) -> OAuthLogin:
    """Return the login of the application of the settings.

    Raises:
        SettingsNeedFixing: They name none.
    """
    client_id, secret = settings.lightspeed_x_client_id, settings.lightspeed_x_client_secret.get_secret_value()
    if not (client_id and secret):
        raise SettingsNeedFixing(
            "Nothing lets us in to Lightspeed. Set COUNTERFOIL_LIGHTSPEED_X_TOKEN to a personal token, or "
            "COUNTERFOIL_LIGHTSPEED_X_CLIENT_ID and COUNTERFOIL_LIGHTSPEED_X_CLIENT_SECRET and run counterfoil connect "
            "lightspeed-x."
        )
    edge = edge or Edge()
    seconds = settings.lightspeed_x_timeout_seconds
    http = Http(Site(name="Lightspeed", url=_address(settings), explain=explain, timeout_seconds=seconds), edge)
    application = Application(client_id=client_id, client_secret=secret)
    return OAuthLogin(http, application, TokenBook(engine, shop_name(settings)), edge.now, edge.sleep)


def _access(settings: Settings, engine: sa.Engine, edge: Edge) -> Access:
    """Return what lets us in: the personal token of the settings, or the login of an application."""
    token = settings.lightspeed_x_token.get_secret_value()
    return PersonalToken(token) if token else lightspeed_login(settings, engine, edge)


def shop_name(settings: Settings) -> str:
    """Return what the shop is called in the ledger: what is kept of one is not that of another."""
    return f"lightspeed_x@{settings.lightspeed_x_domain_prefix or _address(settings)}"


def _address(settings: Settings) -> str:
    """Return the address of the shop's Lightspeed.

    Raises:
        SettingsNeedFixing: The settings do not say which.
    """
    prefix = settings.lightspeed_x_domain_prefix
    if not (prefix or settings.lightspeed_x_url):
        raise SettingsNeedFixing(
            "No shop of Lightspeed is set. Set COUNTERFOIL_LIGHTSPEED_X_DOMAIN_PREFIX to what stands before "
            ".retail.lightspeed.app in its address, then run again."
        )
    return settings.lightspeed_x_url or f"https://{prefix}.retail.lightspeed.app"
