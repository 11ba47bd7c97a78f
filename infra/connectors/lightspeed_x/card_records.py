"""A gift card as Lightspeed answers it and as we keep it, and what a change of one means there. Pure.

Lightspeed knows one currency a shop and writes amounts as texts. A card with nothing left on it is called REDEEMED
there (assumed: and ACTIVE again once something is added): for us it is an active card worth nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from schemas.domain import Resource
from schemas.problems import Refused
from schemas.record_writes import RecordWrite, hash_of, key_hash
from schemas.records import BatchName
from tasks.core.wording.money import plain_decimal

VOIDED = "VOIDED"
Act = Literal["issue", "add", "void", "impossible"]
Record = tuple[str, int, str]
"""Currency, cents, status."""

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
class CardChange:
    """One change of a plan: the card, what it was planned against, what is wanted, and its part in a top-up."""

    number: str = field(repr=False)
    before: Record | None = field(repr=False)
    after: Record | None = field(repr=False)
    operation_id: str = field(repr=False)
    operation: str

    @property
    def act(self) -> Act:
        """What has to be asked for."""
        if self.before is None:
            return "issue" if self.after and self.after[2] == "ACTIVE" else "impossible"
        if self.after is None or (self.after[2] == VOIDED and self.before[2] != VOIDED):
            return "void"
        same = self.before[0] == self.after[0] and self.before[2] == self.after[2] != VOIDED
        return "add" if same else "impossible"

    @property
    def cents(self) -> int:
        """By how much the card changes."""
        return (self.after[1] if self.after else 0) - (self.before[1] if self.before else 0)

    def as_wanted(self, now: Record | None) -> bool:
        """Say whether a card is as this change wants it; one that is voided is gone."""
        return now is None or now[2] == VOIDED if self.act == "void" else now == self.after

    def line(self, batch: BatchName, position: int, rows: int, at: datetime) -> RecordWrite:
        """Return the line of the journal, before anything is sent."""
        key, change = key_hash(self.number), hash_of(self.number.lower(), self.act, self.cents)
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
    before, after = (None if side[0] is None else (str(side[0]), int(side[1]), str(side[2])) for side in sides)
    return CardChange(
        number=row[resource.key],
        before=before,
        after=after,
        operation_id=row["operation_id"] or "",
        operation=row["operation"] or "",
    )


def as_record(card: Mapping[str, Any], money: Money) -> Record:
    """Return what a card is worth and whether it can be used."""
    cents, status = money.cents(card["balance"]), str(card["status"])
    return money.currency, cents, "ACTIVE" if status == "REDEEMED" and cents == 0 else status


def holds(card: Mapping[str, Any], request_key: str) -> bool:
    """Say whether a request of ours arrived at a card."""
    return any(each.get("client_id") == request_key for each in card.get("gift_card_transactions") or ())


def landed(line: RecordWrite, card: Mapping[str, Any], money: Money) -> bool:
    """Say whether the request of an open line arrived at its card.

    An amount is known by its key. An issue or an end has none: it is ours if it was done since we asked, and just so.
    """
    number = str(card["number"])
    match line.kind:
        case "add":
            return holds(card, line.request_key)
        case "issue":
            issued = [each["amount"] for each in _since(card, "ACTIVATION", line.begun_at)]
            wanted = [hash_of(number.lower(), "issue", money.cents(amount)) for amount in issued]
            return line.change_sha256 in wanted
    return card["status"] == VOIDED and bool(_since(card, "VOIDING", line.begun_at))


def _since(card: Mapping[str, Any], kind: str, begun_at: datetime) -> list[Mapping[str, Any]]:
    """Return the transactions of a kind since an instant; clocks may differ a little."""
    transactions = card.get("gift_card_transactions") or ()
    return [
        each
        for each in transactions
        if each["type"] == kind and datetime.fromisoformat(each["created_at"]) >= begun_at - _SKEW
    ]
