"""What of a sale counts, said of a record of ours and of an answer of Lightspeed alike, so that they compare. Pure.

Names, notes, numbers, where a sale is booked and who bought are the till's own to change: they are no part of it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from infra.connectors.record_hashes import hash_of

Record = Mapping[str, Any]
"""A sale by the columns of SALES, without its key."""
VOIDED, CLOSED, PARKED = "voided", "closed", "parked"
_NAMESPACE = UUID("0f6b6f0e-7f57-5c0b-9a3e-3f1d5f7d2c44")
_PRICE_DIGITS = Decimal("1e-8")


@dataclass(frozen=True, kw_only=True, order=True)
class SaleLine:
    """A line as Lightspeed keeps it: a product, so many thousandths, and what the whole line is worth."""

    product_id: str
    quantity_milli: int
    net_cents: int
    tax_cents: int


@dataclass(frozen=True, kw_only=True)
class SaleFacts:
    """What counts of a sale. ``lines`` are sorted: their sequence is nobody's business."""

    state: str
    minute: str
    lines: tuple[SaleLine, ...]
    total_cents: int
    paid_cents: int

    @property
    def sha256(self) -> str:
        """Name the facts. Of a voided sale only that counts: it is final."""
        if self.state == VOIDED:
            return hash_of(VOIDED)
        lines = [astuple(line) for line in self.lines]
        return hash_of(self.state, self.minute, json.dumps(lines), self.total_cents, self.paid_cents)


def sale_id(shop: str, order_key: str) -> str:
    """Name the sale of an order in a shop of Lightspeed: the same order is the same sale, however often it comes."""
    return str(uuid5(_NAMESPACE, f"{shop}/{order_key.lower()}"))


def facts_answered(sale: Mapping[str, Any], digits: int) -> SaleFacts:
    """Say what Lightspeed holds. Amounts have *digits* decimals."""
    lines = tuple(sorted(_line(each, digits) for each in sale["line_items"]))
    total = sum(line.net_cents + line.tax_cents for line in lines)
    answered = (sale.get("totals") or {}).get("price_incl_tax")
    payments = [each for each in sale.get("payments") or () if not each.get("deleted_at")]
    return SaleFacts(
        state=VOIDED if sale.get("deleted_at") else sale["state"],
        minute=minute(str(sale.get("date") or "")),
        lines=lines,
        total_cents=total if answered is None else cents(answered, digits),
        paid_cents=sum(cents(each["amount"], digits) for each in payments),
    )


def paid_with(sale: Mapping[str, Any]) -> str:
    """Return the payment type that the most of a sale was paid with; empty where nothing was paid."""
    payments = [each for each in sale.get("payments") or () if not each.get("deleted_at")]
    most: Mapping[str, Any] = max(payments, key=lambda each: abs(Decimal(str(each["amount"]))), default={})
    return str((most.get("type") or {}).get("config_id") or "")


def cents(amount: object, digits: int) -> int:
    """Read an amount in whole units."""
    return _whole(Decimal(str(amount)).scaleb(digits))


def milli(quantity: object) -> int:
    """Read a quantity in thousandths."""
    return _whole(Decimal(str(quantity)).scaleb(3))


def unit_price(line_cents: int, quantity_milli: int, digits: int) -> float:
    """Return what one of a line costs: so exact that the whole line is right to the cent again."""
    price = Decimal(line_cents).scaleb(-digits) * 1000 / quantity_milli
    return float(price.quantize(_PRICE_DIGITS))


def seen_as_record(sale: Mapping[str, Any], digits: int, currency: str, last: Record | None) -> Record:
    """Return what a sale is that is not as we left it; what Lightspeed does not keep is as it was *last*."""
    facts = facts_answered(sale, digits)
    kept: Record = last or {
        "number": str(sale.get("invoice_number") or ""),
        "customer_id": "",
        "stock": "deduct",
        "content_sha256": "",
        "written_sha256": "",
    }
    if facts.state == VOIDED and last:
        return {**last, "state": VOIDED}
    source = sale.get("source") or {}
    return {
        "state": facts.state if facts.state in (VOIDED, CLOSED) else PARKED,
        "sold_at": instant(sale.get("date") or ""),
        "number": kept["number"],
        "register_id": str(source.get("register_id") or ""),
        "outlet_id": str(source.get("outlet_id") or ""),
        "customer_id": kept["customer_id"],
        "currency": currency,
        "total_cents": facts.total_cents,
        "tax_cents": sum(line.tax_cents for line in facts.lines),
        "refunded_cents": 0,
        "stock": kept["stock"],
        "content_sha256": kept["content_sha256"],
        "written_sha256": kept["written_sha256"],
        "lines": _as_lines(facts.lines),
    }


def _as_lines(lines: Iterable[SaleLine]) -> str:
    rows = [
        {
            "kind": "item",
            "line": str(place),
            "moves": True,
            "name": "",
            "net_cents": line.net_cents,
            "product_id": line.product_id,
            "quantity_milli": line.quantity_milli,
            "sku": "",
            "tax_cents": line.tax_cents,
        }
        for place, line in enumerate(lines, start=1)
    ]
    return json.dumps(rows, separators=(",", ":"))


def _line(item: Mapping[str, Any], digits: int) -> SaleLine:
    quantity = Decimal(str(item["quantity"]))
    tax = (item.get("tax") or {}).get("amount") or 0
    return SaleLine(
        product_id=str(item["product"]["id"]),
        quantity_milli=milli(quantity),
        net_cents=cents(Decimal(str(item["pricing"]["price"])) * quantity, digits),
        tax_cents=cents(Decimal(str(tax)) * quantity, digits),
    )


def minute(text: str) -> str:
    """Return an instant to the minute, in UTC, such as ``2024-03-09T14:02``; empty where there is none."""
    return instant(text)[:16]


def instant(text: str) -> str:
    """Return an instant as records have it, in UTC to the second."""
    if not text:
        return ""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))
