"""What Astro says about customers and items, read into the rows of ``schemas.loyalty.witnesses``.

Assumed: the shape of customerRewardStatus, that is, a list of rewards with the items that may be had; where it
gives none, a card that is complete and shows no free good has a reward waiting that only it knows the number of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from infra.connectors.astro.api import AstroApi, Reply, rows_of
from infra.connectors.astro.target import Seen, look_at
from infra.connectors.json_values import as_text
from schemas.loyalty.witnesses import CARDS, ELIGIBLE, ITEMS, OWNERS, REWARDS
from tasks.core.loyalty.item_codes import item_codes

_ITEM_LISTS = ("items", "available_items", "astroItems", "rewardItems")
Row = dict[str, Any]


@dataclass
class CollectedReplies:
    """Rows as they come in. Each customer and each item is asked about once."""

    owners: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    rewards: list[Row] = field(default_factory=list)
    eligible: list[Row] = field(default_factory=list)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return what was heard so far."""
        schemas = {"owners": OWNERS, "cards": CARDS, "rewards": REWARDS, "eligible": ELIGIBLE}
        return {name: _with_item_codes(getattr(self, name), schema) for name, schema in schemas.items()}


def _with_item_codes(rows: Iterable[Row], schema: pl.Schema) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=schema)
    return frame.with_columns(upc=item_codes(pl.col("upc"))) if "upc" in schema else frame


def ask_about_customer(api: AstroApi, customer_id: str, collected: CollectedReplies, *, taken: Sequence[str]) -> None:
    """Ask for cards and rewards of a customer, and whether the items *taken* for free may be had."""
    seen = look_at(api, customer_id)
    contact = {"has_email": bool(seen.contact["email"]), "has_address": bool(seen.contact["address"])}
    collected.owners.append({"customer_id": customer_id, "known": seen.known, "at_hand": None} | contact)
    if not seen.known:
        return
    collected.cards += _purchases(customer_id, seen)
    collected.rewards += _redeemed(customer_id, seen)
    collected.rewards += _waiting(customer_id, api.reward_status(customer_id))
    for upc in taken:
        reply = api.redemption_eligibility(customer_id, upc)
        collected.eligible.append({"customer_id": customer_id, "upc": upc, "eligible": _says_yes(reply)})


def ask_about_items(api: AstroApi, upcs: Sequence[str]) -> pl.DataFrame:
    """Return those of the items that are in a programme (``ITEMS``)."""
    return _with_item_codes(_items(api.eligible_items(upcs)), ITEMS)


def _items(rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        for program in rows_of(row.get("available_programs")):
            yield {
                "upc": as_text(row.get("item_code")),
                "item": as_text(row.get("item_description")),
                "programme_id": as_text(program.get("astro_mfg_program_id")),
                "programme": as_text(program.get("title")),
            }


def _purchases(customer_id: str, seen: Seen) -> Iterable[Row]:
    for card in seen.cards:
        named = {"customer_id": customer_id, "programme_id": as_text(card.get("astro_program_id"))}
        named |= {"programme": as_text(card.get("astro_program_title"))}
        bought = rows_of(card.get("cardPurchases")) or [{}]
        for purchase in bought:
            yield named | {
                "upc": as_text(purchase.get("item_code")),
                "item": as_text(purchase.get("item_description")),
                "transaction_id": as_text(purchase.get("imported_transaction_id")),
                "purchased_on": _day(purchase.get("purchase_date")),
            }


def _redeemed(customer_id: str, seen: Seen) -> Iterable[Row]:
    for card in seen.cards:
        for good in rows_of(card.get("cardFreeGoods")):
            yield {
                "customer_id": customer_id,
                "reward_id": as_text(good.get("astro_reward_id")),
                "reward_state": "redeemed" if as_text(good.get("redeemed_on")) else "incomplete",
                "programme": as_text(card.get("astro_program_title")),
                "item_id": as_text(good.get("astro_item_id")),
                "upc": as_text(good.get("item_code") or ""),
                "item": as_text(good.get("item_description")),
            }


def _waiting(customer_id: str, reply: Reply) -> Iterable[Row]:
    for reward in rows_of(reply.data) if reply.succeeded else ():
        named = {"customer_id": customer_id, "reward_id": as_text(reward.get("astro_reward_id"))}
        named |= {"reward_state": "waiting", "programme": as_text(reward.get("astro_program_title"))}
        items = next((rows_of(reward[name]) for name in _ITEM_LISTS if reward.get(name)), []) or [{}]
        for item in items:
            yield named | {
                "item_id": as_text(item.get("astro_item_id")),
                "upc": as_text(item.get("item_code")),
                "item": as_text(item.get("item_description")),
            }


def _says_yes(reply: Reply) -> bool | None:
    """Take Astro's yes or no; of anything else nothing is known."""
    rows = rows_of(reply.data)
    given = str(rows[0].get("isEligible", "")).lower() if rows else ""
    if given in ("true", "1", "yes"):
        return True
    return False if given in ("false", "0", "no") or reply.code == _NOT_ELIGIBLE else None


_NOT_ELIGIBLE = 700


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(as_text(value)[:10])
    except ValueError:
        return None
