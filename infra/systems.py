"""Where systems are opened: all that the settings name, each when it is first asked for, and closed at the end."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

import sqlalchemy as sa

from infra.context import Systems, opened, systems_here
from infra.databases.database import open_database
from infra.http.lifetimes import closed_by
from infra.ledger import Ledger
from infra.migrations.migrate import migrate
from infra.pieces import PiecesHere, PiecesInBucket
from infra.settings import Settings, read_installation
from infra.shops import read_settings
from infra.stack import Need, ensure_services, exported_environment
from infra.storage import Storage, connect_storage
from infra.workers import ThisProcess, Workers
from infra.workers.dask import open_dask
from schemas.target_names import Channel, TargetName

if TYPE_CHECKING:  # at run time only once a target is asked for: a command that only looks does not wait for them
    from infra.connectors import Connector
    from infra.connectors.woocommerce.api import WooCommerce

System = TypeVar("System")
Named = TypeVarTuple("Named")


@contextmanager
def open_systems(need: Need | None = None) -> Iterator[Systems]:
    """Give the systems of the shop of this process, or those that are open here already. Also a decorator.

    With a *need*, what the settings leave to us is started first, and this process and its children are pointed to it.

    Raises:
        SettingsNeedFixing: Some setting is wrong, or the group has several shops and none was named.
        Unavailable: What is needed did not start.
    """
    with _open(read_settings, need) as systems:
        yield systems


@contextmanager
def open_installation(need: Need | None = None) -> Iterator[Systems]:
    """Give what all shops of the installation have in common, such as its people; else as ``open_systems``."""
    with _open(read_installation, need) as systems:
        yield systems


@contextmanager
def _open(read: Callable[[], Settings], need: Need | None) -> Iterator[Systems]:
    here = systems_here()
    if here and not need:
        yield here
        return
    settings = read()
    if need and (new := _variables_to_set(need, settings)):
        os.environ.update(new)
        settings = read()
    with opened(systems_of(settings)) as systems:
        yield systems


def _variables_to_set(need: Need, settings: Settings) -> dict[str, str]:
    exported = exported_environment(ensure_services(need, settings))
    return {name: value for name, value in exported.items() if os.environ.get(name) != value}


def systems_of(settings: Settings) -> Systems:
    """Return the systems that *settings* name; none is open yet."""
    closing = ExitStack()
    database = _once(partial(_open_engine, closing))
    open_ledger = _once(partial(_open_ledger, database))
    open_storage = _once(partial(_open_storage, settings, closing))
    pieces_here = PiecesHere()
    return Systems(
        settings=settings,
        storage=open_storage,
        ledger=partial(open_ledger, settings.ledger),
        shared_ledger=partial(open_ledger, settings.shared_ledger),
        target=_once(partial(_open_target, settings, closing, database)),
        web_shop=_once(partial(_open_web_shop, settings, closing)),
        database=database,
        workers=_once(partial(_open_workers, settings, closing)),
        pieces=(lambda: PiecesInBucket(open_storage())) if settings.has_workers else (lambda: pieces_here),
        closing=closing,
    )


def systems_of_worker(settings: Settings) -> Systems:
    """Return the systems of a process that works for others: what it hands on lies where they reach it."""
    systems = systems_of(settings)
    return replace(systems, workers=ThisProcess, pieces=lambda: PiecesInBucket(systems.storage()))


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


def _open_workers(settings: Settings, closing: ExitStack) -> Workers:
    return open_dask(settings, closing) if settings.has_workers else ThisProcess()


def _open_storage(settings: Settings, closing: ExitStack) -> Storage:
    store = connect_storage(settings)
    closing.callback(store.client.close)
    store.check_write_once()
    return store


def _open_ledger(database: Callable[[str], sa.Engine], url: str) -> Ledger:
    engine = database(url)
    migrate(engine, "ledger")
    return Ledger(engine)


def _open_target(
    settings: Settings, closing: ExitStack, database: Callable[[str], sa.Engine], name: TargetName | Channel
) -> "Connector":
    from infra.target_connectors import open_target  # noqa: PLC0415 - see above

    with closed_by(closing):
        return open_target(name, settings, database)


def _open_web_shop(settings: Settings, closing: ExitStack) -> "WooCommerce":
    from infra.connectors.woocommerce.api import open_woocommerce  # noqa: PLC0415 - see above

    with closed_by(closing):
        return open_woocommerce(settings)
