"""An order as Lightspeed books it: one sale, and a return for each day on which something came back. Pure.

Lightspeed has no line without a product: shipping and fees go to products that the settings name, discounts to the
shop's own discount product. What cannot be booked is said in a code and a detail, so that a person can act on it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_facts import CLOSED, VOIDED, Record, SaleFacts, SaleLine, minute, unit_price
from infra.connectors.lightspeed_x.sale_terms import SaleTerms
from schemas.catalogue import CATALOGUE

NO_PRODUCT, NO_TAX_FITS, RETURNS = "ORDER_TILL_PRODUCT", "ORDER_TILL_TAX", "ORDER_TILL_RETURN"
COMPOSITE = "ORDER_TILL_COMPOSITE"
_FEE_KINDS = ("shipping", "fee")
_ONE = 1000


@dataclass(frozen=True, kw_only=True)
class Booked:
    """A line as it is sent. *line* is its id at its source."""

    kept: SaleLine
    tax_id: str
    line: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A sale of Lightspeed, under an id of ours. *at* is when it was (an instant), *of* the order it is about."""

    sale_id: str
    of: str
    number: str
    state: str
    at: str
    lines: tuple[Booked, ...] = field(repr=False)

    @property
    def facts(self) -> SaleFacts:
        """What counts of it."""
        kept = tuple(sorted(each.kept for each in self.lines))
        total = sum(line.net_cents + line.tax_cents for line in kept)
        return SaleFacts(
            state=self.state,
            minute=minute(self.at),
            lines=kept,
            total_cents=total,
            paid_cents=total if self.state == CLOSED else 0,
        )


@dataclass(frozen=True, kw_only=True)
class Clerk:
    """Books orders by the terms of a shop. *live_id* gives the id in Lightspeed of a product of ours.

    A product *is composite*, by that id, if Lightspeed takes its parts out of stock instead of it: which they are, its
    list does not tell, so what a sale of it moves could not be put right.
    """

    terms: SaleTerms
    live_id: Callable[[str], str]
    is_composite: Callable[[str], bool]
    returns: bool

    def documents(self, sale_id: str, order_key: str, record: Record) -> list[Document]:
        """Return what is to be booked for a record; first the sale.

        Raises:
            CannotBook: Something of it cannot.
        """
        lines = json.loads(record["lines"])
        came_back = sorted({line["at"] for line in lines if line["kind"] == "refund"})
        if came_back and not self.returns:
            raise CannotBook(RETURNS, f"{len(came_back)} came back")
        parts = [("", record["sold_at"], [line for line in lines if line["kind"] != "refund"])]
        parts += [(at, at, [line for line in lines if line.get("at") == at]) for at in came_back]
        return [
            Document(
                sale_id=str(uuid5(UUID(sale_id), suffix)) if suffix else sale_id,
                of=order_key.partition(":")[2],
                number=record["number"] if not suffix else f"{record['number']}-R{place}",
                state=record["state"],
                at=at or record["sold_at"],
                lines=tuple(self._lines(some)),
            )
            for place, (suffix, at, some) in enumerate(parts)
        ]

    def _lines(self, lines: Iterable[Mapping[str, Any]]) -> Iterator[Booked]:
        for line in lines:
            net, tax, quantity = line["net_cents"], line["tax_cents"], line["quantity_milli"]
            if not (net or tax or quantity):
                continue
            product, quantity = self._product(line, quantity)
            fitting = self.terms.tax_of(net, tax)
            if fitting is None:
                raise CannotBook(NO_TAX_FITS, f"line {line['line']}, {line['name']}".rstrip(", "))
            kept = SaleLine(product_id=product, quantity_milli=quantity, net_cents=net, tax_cents=tax)
            yield Booked(kept=kept, tax_id=fitting.tax_id, line=line["line"])

    def _product(self, line: Mapping[str, Any], quantity: int) -> tuple[str, int]:
        """Return the product that a line is booked on, and how many of it."""
        kind = line["kind"]
        if kind == "discount":
            return self._set_product("discount", line), -_ONE
        if kind in _FEE_KINDS:
            return self._set_product(kind, line), quantity or _ONE
        if line["product_id"] and quantity:
            return self._single_product(line), quantity
        if kind == "refund":
            return self._set_product("refund", line), -_ONE
        raise CannotBook(NO_PRODUCT, f"line {line['line']}, {line['name']}".rstrip(", "))

    def _single_product(self, line: Mapping[str, Any]) -> str:
        product = self.live_id(line["product_id"])
        if self.is_composite(product):
            raise CannotBook(COMPOSITE, f"line {line['line']}, {line['name']}".rstrip(", "))
        return product

    def _set_product(self, kind: str, line: Mapping[str, Any]) -> str:
        product = self.terms.products.get(kind)
        if not product:
            raise CannotBook(NO_PRODUCT, f"line {line['line']}, {kind}")
        return product


class CannotBook(Exception):  # noqa: N818 - it never leaves this connector
    """An order has something that Lightspeed has no place for."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    @property
    def says(self) -> str:
        """Say it in words."""
        entry = CATALOGUE[self.code]
        return f"{entry.says}{f' ({self.detail})' if self.detail else ''}: {entry.remedy}"


def body_of(document: Document, record: Record, terms: SaleTerms, digits: int, paid_by: str = "") -> dict[str, object]:
    """Write a document as Lightspeed takes it, with its id, paid by a payment type of its own or that of all others."""
    register = record["register_id"]
    body: dict[str, object] = {
        "id": document.sale_id,
        "state": document.state,
        "date": document.at,
        "invoice_number": f"{terms.invoice_prefix}{document.number}",
        "note": f"{terms.order_type} {document.number}",
        "source": {
            "author_id": terms.author_id,
            "register_id": register,
            "id": document.of,
            "type": terms.order_type,
        },
        "line_items": [_item(document, line, place, digits) for place, line in enumerate(document.lines)],
    }
    if record["customer_id"]:
        body["customer_id"] = record["customer_id"]
    if document.state == CLOSED and document.facts.total_cents:
        amount = _amount(document.facts.total_cents, digits)
        paid = {"type": {"config_id": paid_by or terms.payments.others}, "amount": amount, "date": document.at}
        body["payments"] = [paid | {"source": {"register_id": register}}]
    return body


def voiding_body(sale: Row) -> dict[str, object]:
    """Write a sale that is there so that it is voided, and nothing else of it changes."""
    source = sale["source"]
    body: dict[str, object] = {
        "state": VOIDED,
        "source": {
            "author_id": source["author"]["id"],
            **{name: source[name] for name in ("register_id", "id", "type") if source.get(name)},
        },
        "line_items": [_as_sent(item) for item in sale["line_items"]],
        "payments": [_paid(each) for each in sale.get("payments") or () if not each.get("deleted_at")],
    }
    return body | {
        name: sale[name] for name in ("date", "invoice_number", "customer_id", "note", "attributes") if sale.get(name)
    }


def _item(document: Document, line: Booked, place: int, digits: int) -> dict[str, object]:
    kept = line.kept
    return {
        "id": str(uuid5(UUID(document.sale_id), f"line {line.line}")),
        "product": {"id": kept.product_id},
        "quantity": kept.quantity_milli / 1000,
        "pricing": {"price": unit_price(kept.net_cents, kept.quantity_milli, digits), "discount": 0},
        "tax": {"id": line.tax_id, "amount": unit_price(kept.tax_cents, kept.quantity_milli, digits)},
        "_metadata": {"sequence": place, "is_price_override": True},
    }


def _as_sent(item: Mapping[str, Any]) -> dict[str, object]:
    pricing = {name: float(item["pricing"][name]) for name in ("price", "discount") if name in item["pricing"]}
    return {
        "id": item["id"],
        "product": {"id": item["product"]["id"]},
        "quantity": float(item["quantity"]),
        "pricing": pricing,
        "tax": {"id": item["tax"]["id"], "amount": float(item["tax"]["amount"])},
    }


def _paid(payment: Mapping[str, Any]) -> dict[str, object]:
    type_of = payment["type"]
    sent: dict[str, object] = {"type": {"config_id": type_of["config_id"]}, "amount": float(payment["amount"])}
    return sent | {name: payment[name] for name in ("id", "date") if payment.get(name)}


def _amount(cents: int, digits: int) -> float:
    return unit_price(cents, _ONE, digits)
