"""What a command asks for before it works: an S3 store, and a Prefect server if it runs flows."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from infra.settings import Settings
from infra.stack.credentials import credentials, login
from infra.stack.leases import hold, lease
from infra.stack.startup import CODE, await_stack
from infra.stack.state import protect, read_state

__all__ = ("CODE", "Need", "Services", "ensure_services", "exported_environment")

Need = Literal["storage", "server"]


@dataclass(frozen=True, kw_only=True)
class Services:
    """Where the services are. Empty: not asked for, or without such a page."""

    s3_endpoint_url: str
    s3_access_key_id: str = field(repr=False)
    s3_secret_access_key: str = field(repr=False)
    s3_bucket: str
    home: Path
    prefect_api_url: str = ""
    prefect_ui_url: str = ""
    prefect_login: str = field(default="", repr=False)

    @classmethod
    def of(cls, chosen: Settings, addresses: Mapping[str, str]) -> Self:
        """Return what the settings name, else what runs here."""
        home = chosen.home.resolve()
        keys = (chosen.s3_access_key_id, chosen.s3_secret_access_key.get_secret_value())
        access_key, secret = keys if chosen.s3_endpoint_url else credentials(home)
        own = addresses.get("prefect_api_url", "")
        prefect = _external_prefect() or own
        return cls(
            s3_endpoint_url=chosen.s3_endpoint_url or addresses.get("s3_endpoint_url", ""),
            s3_access_key_id=access_key,
            s3_secret_access_key=secret,
            s3_bucket=chosen.s3_bucket,
            home=home,
            prefect_api_url=prefect,
            prefect_ui_url=prefect.removesuffix("/api"),
            prefect_login=login(home) if own and prefect == own else "",
        )


def ensure_services(need: Need, chosen: Settings) -> Services:
    """Return the services once they answer, started here where neither the settings nor a stack has them.

    Services started here last as long as some process that asked for them lives, and a while longer.

    Raises:
        Unavailable: They did not start.
    """
    home = chosen.home.resolve()
    protect(home)
    wanted = _embedded(need, chosen)
    for name in sorted(wanted):
        hold(lease(home, name))
    state = await_stack(home, wanted, "embedded", chosen) if wanted else read_state(home)
    return Services.of(chosen, state.addresses if state else {})


def exported_environment(services: Services) -> dict[str, str]:
    """Return the variables that point this and child processes to *services*."""
    local = {"NO_PROXY": ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1")))}
    prefect = {"PREFECT_API_URL": services.prefect_api_url, "DO_NOT_TRACK": "1"} if services.prefect_api_url else {}
    own = {"PREFECT_API_AUTH_STRING": services.prefect_login} if services.prefect_login else {}
    return {
        "COUNTERFOIL_HOME": str(services.home),
        "COUNTERFOIL_S3_ENDPOINT_URL": services.s3_endpoint_url,
        "COUNTERFOIL_S3_BUCKET": services.s3_bucket,
        "COUNTERFOIL_S3_ACCESS_KEY_ID": services.s3_access_key_id,
        "COUNTERFOIL_S3_SECRET_ACCESS_KEY": services.s3_secret_access_key,
        **prefect,
        **own,
        **local,
    }


def _embedded(need: Need, chosen: Settings) -> frozenset[str]:
    storage = set() if chosen.s3_endpoint_url else {"storage"}
    server = {"server"} if need == "server" and not _external_prefect() else set()
    return frozenset(storage | server)


def _external_prefect() -> str:
    return os.environ.get("PREFECT_API_URL", "")
