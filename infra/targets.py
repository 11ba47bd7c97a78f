"""The targets of this process, opened on first use and kept."""

from functools import lru_cache

from infra.artifacts import save_bytes
from infra.connectors import Connector
from infra.connectors.opening import open_target
from infra.settings import settings
from schemas.records import TargetName


@lru_cache(maxsize=4)
def target(name: TargetName) -> Connector:
    """Return the target of that name."""
    return open_target(name, settings(), save_bytes)
