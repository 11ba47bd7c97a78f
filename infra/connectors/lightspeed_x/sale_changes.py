"""What a change of a sale comes to in Lightspeed: which documents are sent, and what it has no way to take. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_book import Documents, SaleEntry
from infra.connectors.lightspeed_x.sale_documents import CannotBook, Clerk, Document, body_of, voiding_body
from infra.connectors.lightspeed_x.sale_facts import CLOSED, VOIDED, Record, paid_with
from infra.connectors.record_hashes import hash_of

VOID = hash_of(VOIDED)
FINAL, CLOSED_STAYS = "ORDER_TILL_VOIDED", "ORDER_TILL_CLOSED"


@dataclass(frozen=True, kw_only=True)
class SaleChange:
    """One change of a plan. A sale that is not there has no record *before*; none is ever deleted."""

    order_key: str
    before: Record | None = field(repr=False)
    after: Record = field(repr=False)
    paid_by: str = ""
    """The payment type that it is to be paid with; empty: that of all others."""


@dataclass(frozen=True, kw_only=True)
class Live:
    """A sale as Lightspeed holds it: its documents that are there, and the changes of it that we know of."""

    documents: Mapping[str, Row] = field(repr=False)
    hashes: Documents
    entries: Sequence[SaleEntry] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent for one document. *wanted* is the hash of what is to be there then."""

    sale_id: str
    wanted: str
    method: Literal["POST", "PUT"]
    body: dict[str, object] = field(repr=False)


def entry_of(change: SaleChange, name: str, before: Documents, clerk: Clerk | None) -> tuple[SaleEntry, list[Document]]:
    """Return the counterfoil of a change, and what is to be booked; voiding needs no *clerk*.

    Raises:
        CannotBook: Lightspeed has no place for something of it, or no way from what was before.
    """
    if change.after["state"] == VOIDED or clerk is None:
        documents, after = [], dict.fromkeys(before, VOID)
    else:
        documents = clerk.documents(name, change.order_key, change.after)
        after = {each.sale_id: each.facts.sha256 for each in documents}
    _expect_way(change, before, after)
    entry = SaleEntry(
        record=change.after,
        documents=after,
        before=change.before,
        documents_before=before,
        order_key=change.order_key,
    )
    return entry, documents


def requests(
    change: SaleChange,
    entry: SaleEntry,
    documents: Sequence[Document],
    live: Live,
    clerk: Clerk | None,
    digits: int,
) -> Iterator[Request]:
    """Yield what has to be sent: nothing for a document that is there as it is to be.

    What comes back of a sale that is paid is paid back with the same.
    """
    there = live.documents.get(documents[0].sale_id, {}) if documents else {}
    paid_by = paid_with(there) or change.paid_by
    for sale_id in entry.documents:
        if live.hashes.get(sale_id) != entry.documents[sale_id] and (clerk is None or not documents):
            yield Request(sale_id=sale_id, wanted=VOID, method="PUT", body=voiding_body(live.documents[sale_id]))
    for document in documents:
        wanted = entry.documents[document.sale_id]
        if clerk and live.hashes.get(document.sale_id) != wanted:
            body = body_of(document, change.after, clerk.terms, digits, paid_by)
            is_there = document.sale_id in live.hashes
            if is_there:
                del body["id"]
            yield Request(sale_id=document.sale_id, wanted=wanted, method="PUT" if is_there else "POST", body=body)


def _expect_way(change: SaleChange, before: Documents, after: Documents) -> None:
    """Raise CannotBook where a sale that is final, or closed, would become something else than voided.

    A sale that was edited at the till has documents that we do not know: then its state alone tells.
    """
    was, becomes = (change.before or {}).get("state"), change.after["state"]
    if becomes != VOIDED and was == VOIDED:
        raise CannotBook(FINAL, "")
    if becomes == VOIDED and was is None:
        raise CannotBook(FINAL, "")
    rewritten = any(after.get(sale_id) not in (sha256, VOID) for sale_id, sha256 in before.items())
    if was == CLOSED and becomes != VOIDED and (rewritten or not before or _buyer_of(change.before, change.after)):
        raise CannotBook(CLOSED_STAYS, "")


def _buyer_of(before: Record | None, after: Record) -> bool:
    """Say whether a sale would be linked to somebody else than it was."""
    return before is not None and before["customer_id"] != after["customer_id"]
