"""The systems that a command or a run works with: one object, which whatever is called from there sees.

They are opened in ``infra.systems``. The object is passed by context and not through every signature. Threads see it
if ``thread_pool`` starts them; other processes open their own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from infra.ledger import Ledger
from infra.pieces import Pieces
from infra.processes import Heartbeats
from infra.recent_files import RecentFiles
from infra.settings import Settings
from infra.storage import Storage
from infra.uploads import Uploads
from infra.workers import Workers
from schemas.problems import Bug
from schemas.target_names import Channel, TargetName

if TYPE_CHECKING:  # commands that only look at the ledger do not wait for these
    from infra.connectors import Connector
    from infra.connectors.woocommerce.api import WooCommerce


@dataclass(frozen=True, kw_only=True)
class Systems:
    """The systems, and what is remembered beside them. Each function opens its system when it is first called."""

    settings: Settings
    storage: Callable[[], Storage]
    ledger: Callable[[], Ledger]
    shared_ledger: Callable[[], Ledger]
    """That of the installation: budgets and logins of accounts that several shops of a group have."""
    target: Callable[[TargetName | Channel], "Connector"]
    web_shop: Callable[[], "WooCommerce"]
    database: Callable[[str], sa.Engine]
    """The engine of a database, by its URL."""
    workers: Callable[[], Workers]
    pieces: Callable[[], Pieces]
    recent_files: RecentFiles = field(default_factory=RecentFiles)
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    closing: ExitStack = field(default_factory=ExitStack)
    """Closes what was opened."""
    uploads: Uploads = field(init=False)

    def __post_init__(self) -> None:
        """Let uploads end with what they go to."""
        object.__setattr__(self, "uploads", Uploads(closing=self.closing))


_SYSTEMS: ContextVar[Systems | None] = ContextVar("systems", default=None)


@contextmanager
def opened(systems: Systems) -> Iterator[Systems]:
    """Let whatever is called inside see *systems*; close at the end what was opened of them."""
    token = _SYSTEMS.set(systems)
    try:
        with systems.closing, systems.heartbeats, systems.uploads:
            yield systems
    finally:
        _SYSTEMS.reset(token)


@contextmanager
def working_with(systems: Systems) -> Iterator[Systems]:
    """Let whatever is called inside see *systems*, which stay open: for a process that serves several shops."""
    token = _SYSTEMS.set(systems)
    try:
        yield systems
    finally:
        _SYSTEMS.reset(token)


def systems_here() -> Systems | None:
    """Return the systems that are open here, if any are."""
    return _SYSTEMS.get()


def systems() -> Systems:
    """Return the systems that are open here.

    Raises:
        Bug: None are.
    """
    here = systems_here()
    if here is None:
        raise Bug("No systems are open here: open them with infra.systems.open_systems.")
    return here


def settings() -> Settings:
    """Return the settings."""
    return systems().settings


def storage() -> Storage:
    """Return the artifact store.

    Raises:
        Refused: It does not write a key only once; evidence could be overwritten there.
    """
    return systems().storage()


def ledger() -> Ledger:
    """Return the ledger, its tables up to date."""
    return systems().ledger()


def shared_ledger() -> Ledger:
    """Return the ledger of the installation; where there is one shop, it is the ledger."""
    return systems().shared_ledger()


def target(name: TargetName | Channel) -> "Connector":
    """Return the target of that name, its tables up to date.

    Raises:
        Refused: It is a way to invite people; that holds no records.
    """
    return systems().target(name)


def web_shop() -> "WooCommerce":
    """Return the web shop.

    Raises:
        FileNeedsFixing: The settings name none.
    """
    return systems().web_shop()


def workers() -> Workers:
    """Return who does the work on partitions.

    Raises:
        SettingsNeedFixing: The settings ask for Dask, which is not installed.
        Unavailable: Its scheduler does not answer.
    """
    return systems().workers()


def uploads() -> Uploads:
    """Return what is on its way into the store."""
    return systems().uploads


def thread_pool(threads: int | None = None) -> ThreadPoolExecutor:
    """Return threads that see the systems that are open here."""
    return ThreadPoolExecutor(threads, initializer=_SYSTEMS.set, initargs=(systems_here(),))
