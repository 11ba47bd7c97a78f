"""The targets of this process, opened on first use and kept."""

from functools import lru_cache

import sqlalchemy as sa

from infra.artifacts.run_files import save_bytes
from infra.connectors import Connector
from infra.connectors.astro.api import AstroApi
from infra.connectors.astro.target import Astro
from infra.connectors.woocommerce.api import WooCommerce, open_woocommerce
from infra.databases.database import open_database
from infra.settings import settings
from infra.target_connectors import open_target
from schemas.problems import Bug, Refused
from schemas.records import Channel, TargetName


@lru_cache(maxsize=4)
def target(name: TargetName | Channel) -> Connector:
    """Return the target of that name.

    Raises:
        Refused: It is a way to invite people; that holds no records.
    """
    match name:
        case "mail" | "mailing_list" | "ecom_password":
            raise Refused(f"{name} holds no records. Choose a run that changed some: counterfoil runs.")
        case _:
            return open_target(name, settings(), save_bytes)


def astro_api() -> AstroApi:
    """Return Astro's API, by the one connection of this process: its token and its pace are shared."""
    connector = target("astro")
    if not isinstance(connector, Astro):
        raise Bug("The target astro is not Astro.")
    return connector.api


@lru_cache(maxsize=1)
def web_shop() -> WooCommerce:
    """Return the shop of the settings.

    Raises:
        FileNeedsFixing: They name none.
    """
    return open_woocommerce(settings())


def till_database() -> sa.Engine:
    """Return the database of the sql target, its tables made; for what is read there beside records."""
    target("sql")
    return open_database(settings().target)
