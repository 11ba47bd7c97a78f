"""The gift cards of a Lightspeed Retail (X-Series): what it does with them, without HTTP.

Written after its specification of version 2026-07. Numbers are found in any letter case (assumed), a card that was
spent is REDEEMED until something is added, and one with nothing left cannot be voided (as its own tool shows).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Card = dict[str, Any]
USER = "0242ac12-0002-11e9-f4ee-000000000001"


class Rule(Exception):  # noqa: N818 - what it says is no error of ours
    """What Lightspeed does not do, with its status and words."""

    def __init__(self, status: int, message: str = "", title: str = "Unprocessable Entity") -> None:
        super().__init__(message)
        self.status = status
        self.document = {"error": title, "message": message} if message else {}


def end_of_day(day: str, zone: str) -> str:
    """Return the moment at which a day ends in a zone, as cards show it."""
    last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), ZoneInfo(zone))
    return last.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Cards:
    """The cards of one shop, oldest first."""

    cards: list[Card] = field(default_factory=list)
    page_rows: int = 1000
    rule_of_shop: str | None = None
    """When cards expire that are issued without a day."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _ids: int = 0

    def page(self, before: str, rows: int) -> list[Card]:
        newest_first = self.cards[::-1]
        ids = [card["id"] for card in newest_first]
        start = ids.index(before) + 1 if before else 0
        return newest_first[start : start + min(rows, self.page_rows)]

    def find(self, number: str) -> Card:
        for card in self.cards:
            if card["number"].lower() == number.lower():
                return card
        raise Rule(404, f"Gift card {number} not found", "Not Found")

    def issue(self, number: str, amount: str, user: str = USER, expires_at: str | None = None) -> Card:
        if any(card["number"].lower() == number.lower() for card in self.cards):
            raise Rule(422, f"Gift card {number} has already been created and activated")
        card = self.add(number, amount, user=user)
        card["expires_at"] = expires_at or self.rule_of_shop
        return card

    def add(self, number: str, amount: str, status: str = "ACTIVE", user: str = USER) -> Card:
        """Put a card into the shop, as if it had been issued there."""
        exact = f"{Decimal(amount):.2f}"
        card = {
            "id": self._next(),
            "number": number,
            "balance": exact,
            "total_sold": exact,
            "total_redeemed": "0.00",
            "status": status,
            "created_at": self._instant(),
            "expires_at": None,
            "sale_id": None,
            "sale_source": "x-series",
            "gift_card_transactions": [],
        }
        self._note(card, "ACTIVATION", exact, None, user)
        self.cards.append(card)
        return card

    def transact(self, number: str, kind: str, amount: str, client_id: str, user: str = USER) -> dict[str, Any]:
        card = self.find(number)
        for each in card["gift_card_transactions"]:
            if each["client_id"] == client_id:
                return each
        if card["status"] not in ("ACTIVE", "REDEEMED"):
            raise Rule(422, f"Gift card {number} is {card['status']}")
        left = Decimal(card["balance"]) + Decimal(amount)
        if left < 0:
            raise Rule(422, f"Insufficient balance on gift card {number} of john@example.com")
        card["balance"] = f"{left:.2f}"
        card["status"] = "ACTIVE" if left else "REDEEMED"
        return self._note(card, kind, f"{Decimal(amount):.2f}", client_id, user)

    def void(self, number: str) -> Card:
        card = self.find(number)
        if card["status"] in ("VOIDED", "REDEEMED") or not Decimal(card["balance"]):
            raise Rule(422, f"Gift card {number} has nothing to void")
        self._note(card, "VOIDING", f"-{card['balance']}", None, USER)
        card["balance"], card["status"] = "0.00", "VOIDED"
        return card

    def spend(self, number: str, amount: str) -> None:
        """Let a customer pay with a card at a till."""
        self.transact(number, "REDEEMING", f"-{amount}", self._next())

    def shown(self) -> list[str]:
        """Say what there is, sorted: ``GC1 10.00 ACTIVE``."""
        return sorted(f"{card['number']} {card['balance']} {card['status']}" for card in self.cards)

    def kinds(self, number: str) -> list[str]:
        """Say what happened to a card: ``RELOADING 5.00``."""
        return [f"{each['type']} {each['amount']}" for each in self.find(number)["gift_card_transactions"]]

    def _note(self, card: Card, kind: str, amount: str, client_id: str | None, user: str) -> dict[str, Any]:
        transaction = {
            "id": self._next(),
            "type": kind,
            "amount": amount,
            "client_id": client_id,
            "user_id": user,
            "source": None,
            "source_id": None,
            "created_at": self._instant(),
        }
        card["gift_card_transactions"].append(transaction)
        return transaction

    def _next(self) -> str:
        self._ids += 1
        return str(UUID(int=self._ids))

    def _instant(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
