"""Where a run and its workers write: all of them to the same ledger, target and store, by the same code."""

import hashlib
from importlib.metadata import version
from urllib.parse import urlsplit

import sqlalchemy as sa

from infra.hosts import is_this_machine
from infra.migrations.versions import newest_version
from infra.settings import Settings
from schemas.problems import SettingsNeedFixing


def places_of(settings: Settings) -> str:
    """Hash the addresses, without passwords, and the version: a worker with others would write otherwise, or elsewhere.

    The version that the tables of the ledger have by this code is part of it, as code may change between releases.
    """
    urls = [_without_password(sa.make_url(url)) for url in (settings.ledger, settings.target)]
    code = (version("counterfoil"), newest_version("ledger"), newest_version("target"))
    return hashlib.sha256("|".join([*urls, settings.s3_endpoint_url, settings.s3_bucket, *code]).encode()).hexdigest()


def expect_shared(settings: Settings) -> None:
    """Raise SettingsNeedFixing where workers of other machines would find another ledger, target or store than we do.

    Under the address of a file, or of this machine, each of them has its own.
    """
    if is_this_machine(urlsplit(settings.dask_scheduler).hostname or ""):
        return
    own = {
        "COUNTERFOIL_LEDGER_URL": _is_database_here(settings.ledger),
        "COUNTERFOIL_TARGET_URL": _is_database_here(settings.target),
        "COUNTERFOIL_S3_ENDPOINT_URL": is_this_machine(urlsplit(settings.s3_endpoint_url).hostname or "localhost"),
    }
    if wrong := [name for name, here in own.items() if here]:
        raise SettingsNeedFixing(
            f"The Dask scheduler at {settings.dask_scheduler} is on another machine, but what "
            f"{' and '.join(wrong)} says is reached from this machine alone: workers there would write into others of "
            "that name. Set it to what all of them reach, PostgreSQL or a store of your own, or leave "
            "COUNTERFOIL_DASK_SCHEDULER empty. Nothing was done."
        )


def _without_password(url: sa.URL) -> str:
    return sa.URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()


def _is_database_here(address: str) -> bool:
    url = sa.make_url(address)
    asked = url.query.get("host", "")
    host = url.host or (asked if isinstance(asked, str) else asked[0])
    return url.get_backend_name() == "sqlite" or not host or host.startswith("/") or is_this_machine(host)
