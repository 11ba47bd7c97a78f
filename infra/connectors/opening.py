"""Which connector serves which target."""

from collections.abc import Callable
from functools import lru_cache

from infra.connectors import Connector
from infra.connectors.lightspeed_x_csv import LightspeedXCsv
from infra.connectors.memory import MemoryTarget
from infra.connectors.sql import SqlTarget
from infra.database import migrate, open_database
from infra.settings import Settings
from schemas.records import TargetName


def open_target(target: TargetName, settings: Settings, deliver: Callable[[str, str, bytes], object]) -> Connector:
    """Return the connector of *target*, its tables up to date. *deliver* stores a file of a run."""
    if target == "memory":
        return _memory()
    if target == "lightspeed_x_csv":
        return LightspeedXCsv(deliver)
    engine = open_database(settings.target)
    migrate(engine, "target")
    return SqlTarget(engine)


@lru_cache(maxsize=1)
def _memory() -> MemoryTarget:
    return MemoryTarget()
