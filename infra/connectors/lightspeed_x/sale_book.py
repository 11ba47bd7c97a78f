"""The counterfoil of each sale: what we had Lightspeed book, kept where Lightspeed has no place for it.

Lightspeed keeps no line ids of a web shop, no hashes and no word of whether history moves stock. So each record is kept
as it was to be, with what it was before and the hashes of its documents, before anything is sent. What Lightspeed holds
then tells which of them is true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from infra.connectors.lightspeed_x.sale_facts import Record
from infra.connectors.record_hashes import hash_of

Documents = Mapping[str, str]
"""The hash of what counts of each document (``SaleFacts.sha256``), by its id."""
Moved = tuple[str, str, str, str, int, str]
"""``order_key, product_id, outlet_id, reason, quantity_milli, plan_id``"""


@dataclass(frozen=True, kw_only=True)
class SaleEntry:
    """One change of a sale: from what to what. A sale that was not there has no record and no documents *before*.

    ``order_key`` is empty of what was kept before it was kept too.
    """

    record: Record = field(repr=False)
    documents: Documents
    before: Record | None = field(repr=False)
    documents_before: Documents
    order_key: str = ""

    def change_sha256(self, sale_id: str) -> str:
        """Name the change, so that two that want the same are known to."""
        return hash_of(sale_id, sorted(self.documents_before.items()), sorted(self.documents.items()))

    def is_done(self, live: Documents) -> bool:
        """Say whether all documents are as they were to be."""
        return all(live.get(each) == sha256 for each, sha256 in self.documents.items())

    def has_begun(self, live: Documents) -> bool:
        """Say whether any document is as it was to be, and was not so before."""
        return any(
            live.get(each) == sha256 != self.documents_before.get(each) for each, sha256 in self.documents.items()
        )

    def is_begun(self, live: Documents) -> bool:
        """Say whether every document is as it was or as it was to be."""
        return all(
            live.get(each) in (self.documents_before.get(each), self.documents.get(each))
            for each in {*self.documents, *self.documents_before}
        )


class SaleBook(Protocol):
    """Where counterfoils are kept. One process at a time writes."""

    def recall(self, sale_id: str) -> list[SaleEntry]:
        """Return the changes of a sale, oldest first."""
        ...

    def keep(self, sale_id: str, entry: SaleEntry) -> None:
        """Keep a change; one that leads to the same documents is kept in the place of the other."""
        ...

    def booked(self, after: str, before: str) -> list[str]:
        """Return the keys of orders whose sales were between two instants, as far as they were kept."""
        ...

    def keep_moved(self, run_id: str, name: str, rows: Sequence[Moved]) -> None:
        """Keep what a change moved of the stock, once by its *name* in a run."""
        ...

    def moved(self, run_id: str) -> list[Moved]:
        """Return what the changes of a run moved."""
        ...
