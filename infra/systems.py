"""The systems this process talks to, opened on first use and kept."""

import os
from functools import lru_cache
from typing import Literal

from infra.databases.database import open_database
from infra.ledger import Ledger
from infra.migrations.migrate import migrate
from infra.settings import settings
from infra.stack import ensure_services, exported_environment
from infra.storage import Storage, connect_storage


def prepare(need: Literal["storage", "server"]) -> None:
    """Start what the settings leave to us, and point this process and its children to it.

    Raises:
        Unavailable: It did not start.
    """
    os.environ.update(exported_environment(ensure_services(need)))
    settings.cache_clear()


@lru_cache(maxsize=1)
def storage() -> Storage:
    """Return the artifact store, once it has shown that it writes a key only once.

    Raises:
        Refused: It does not; evidence could be overwritten there.
    """
    store = connect_storage(settings())
    store.check_write_once()
    return store


@lru_cache(maxsize=1)
def ledger() -> Ledger:
    """Return the ledger, its tables up to date."""
    engine = open_database(settings().ledger)
    migrate(engine, "ledger")
    return Ledger(engine)
