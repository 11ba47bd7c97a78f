"""What a shop's orders are taken to mean, where shops differ. Data only; the settings fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from schemas.orders.records import SaleState
from schemas.problems import SettingsNeedFixing
from tasks.core.orders.statuses import key_of

SoldWhen = Literal["created", "paid"]
Bundles = Literal["children", "parents", "both"]
"""Of a bundle the shop writes the bundle and what is in it, as lines: which of them move stock."""
BareRefunds = Literal["reject", "amount"]
"""Of a refund whose lines did not come: turn the order away, or take the amount alone and move no stock."""

WOO_STATES: Mapping[str, SaleState] = MappingProxyType(
    {
        "completed": "closed",
        "processing": "closed",
        "refunded": "closed",
        "on-hold": "parked",
        "pending": "parked",
        "cancelled": "voided",
        "failed": "voided",
        "trash": "voided",
        "checkout-draft": "voided",
        "auto-draft": "voided",
    }
)
"""Assumed (lightspeed-x-series.md 1.12); the settings may say otherwise, and explain statuses of plugins."""

_STATES: Mapping[str, SaleState] = {"closed": "closed", "parked": "parked", "voided": "voided"}


@dataclass(frozen=True, kw_only=True)
class OrderRules:
    """How orders of one shop are read. ``exponent`` is the number of decimals of the currency.

    ``rounded_to`` is to how many minor units the shop rounds its totals: 100 where it shows whole euros. ``time_zone``
    is the shop's, for dates that come without their UTC. Nothing was ordered, paid or refunded after *today*.
    """

    source: str = "woocommerce"
    currency: str = "EUR"
    exponent: int = 2
    rounded_to: int = 1
    states: Mapping[str, SaleState] = field(default_factory=lambda: WOO_STATES)
    sold_when: SoldWhen = "created"
    bundles: Bundles = "children"
    bare_refunds: BareRefunds = "reject"
    time_zone: str = "UTC"
    today: date = date(2099, 12, 31)


def read_states(text: str) -> Mapping[str, SaleState]:
    """Lay a setting such as ``shipped=closed, processing=parked`` over the usual meaning of statuses.

    Raises:
        SettingsNeedFixing: It is not of that form.
    """
    states: dict[str, SaleState] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        status, sign, state = (word.strip().lower() for word in part.partition("="))
        if not sign or not status or state not in _STATES:
            raise SettingsNeedFixing(
                f"COUNTERFOIL_WOO_STATES: {part!r} does not say what a status means. Write it like shipped=closed."
            )
        states[key_of(status)] = _STATES[state]
    return MappingProxyType({**WOO_STATES, **states})
