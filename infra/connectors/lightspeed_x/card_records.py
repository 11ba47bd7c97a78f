"""A gift card as Lightspeed answers it and as we keep it, and what a change of one means there. Pure.

Lightspeed knows one currency a shop and writes amounts as texts. A card with nothing left on it is called REDEEMED
there (assumed: and ACTIVE again once something is added): for us it is an active card worth nothing. It counts until
the end of a day by the shop's clock, which is given when it is issued and can be moved by nothing after.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from infra.connectors.record_hashes import hash_of, key_hash
from schemas.domain import Resource
from schemas.gift_cards import EXPIRES_ON
from schemas.problems import Refused
from schemas.record_writes import RecordWrite
from schemas.records import BatchName
from tasks.core.wording.money import plain_decimal

VOIDED = "VOIDED"
Act = Literal["issue", "add", "void", "impossible"]
Record = tuple[str, int, str, str | None]
"""Currency, cents, status, and the last day on which it counts (ISO 8601): None where it always does."""

_SKEW = timedelta(minutes=10)
"""How far Lightspeed's clock and ours may differ when we ask whether a card is older than our request."""


@dataclass(frozen=True, kw_only=True)
class Money:
    """The one currency of the shop, and its decimals."""

    currency: str
    digits: int

    def text(self, cents: int) -> str:
        """Write an amount as Lightspeed reads it."""
        return plain_decimal(cents, self.digits)

    def cents(self, text: str) -> int:
        """Read an amount as Lightspeed writes it.

        Raises:
            Refused: It is none of this currency.
        """
        try:
            minor = Decimal(text).scaleb(self.digits)
        except InvalidOperation:
            minor = Decimal("NaN")
        if minor != minor.to_integral_value():
            raise Refused(
                f"Lightspeed shows an amount that is none in {self.currency}. Set COUNTERFOIL_CURRENCY to the currency "
                "of the shop. Nothing was changed."
            )
        return int(minor)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """In what a shop counts: its money, and the zone in which its days end."""

    money: Money
    zone: ZoneInfo

    def last_day(self, card: Mapping[str, Any]) -> str | None:
        """Return the last day on which a card counts, of the moment at which that day ends; other texts as they are."""
        shown = card.get("expires_at")
        with suppress(ValueError):
            moment = datetime.fromisoformat(shown or "")
            return moment.astimezone(self.zone).date().isoformat() if moment.tzinfo else moment.date().isoformat()
        return shown or None


@dataclass(frozen=True, kw_only=True)
class CardChange:
    """One change of a plan: the card, what it was planned against, what is wanted, and its part in a top-up.

    *tells day*: until when the card counts is a part of it; else that is the shop's own rule, and nobody looks at it.
    """

    number: str = field(repr=False)
    before: Record | None = field(repr=False)
    after: Record | None = field(repr=False)
    operation_id: str = field(repr=False)
    operation: str
    tells_day: bool

    @property
    def act(self) -> Act:
        """What has to be asked for."""
        if self.before is None:
            return "issue" if self.after and self.after[2] == "ACTIVE" else "impossible"
        if self.after is None or (self.after[2] == VOIDED and self.before[2] != VOIDED):
            return "void"
        same = self.before[::3] == self.after[::3] and self.before[2] == self.after[2] != VOIDED
        return "add" if same else "impossible"

    @property
    def last_day(self) -> str:
        """The last day on which a new card is to count; empty where the shop's own rule says."""
        return (self.after[3] or "") if self.after else ""

    @property
    def cents(self) -> int:
        """By how much the card changes."""
        return (self.after[1] if self.after else 0) - (self.before[1] if self.before else 0)

    def seen(self, card: Mapping[str, Any] | None, terms: Terms) -> Record | None:
        """Return what the change looks at of a card."""
        if card is None:
            return None
        currency, cents, status, last_day = as_record(card, terms)
        return currency, cents, status, last_day if self.tells_day else None

    def as_wanted(self, now: Record | None) -> bool:
        """Say whether a card is as this change wants it; one that is voided is gone."""
        return now is None or now[2] == VOIDED if self.act == "void" else now == self.after

    def line(self, batch: BatchName, position: int, rows: int, at: datetime) -> RecordWrite:
        """Return the line of the journal, before anything is sent."""
        key, change = key_hash(self.number), _change_hash(self.number, self.act, self.cents, self.last_day)
        return RecordWrite(
            batch=batch,
            position=position,
            rows=rows,
            key_sha256=key,
            kind=self.act,
            change_sha256=change,
            request_key=f"cf-{hash_of(batch.run_id, batch.plan_id, batch.number, key)[:32]}",
            operation_sha256=hash_of(self.operation_id) if self.operation_id else "",
            operation=self.operation,
            begun_at=at,
        )


def as_change(resource: Resource, row: Mapping[str, Any]) -> CardChange:
    """Read a row of a ChangeSet."""
    sides = ([row[f"{column}_{side}"] for column in resource.columns] for side in ("before", "after"))
    tells_day = EXPIRES_ON in resource.columns
    before, after = (
        None if side[0] is None else (str(side[0]), int(side[1]), str(side[2]), side[3] if tells_day else None)
        for side in sides
    )
    return CardChange(
        number=row[resource.key],
        before=before,
        after=after,
        operation_id=row["operation_id"] or "",
        operation=row["operation"] or "",
        tells_day=tells_day,
    )


def as_record(card: Mapping[str, Any], terms: Terms) -> Record:
    """Return what a card is worth, whether it can be used, and until when."""
    cents, status = terms.money.cents(card["balance"]), str(card["status"])
    status = "ACTIVE" if status == "REDEEMED" and cents == 0 else status
    return terms.money.currency, cents, status, terms.last_day(card)


def holds(card: Mapping[str, Any], request_key: str) -> bool:
    """Say whether a request of ours arrived at a card."""
    return any(each.get("client_id") == request_key for each in card.get("gift_card_transactions") or ())


def landed(line: RecordWrite, card: Mapping[str, Any], terms: Terms) -> bool:
    """Say whether the request of an open line arrived at its card.

    An amount is known by its key. An issue or an end has none: it is ours if it was done since we asked, and just so.
    """
    number = str(card["number"])
    match line.kind:
        case "add":
            return holds(card, line.request_key)
        case "issue":
            issued = [terms.money.cents(each["amount"]) for each in _since(card, "ACTIVATION", line.begun_at)]
            days = ("", terms.last_day(card) or "")
            return line.change_sha256 in [_change_hash(number, "issue", cents, day) for cents in issued for day in days]
    return card["status"] == VOIDED and bool(_since(card, "VOIDING", line.begun_at))


def _change_hash(number: str, act: str, cents: int, last_day: str) -> str:
    return hash_of(number.lower(), act, cents, *([last_day] if last_day and act == "issue" else []))


def _since(card: Mapping[str, Any], kind: str, begun_at: datetime) -> list[Mapping[str, Any]]:
    """Return the transactions of a kind since an instant; clocks may differ a little."""
    transactions = card.get("gift_card_transactions") or ()
    return [
        each
        for each in transactions
        if each["type"] == kind and datetime.fromisoformat(each["created_at"]) >= begun_at - _SKEW
    ]
