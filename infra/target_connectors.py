"""Which connector serves which target."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from infra.artifacts.batch_outcomes import BatchOutcomes
from infra.artifacts.headings import load_headings_of_setting
from infra.artifacts.issued_keys import IssuedKeys
from infra.artifacts.register_exports import newest_export
from infra.connectors import Connector
from infra.connectors.astro.api import AstroApi, Login
from infra.connectors.astro.target import Astro
from infra.connectors.customer_files import CustomerFiles
from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.lightspeed_ecom.customers import CAN as ECOM_CAN
from infra.connectors.lightspeed_ecom.customers import EcomRegister
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
from infra.databases.database import open_database
from infra.http.transport import Http, Site
from infra.migrations.migrate import migrate
from infra.settings import Settings
from schemas.capabilities import Capabilities
from schemas.currencies import minor_digits
from schemas.customer_systems import WOOCOMMERCE_SYSTEM, System, ecom_system
from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.file_names import FileName
from schemas.records import Channel, CustomerTarget, TargetName
from schemas.register_exports import Export
from schemas.tables import Table
from tasks.core.reading.learnt_headings import with_headings
from tasks.core.reading.table import Sizes, read_rows

_BY_EXPORTS = {"tixly": TIXLY, "lightspeed_ecom_csv": LIGHTSPEED_ECOM}


def open_target(target: TargetName, settings: Settings, deliver: Callable[[str, FileName, bytes], object]) -> Connector:
    """Return the connector of *target*, its tables up to date. *deliver* stores a file of a run."""
    if target == "memory":
        return _memory()
    if target == "lightspeed_x_csv":
        return LightspeedXCsv(deliver)
    if target in _BY_EXPORTS:
        return _customer_files(target, _BY_EXPORTS[target], settings, deliver)
    if target in _BY_API:
        return _BY_API[target](settings)
    engine = open_database(settings.target)
    migrate(engine, "target")
    return SqlTarget(engine)


def system_of(target: TargetName | Channel, settings: Settings) -> System | None:
    """Return what the system of a target knows of customers; None where it knows all that we do."""
    match target:
        case "woocommerce_customers":
            return WOOCOMMERCE_SYSTEM
        case "lightspeed_ecom":
            return _ecom(settings)
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


def _web_customers(target: CustomerTarget, can: Capabilities, register: Register) -> WebCustomers:
    return WebCustomers(target, can, register, journal=BatchOutcomes(), issued=IssuedKeys(target))


_BY_API: dict[str, Callable[[Settings], Connector]] = {
    "astro": open_astro,
    "woocommerce": open_web_products,
    "woocommerce_orders": open_web_orders,
    "woocommerce_customers": open_web_customers,
    "lightspeed_ecom": open_ecom_customers,
}


@lru_cache(maxsize=1)
def _memory() -> MemoryTarget:
    return MemoryTarget()


def _headings_set(dialect: Dialect, saved: str) -> Mapping[str, str]:
    return load_headings_of_setting([dialect.name], saved, "COUNTERFOIL_REGISTER_HEADINGS")[dialect.name]


def _customer_files(
    target: TargetName, dialect: Dialect, settings: Settings, deliver: Callable[[str, FileName, bytes], object]
) -> CustomerFiles:
    saved = settings.register_headings
    own = with_headings(dialect, _headings_set(dialect, saved)) if saved else dialect
    sizes = Sizes(
        max_file_bytes=settings.max_file_bytes, max_cell_chars=settings.max_cell_chars, max_columns=settings.max_columns
    )

    def read(export: Export, written_as: Dialect) -> Table:
        return read_rows(
            export.content, name=export.name, dialect=written_as, code_page=settings.code_page, sizes=sizes
        )

    interface = _tixly_api(settings) if target == "tixly" and settings.tixly_api_url else None
    return CustomerFiles(target, own, newest=newest_export, read_rows=read, deliver=deliver, interface=interface)


def _tixly_api(settings: Settings) -> TixlyApi:
    site = Site(
        name="Tixly",
        url=settings.tixly_api_url,
        headers={"Authorization": f"Bearer {settings.tixly_api_token.get_secret_value()}"},
        per_minute=settings.tixly_api_requests_per_minute,
    )
    return TixlyApi(Http(site), asks=settings.tixly_api_asks_for)
