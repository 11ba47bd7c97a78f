"""Which connector serves which target."""

from collections.abc import Callable, Mapping
from typing import Literal

import sqlalchemy as sa

from infra.artifacts.batch_outcomes import BatchOutcomes
from infra.artifacts.headings import load_headings_of_setting
from infra.artifacts.register_exports import newest_export
from infra.artifacts.run_files import save_bytes
from infra.connectors import Connector
from infra.connectors.astro.api import AstroApi, Login
from infra.connectors.astro.target import Astro
from infra.connectors.customer_files import CustomerFiles
from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.target import SqlTarget
from infra.connectors.tixly.api import TixlyApi
from infra.connectors.woocommerce.api import open_woocommerce
from infra.connectors.woocommerce.orders import WebOrdersTarget
from infra.connectors.woocommerce.products import WebProductsTarget
from infra.http.transport import Http, Site
from infra.lightspeed_x import open_lightspeed_x
from infra.migrations.migrate import migrate
from infra.own_databases import open_own_database
from infra.settings import Settings
from schemas.currencies import minor_digits
from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.problems import Refused
from schemas.records import Channel, TargetName
from schemas.register_exports import Export
from schemas.tables import Table
from tasks.core.reading.learnt_headings import with_headings
from tasks.core.reading.table import Sizes, read_rows


def open_target(name: TargetName | Channel, settings: Settings, database: Callable[[str], sa.Engine]) -> Connector:
    """Return the connector of the target of that name, its tables up to date. *database* opens an engine by its URL.

    Raises:
        Refused: It is a way to invite people; that holds no records.
    """
    match name:
        case "mail" | "mailing_list":
            raise Refused(f"{name} holds no records. Choose a run that changed some: counterfoil runs.")
        case "memory":
            return MemoryTarget()
        case "lightspeed_x_csv":
            return LightspeedXCsv(save_bytes)
        case "tixly" | "lightspeed_ecom_csv":
            return _customer_files(name, settings)
        case "sql":
            engine = database(settings.target)
            migrate(engine, "target")
            return SqlTarget(engine)
        case _:
            return _BY_API[name](settings)


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


_BY_API: dict[str, Callable[[Settings], Connector]] = {
    "astro": open_astro,
    "lightspeed_x": open_lightspeed_x,
    "own_database": open_own_database,
    "woocommerce": open_web_products,
    "woocommerce_orders": open_web_orders,
}


def _headings_set(dialect: Dialect, saved: str) -> Mapping[str, str]:
    return load_headings_of_setting([dialect.name], saved, "COUNTERFOIL_REGISTER_HEADINGS")[dialect.name]


def _customer_files(target: Literal["tixly", "lightspeed_ecom_csv"], settings: Settings) -> CustomerFiles:
    dialect = TIXLY if target == "tixly" else LIGHTSPEED_ECOM
    saved = settings.register_headings
    own = with_headings(dialect, _headings_set(dialect, saved)) if saved else dialect
    sizes = Sizes(
        max_file_bytes=settings.max_file_bytes, max_cell_chars=settings.max_cell_chars, max_columns=settings.max_columns
    )

    def read(export: Export, written_as: Dialect) -> Table:
        return read_rows(
            export.content, name=export.name, dialect=written_as, code_page=settings.code_page, sizes=sizes
        )

    interface = open_tixly(settings) if target == "tixly" and settings.tixly_api_url else None
    return CustomerFiles(target, own, newest=newest_export, read_rows=read, deliver=save_bytes, interface=interface)


def open_tixly(settings: Settings) -> TixlyApi:
    """Return Tixly's interface for reading."""
    site = Site(
        name="Tixly",
        url=settings.tixly_api_url,
        headers={"Authorization": f"Bearer {settings.tixly_api_token.get_secret_value()}"},
        per_minute=settings.tixly_api_requests_per_minute,
    )
    return TixlyApi(Http(site), asks=settings.tixly_api_asks_for)
