"""The targets of this process, opened on first use and kept."""

from functools import lru_cache

from infra.artifacts.run_files import save_bytes
from infra.connectors import Connector
from infra.connectors.astro.api import AstroApi
from infra.connectors.astro.target import Astro
from infra.connectors.by_target import open_target
from infra.settings import settings
from schemas.problems import Bug, Refused
from schemas.records import Channel, TargetName


@lru_cache(maxsize=4)
def target(name: TargetName | Channel) -> Connector:
    """Return the target of that name.

    Raises:
        Refused: It is a way to invite people; that holds no records.
    """
    match name:
        case "mail" | "mailing_list":
            raise Refused(f"{name} holds no records. Choose a run that changed some: counterfoil runs.")
        case _:
            return open_target(name, settings(), save_bytes)


def astro_api() -> AstroApi:
    """Return Astro's API, by the one connection of this process: its token and its pace are shared."""
    connector = target("astro")
    if not isinstance(connector, Astro):
        raise Bug("The target astro is not Astro.")
    return connector.api
