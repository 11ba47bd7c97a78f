"""Which connector serves which target."""

from collections.abc import Callable, Mapping
from typing import Literal

import sqlalchemy as sa

from infra.artifacts.batch_outcomes import BatchOutcomes
from infra.artifacts.headings import load_headings_of_setting
from infra.artifacts.issued_keys import IssuedKeys
from infra.artifacts.register_exports import newest_export
from infra.artifacts.run_files import save_bytes
from infra.connectors import Connector
from infra.connectors.astro.api import AstroApi, Login
from infra.connectors.astro.target import Astro
from infra.connectors.customer_files import CustomerFiles
from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.lightspeed_ecom.customers import CAN as ECOM_CAN
from infra.connectors.lightspeed_ecom.customers import EcomRegister
from infra.connectors.lightspeed_x.customers import CAN as X_CUSTOMERS_CAN
from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.target import SqlTarget
from infra.connectors.tixly.api import TixlyApi
from infra.connectors.web_customers.register import Register
from infra.connectors.web_customers.target import WebCustomers
from infra.connectors.woocommerce.api import open_woocommerce
from infra.connectors.woocommerce.customers import CAN as WOO_CUSTOMERS_CAN
from infra.connectors.woocommerce.customers import WooRegister
from infra.connectors.woocommerce.orders import WebOrdersTarget
from infra.connectors.woocommerce.products import WebProductsTarget
from infra.http.transport import Http, Site
from infra.lightspeed_x import open_lightspeed_x, open_lightspeed_x_customers
from infra.lightspeed_x_till import open_lightspeed_till
from infra.migrations.migrate import migrate
from infra.settings import Settings
from schemas.capabilities import Capabilities
from schemas.customer_systems import LIGHTSPEED_X_SYSTEM, WOOCOMMERCE_SYSTEM, System, ecom_system
from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.problems import Refused
from schemas.register_exports import Export
from schemas.tables import Table
from schemas.target_names import Channel, CustomerTarget, TargetName
from tasks.core.reading.currencies import minor_digits
from tasks.core.reading.learnt_headings import with_headings
from tasks.core.reading.table import Sizes, read_rows


def open_target(name: TargetName | Channel, settings: Settings, database: Callable[[str], sa.Engine]) -> Connector:
    """Return the connector of the target of that name, its tables up to date. *database* opens an engine by its URL.

    Raises:
        Refused: It is a way to invite people; that holds no records.
    """
    match name:
        case "mail" | "mailing_list" | "ecom_password":
            raise Refused(f"{name} holds no records. Choose a run that changed some: counterfoil runs.")
        case "memory":
            return MemoryTarget()
        case "lightspeed_x_csv":
            return LightspeedXCsv(
                newest=newest_export, read_rows=_reader(settings), deliver=save_bytes, currency=settings.currency
            )
        case "tixly" | "lightspeed_ecom_csv":
            return _customer_files(name, settings)
        case "sql":
            engine = database(settings.target)
            migrate(engine, "target")
            return SqlTarget(engine)
        case _:
            return _BY_API[name](settings)


def system_of(target: TargetName | Channel, settings: Settings) -> System | None:
    """Return what the system of a target knows of customers; None where it knows all that we do."""
    match target:
        case "woocommerce_customers":
            return WOOCOMMERCE_SYSTEM
        case "lightspeed_ecom":
            return _ecom(settings)
        case "lightspeed_x_customers":
            return LIGHTSPEED_X_SYSTEM
    return None


def _ecom(settings: Settings) -> System:
    return ecom_system(
        language=settings.ecom_language,
        groups=settings.ecom_groups == "write",
        groups_apart=settings.ecom_groups_apart,
    )


def open_astro(settings: Settings) -> Astro:
    """Return Astro, which is not spoken to before it is asked something."""
    site = Site(name="Astro", url=settings.astro_url, per_minute=settings.astro_requests_per_minute)
    login = Login(
        user=settings.astro_user,
        password=settings.astro_password.get_secret_value(),
        client_id=settings.astro_client_id,
    )
    return Astro(AstroApi(Http(site), login), BatchOutcomes())


def open_web_products(settings: Settings) -> WebProductsTarget:
    """Return the products of the web shop."""
    return WebProductsTarget(open_woocommerce(settings), BatchOutcomes(), minor_digits(settings.currency))


def open_web_orders(settings: Settings) -> WebOrdersTarget:
    """Return the orders of the web shop."""
    return WebOrdersTarget(open_woocommerce(settings))


def open_web_customers(settings: Settings) -> WebCustomers:
    """Return the customers of the web shop."""
    register = WooRegister(open_woocommerce(settings), may_mail=settings.woo_new_account_mail == "accept")
    return _web_customers("woocommerce_customers", WOO_CUSTOMERS_CAN, register)


def open_ecom_customers(settings: Settings) -> WebCustomers:
    """Return the customers of the Lightspeed eCom shop."""
    register = EcomRegister(open_ecom(settings), _ecom(settings))
    return _web_customers("lightspeed_ecom", ECOM_CAN, register)


def open_x_customers(settings: Settings) -> WebCustomers:
    """Return the customers of Lightspeed X-Series."""
    return _web_customers("lightspeed_x_customers", X_CUSTOMERS_CAN, open_lightspeed_x_customers(settings))


def _web_customers(target: CustomerTarget, can: Capabilities, register: Register) -> WebCustomers:
    return WebCustomers(target, can, register, journal=BatchOutcomes(), issued=IssuedKeys(target))


def open_own_tables(settings: Settings) -> Connector:
    """Return a database of the user's own."""
    from infra.own_databases import open_own_database  # noqa: PLC0415 - the dialects it loads take 0.1 s of each start

    return open_own_database(settings)


_BY_API: dict[str, Callable[[Settings], Connector]] = {
    "astro": open_astro,
    "lightspeed_x": open_lightspeed_x,
    "lightspeed_x_customers": open_x_customers,
    "lightspeed_x_till": open_lightspeed_till,
    "own_database": open_own_tables,
    "woocommerce": open_web_products,
    "woocommerce_orders": open_web_orders,
    "woocommerce_customers": open_web_customers,
    "lightspeed_ecom": open_ecom_customers,
}


def _headings_set(dialect: Dialect, saved: str) -> Mapping[str, str]:
    return load_headings_of_setting([dialect.name], saved, "COUNTERFOIL_REGISTER_HEADINGS")[dialect.name]


def _customer_files(target: Literal["tixly", "lightspeed_ecom_csv"], settings: Settings) -> CustomerFiles:
    dialect = TIXLY if target == "tixly" else LIGHTSPEED_ECOM
    saved = settings.register_headings
    own = with_headings(dialect, _headings_set(dialect, saved)) if saved else dialect
    read = _reader(settings)
    interface = open_tixly(settings) if target == "tixly" and settings.tixly_api_url else None
    return CustomerFiles(target, own, newest=newest_export, read_rows=read, deliver=save_bytes, interface=interface)


def _reader(settings: Settings) -> Callable[[Export, Dialect], Table]:
    """Return how exports are read."""
    sizes = Sizes(
        max_file_bytes=settings.max_file_bytes, max_cell_chars=settings.max_cell_chars, max_columns=settings.max_columns
    )

    def read(export: Export, written_as: Dialect) -> Table:
        return read_rows(
            export.content, name=export.name, dialect=written_as, code_page=settings.code_page, sizes=sizes
        )

    return read


def open_tixly(settings: Settings) -> TixlyApi:
    """Return Tixly's interface for reading."""
    site = Site(
        name="Tixly",
        url=settings.tixly_api_url,
        headers={"Authorization": f"Bearer {settings.tixly_api_token.get_secret_value()}"},
        per_minute=settings.tixly_api_requests_per_minute,
    )
    return TixlyApi(Http(site), asks=settings.tixly_api_asks_for)
