"""Lightspeed X-Series: whether it lets us in, to what, and whether it is the shop that the settings describe."""

from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from infra.connectors.lightspeed_x.api import LightspeedX, Scope
from infra.connectors.lightspeed_x.lists import PAGE_ROWS
from infra.context import shared_ledger
from infra.health.call_windows import calls_left
from infra.health.checks import Asked, Attention
from infra.health.clocks import compare_clocks
from infra.http.transport import Edge
from infra.lightspeed_x import lightspeed_api, open_lightspeed_x, scopes_for
from infra.lightspeed_x_till import open_lightspeed_till
from infra.settings import Settings
from schemas.problems import Declined, Refused, SettingsNeedFixing
from tasks.core.wording.words import counted

_SYSTEM = "Lightspeed X-Series"
_LISTS: Mapping[str, Scope] = {
    "gift_cards": "gift_cards:read",
    "customers": "customers:read",
    "outlets": "outlets:read",
    "registers": "registers:read",
}
"""Lists of which one line shows whether they may be read, where a login does not tell what it may."""


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of X-Series, where it is set."""
    if settings.lightspeed_x_domain_prefix or settings.lightspeed_x_url:
        yield Asked(system=_SYSTEM, what="gift cards", ask=lambda: _gift_cards(settings))
        yield Asked(system=_SYSTEM, what="clock", ask=lambda: _clock(settings))
        yield from _permissions(settings)
        yield Asked(system=_SYSTEM, what="currency", ask=lambda: _currency(settings))
        yield Asked(system=_SYSTEM, what="outlets", ask=lambda: _outlets(settings))
    if settings.lightspeed_x_payment_type or settings.lightspeed_x_payment_types:
        yield Asked(system=_SYSTEM, what="orders", ask=lambda: _orders(settings))


def _permissions(settings: Settings) -> Iterator[Asked]:
    """Ask about each permission: of a personal token only those to read can be seen."""
    if settings.lightspeed_x_token.get_secret_value():
        for path, scope in _LISTS.items():
            yield Asked(system=_SYSTEM, what=scope, ask=partial(_readable, settings, path, scope))
        yield Asked(system=_SYSTEM, what="other permissions", ask=partial(_unseen, settings))
    else:
        for each in scopes_for(settings):
            yield Asked(system=_SYSTEM, what=each, ask=partial(_given, settings, each))


def _gift_cards(settings: Settings) -> str:
    cards = open_lightspeed_x(settings)
    cards.ask_for_one_page()
    return f"the login may read gift cards, by version {settings.lightspeed_x_version}; {calls_left(cards.windows())}"


def _clock(settings: Settings) -> str:
    cards, pacer = lightspeed_api(settings, shared_ledger().engine, Edge())
    cards.gift_cards()  # whatever it answers, the head of it says what time it is there
    return compare_clocks(pacer.server_now())


def _orders(settings: Settings) -> str:
    till = open_lightspeed_till(settings)
    till.check_terms()
    return f"what the settings name for orders is there; {calls_left(till.windows())}"


def _readable(settings: Settings, path: str, scope: Scope) -> str:
    _api(settings).get(path, f"the list of {path.replace('_', ' ')}", scope, {"page_size": "1"})
    return "given"


def _unseen(settings: Settings) -> str:
    others = ", ".join(scope for scope in scopes_for(settings) if scope not in _LISTS.values() and "write" in scope)
    raise Attention(
        f"a personal token does not show whether it may write ({others}). A run that may not says so and writes nothing"
    )


def _given(settings: Settings, scope: str) -> str:
    granted = _api(settings).granted()
    if granted is None:
        raise Attention("Lightspeed did not say what this login may")
    if scope not in granted:
        raise Refused("Not given. Add it to the scopes of the application, then run counterfoil connect lightspeed-x.")
    return "given"


def _currency(settings: Settings) -> str:
    retailer = _seen(_api(settings), "retailer", "retailer:read", {})
    currency = retailer.get("currency") if isinstance(retailer, dict) else None
    code = currency.get("code") if isinstance(currency, dict) else None
    if not code:
        raise Attention("Lightspeed does not say which currency the shop has")
    if code != settings.currency:
        raise SettingsNeedFixing(
            f"The shop has {code}, COUNTERFOIL_CURRENCY says {settings.currency}: amounts would be taken for others. "
            f"Set COUNTERFOIL_CURRENCY={code}, or connect the right shop."
        )
    return f"{code}, as set"


def _outlets(settings: Settings) -> str:
    """Say which outlets and registers there are; a register that is set is looked for, and its outlet named."""
    api, page = _api(settings), {"page_size": str(PAGE_ROWS)}
    outlets = {row["id"]: row for row in _rows(_seen(api, "outlets", "outlets:read", page))}
    registers = _rows(_seen(api, "registers", "registers:read", page))
    others = sorted(row["name"] for row in outlets.values() if row.get("currency") not in (None, settings.currency))
    if others:
        raise Attention(f"{', '.join(others)} sells in another currency than {settings.currency}, which is set")
    wanted = settings.till_register.strip().lower()
    found = [row for row in registers if wanted in (str(row["id"]).lower(), str(row["name"]).lower())]
    if wanted and not found:
        names = ", ".join(sorted(row["name"] for row in registers))
        raise Attention(f"COUNTERFOIL_TILL_REGISTER is none of its registers ({names})")
    at = f"; {found[0]['name']} is at {outlets[found[0]['outlet_id']]['name']}, as set" if wanted else ""
    return f"{counted(len(outlets), 'outlet')}, {counted(len(registers), 'register')}{at}"


def _rows(data: object) -> list[dict[str, Any]]:
    """Return those of a list that are not deleted."""
    rows = data if isinstance(data, list) else []
    return [row for row in rows if isinstance(row, dict) and not row.get("deleted_at")]


def _seen(api: LightspeedX, path: str, scope: Scope, params: Mapping[str, str]) -> object:
    """Return what stands under ``data``.

    Raises:
        Attention: The login may not look.
    """
    try:
        answer = api.get(path, f"the list of {path}", scope, params)
    except Declined as no:
        if no.status != HTTPStatus.FORBIDDEN:
            raise
        raise Attention(f"cannot be compared: the login does not have the permission {scope}") from None
    return answer.get("data") if isinstance(answer, dict) else None


def _api(settings: Settings) -> LightspeedX:
    api, _ = lightspeed_api(settings, shared_ledger().engine, Edge())
    return api
