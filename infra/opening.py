"""The systems this process talks to, opened on first use and kept."""

import os
from functools import lru_cache
from typing import Literal

from infra.connectors import Connector
from infra.connectors.opening import open_target
from infra.database import migrate, open_database
from infra.ledger import Ledger
from infra.settings import settings
from infra.stack import ensure_services, exported_environment
from infra.storage import Storage, connect_storage
from schemas.records import TargetName


def prepare(need: Literal["storage", "server"]) -> None:
    """Start what the settings leave to us, and point this process and its children to it.

    Raises:
        Unavailable: It did not start.
    """
    os.environ.update(exported_environment(ensure_services(need)))
    settings.cache_clear()


@lru_cache(maxsize=1)
def storage() -> Storage:
    """Return the artifact store."""
    return connect_storage(settings())


@lru_cache(maxsize=1)
def ledger() -> Ledger:
    """Return the ledger, its tables up to date."""
    engine = open_database(settings().ledger)
    migrate(engine, "ledger")
    return Ledger(engine)


@lru_cache(maxsize=4)
def target(name: TargetName) -> Connector:
    """Return the target of that name."""
    return open_target(name, settings(), storage().put_once)
