"""The command that lets Counterfoil in to a system by a person's yes, given in a browser."""

import secrets
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

from cli.answers import Answer
from infra.connectors.lightspeed_x.access import Tokens, authorize_address
from infra.context import settings, shared_ledger, systems
from infra.http.lifetimes import closed_by
from infra.http.loopback import await_redirect
from infra.lightspeed_x import lightspeed_login, scopes_for
from infra.systems import open_systems
from schemas.problems import Refused, Unavailable

_MINUTES = 10
System = Literal["lightspeed-x"]


@open_systems()
def connect(system: System) -> Answer:
    """Let Counterfoil in to a system: it shows an address, and waits for you to say yes in a browser on this machine.

    Args:
        system: lightspeed-x, with the client id and secret of your own application in the settings.

    Raises:
        Refused: It was turned down, or is another shop than that of the settings.
        Unavailable: Nobody came back in ten minutes.
    """
    chosen = settings()
    with closed_by(systems().closing):
        login = lightspeed_login(chosen, shared_ledger().engine)
    state, redirect_uri = secrets.token_urlsafe(32), f"http://127.0.0.1:{chosen.lightspeed_x_redirect_port}/"
    scopes = scopes_for(chosen)
    address = authorize_address(chosen.lightspeed_x_client_id, redirect_uri, state, scopes)
    sys.stderr.write(f"Open in a browser: {address}\n")
    came = await_redirect(
        chosen.lightspeed_x_redirect_port, lambda query: _objection(query, state), seconds=_MINUTES * 60
    )
    if came is None:
        raise Unavailable(f"Nobody came back from Lightspeed in {_MINUTES} minutes. Run the same again.")
    if "code" not in came:
        raise Refused("Lightspeed was told no. Nothing was connected. Run the same again to be asked again.")
    granted = login.connect(came["code"], redirect_uri, shop=chosen.lightspeed_x_domain_prefix)
    missing = _missing_scopes(granted, scopes)
    says = f"Lightspeed of {granted.domain_prefix or 'the shop'} is connected."
    lacks = f" It did not give us {', '.join(missing)}: add them to your application, then connect again."
    return {"connected": system, "missing_scopes": missing}, says + (lacks if missing else ""), 4 if missing else 0


def _objection(query: Mapping[str, str], state: str) -> str | None:
    """Say what is wrong with what a browser brings: only who was sent by us knows the state."""
    if not secrets.compare_digest(query.get("state", "").encode(), state.encode()):
        return "This answer is not to our question. Close this page, and open the address that Counterfoil shows."
    return None if {"code", "error"} & query.keys() else "This answer says neither yes nor no."


def _missing_scopes(granted: Tokens, scopes: Sequence[str]) -> list[str]:
    """Return the permissions that we need and were not given; none where Lightspeed does not say what it gave."""
    given = granted.scope.split()
    return [scope for scope in scopes if given and scope not in given]
