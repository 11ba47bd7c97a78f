"""Where systems are opened: all that the settings name, each when it is first asked for, and closed at the end."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

import sqlalchemy as sa

from infra.context import Systems, opened, systems_here
from infra.databases.database import open_database
from infra.ledger import Ledger
from infra.migrations.migrate import migrate
from infra.settings import Settings
from infra.shops import read_settings
from infra.stack import Need, ensure_services, exported_environment
from infra.storage import Storage, connect_storage
from schemas.records import Channel, TargetName

if TYPE_CHECKING:  # at run time only once a target is asked for: a command that only looks does not wait for them
    from infra.connectors import Connector
    from infra.connectors.woocommerce.api import WooCommerce

System = TypeVar("System")
Named = TypeVarTuple("Named")


@contextmanager
def open_systems(need: Need | None = None) -> Iterator[Systems]:
    """Give the systems of the settings, or those that are open here already. Also a decorator.

    With a *need*, what the settings leave to us is started first, and this process and its children are pointed to it.

    Raises:
        SettingsNeedFixing: Some setting is wrong.
        Unavailable: What is needed did not start.
    """
    here = systems_here()
    if here and not need:
        yield here
        return
    settings = read_settings()
    if need and (new := _variables_to_set(need, settings)):
        os.environ.update(new)
        settings = read_settings()
    with opened(systems_of(settings)) as systems:
        yield systems


def _variables_to_set(need: Need, settings: Settings) -> dict[str, str]:
    exported = exported_environment(ensure_services(need, settings))
    return {name: value for name, value in exported.items() if os.environ.get(name) != value}


def systems_of(settings: Settings) -> Systems:
    """Return the systems that *settings* name; none is open yet."""
    closing = ExitStack()
    database = _once(partial(_open_engine, closing))
    return Systems(
        settings=settings,
        storage=_once(partial(_open_storage, settings, closing)),
        ledger=_once(partial(_open_ledger, settings.ledger, database)),
        shared_ledger=_once(partial(_open_ledger, settings.shared_ledger, database)),
        target=_once(partial(_open_target, settings, database)),
        web_shop=_once(partial(_open_web_shop, settings)),
        database=database,
        closing=closing,
    )


def _once(open_one: Callable[[*Named], System]) -> Callable[[*Named], System]:
    """Keep what *open_one* returns, by what it is given; of several threads that ask, the first opens it for all."""
    lock, kept = RLock(), cache(open_one)

    def ask(*named: *Named) -> System:
        with lock:
            return kept(*named)

    return ask


def _open_engine(closing: ExitStack, url: str) -> sa.Engine:
    engine = open_database(url)
    closing.callback(engine.dispose)
    return engine


def _open_storage(settings: Settings, closing: ExitStack) -> Storage:
    store = connect_storage(settings)
    closing.callback(store.client.close)
    store.check_write_once()
    return store


def _open_ledger(url: str, database: Callable[[str], sa.Engine]) -> Ledger:
    engine = database(url)
    migrate(engine, "ledger")
    return Ledger(engine)


def _open_target(settings: Settings, database: Callable[[str], sa.Engine], name: TargetName | Channel) -> "Connector":
    from infra.target_connectors import open_target  # noqa: PLC0415 - see above

    return open_target(name, settings, database)


def _open_web_shop(settings: Settings) -> "WooCommerce":
    from infra.connectors.woocommerce.api import open_woocommerce  # noqa: PLC0415 - see above

    return open_woocommerce(settings)
