"""What is asked of a target beside its records."""

import sqlalchemy as sa

from infra.connectors.astro.api import AstroApi
from infra.connectors.astro.target import Astro
from infra.context import settings, systems, target
from schemas.problems import Bug


def astro_api() -> AstroApi:
    """Return Astro's API, by the one connection there is: its token and its pace are shared."""
    connector = target("astro")
    if not isinstance(connector, Astro):
        raise Bug("The target astro is not Astro.")
    return connector.api


def till_database() -> sa.Engine:
    """Return the database of the sql target, its tables made."""
    target("sql")
    return systems().database(settings().target)
