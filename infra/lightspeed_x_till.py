"""The till of Lightspeed Retail (X-Series) as the settings name it: its parts, put together."""

from datetime import timedelta

import sqlalchemy as sa

from infra.artifacts.kept_sales import KeptSales
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.lightspeed_x.buyers import Buyers
from infra.connectors.lightspeed_x.customer_calls import CustomerCalls
from infra.connectors.lightspeed_x.sale_book import SaleBook
from infra.connectors.lightspeed_x.sale_documents import Clerk
from infra.connectors.lightspeed_x.sale_terms import LiveLists, SaleSettings, choose_terms
from infra.connectors.lightspeed_x.sale_writing import SaleWriter, Shop
from infra.connectors.lightspeed_x.stock_corrections import StockAdjuster
from infra.connectors.lightspeed_x.till import LightspeedTill
from infra.connectors.lightspeed_x.till_api import TillApi
from infra.connectors.lightspeed_x.till_stock import TillStock
from infra.context import ledger, shared_ledger
from infra.http.transport import Edge
from infra.ledger.record_writes import WriteBook
from infra.lightspeed_x import lightspeed_api, shop_name
from infra.settings import Settings
from tasks.core.reading.currencies import minor_digits


def open_lightspeed_till(settings: Settings) -> LightspeedTill:
    """Return the till, with what is kept about it in the ledgers and the bucket of this process."""
    book = KeptSales(shop_name(settings))
    return lightspeed_till(settings, ledger().engine, book, shared=shared_ledger().engine)


def lightspeed_till(
    settings: Settings, engine: sa.Engine, book: SaleBook, *, shared: sa.Engine | None = None, edge: Edge | None = None
) -> LightspeedTill:
    """Return the till: its journal in the ledger of *engine*, its counterfoils in the *book*.

    Raises:
        SettingsNeedFixing: The settings do not say which shop, or how it lets us in.
    """
    interface, pacer = lightspeed_api(settings, shared or engine, edge or Edge())
    api, reasons = TillApi(interface), BatchReasons()
    journal = WriteBook(engine, f"{shop_name(settings)} till")
    minutes = settings.lightspeed_x_lost_after_minutes
    adjuster = StockAdjuster(api, journal, timedelta(minutes=minutes) if minutes else None)
    stock = TillStock(
        api,
        journal,
        adjuster,
        currency=settings.currency,
        digits=minor_digits(settings.currency),
        source=settings.woo_source,
        reasons=reasons,
    )
    clerks = ClerkOffice(settings, api, stock)
    shop = Shop(
        name=shop_name(settings),
        currency=settings.currency,
        digits=minor_digits(settings.currency),
        tracked=lambda: stock.catalogue().tracked,
        live_id=lambda own: stock.catalogue().live_id(own),
        clerk=clerks.clerk,
        now=pacer.server_now,
    )
    writer = SaleWriter(api, journal, book, adjuster, shop, reasons)
    buyers = Buyers(CustomerCalls(interface) if settings.lightspeed_x_buyers == "link" else None)
    return LightspeedTill(writer, stock, buyers, journal, book, pacer, reasons)


class ClerkOffice:
    """Finds by what sales are booked, once: the settings are looked up in the live lists before anything is written."""

    def __init__(self, settings: Settings, api: TillApi, stock: TillStock) -> None:
        self._settings = settings
        self._api = api
        self._stock = stock
        self._clerk: Clerk | None = None

    def clerk(self) -> Clerk:
        """Return who books sales.

        Raises:
            SettingsNeedFixing: The settings do not say by what, or name what is not there.
        """
        if self._clerk is None:
            self._clerk = Clerk(
                terms=choose_terms(_sale_settings(self._settings), self._lists()),
                live_id=lambda own: self._stock.catalogue().live_id(own),
                is_composite=lambda live: live in self._stock.catalogue().composites,
                returns=self._settings.lightspeed_x_returns == "book",
            )
        return self._clerk

    def _lists(self) -> LiveLists:
        return LiveLists(
            own_user=self._api.own_user(),
            users=list(self._api.rows("users")),
            payment_types=list(self._api.rows("payment_types")),
            taxes=self._api.taxes(),
            products=self._stock.listed(),
            retailer=self._api.retailer(),
        )


def _sale_settings(settings: Settings) -> SaleSettings:
    return SaleSettings(
        user=settings.lightspeed_x_user,
        payment_type=settings.lightspeed_x_payment_type,
        payment_types=settings.lightspeed_x_payment_types,
        taxes=settings.lightspeed_x_taxes,
        products={
            "shipping": settings.lightspeed_x_shipping_product,
            "fee": settings.lightspeed_x_fee_product,
            "refund": settings.lightspeed_x_refund_product,
        },
        invoice_prefix=settings.lightspeed_x_invoice_prefix,
        order_type="WooCommerce",
    )
