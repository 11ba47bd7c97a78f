"""Sales of Lightspeed, written one by one: looked for before they are sent, and entered in the journal between.

A sale bears an id that follows from its order, so what was sent and not answered is found again by it. A change that
was begun and not finished has not happened yet: the sale is told as it was before, and doing the same again finishes
it, with the stock that goes with it. A voided sale is final.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from infra.connectors import WriteJournal
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_book import Moved, SaleBook, SaleEntry
from infra.connectors.lightspeed_x.sale_changes import Live, Request, SaleChange, entry_of, requests
from infra.connectors.lightspeed_x.sale_documents import CannotBook, Clerk
from infra.connectors.lightspeed_x.sale_facts import (
    CLOSED,
    VOIDED,
    Record,
    facts_answered,
    paid_with,
    sale_id,
    seen_as_record,
)
from infra.connectors.lightspeed_x.stock_corrections import (
    Places,
    StockAdjuster,
    compensated,
    corrections,
    stock_line,
    taken_by_itself,
)
from infra.connectors.lightspeed_x.till_api import TillApi
from infra.connectors.record_hashes import hash_of, key_hash
from schemas.orders.records import PAID_BY
from schemas.problems import BudgetSpent, Declined, Unanswered, Unavailable
from schemas.record_writes import OPEN, RecordWrite
from schemas.records import BatchName
from tasks.core.orders.effects import COMPENSATED, SOLD

OTHERWISE = "Lightspeed booked a sale otherwise than it was asked to: look at the sales that the read-back names."
UNFINISHED = (
    "An earlier change of a sale was begun and not finished, and its order has changed since: look at it there."
)
VOIDED_AT_TILL = hash_of("voided at the till")
"""The seal of a sale that somebody voided there while what we adjusted of its stock stands."""
NOT_CORRECTED = "A sale is in Lightspeed, and its stock may not be right."


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What is the same for every sale of a shop."""

    name: str
    currency: str
    digits: int
    tracked: Callable[[], AbstractSet[str]]
    """The products whose stock Lightspeed keeps, by our ids."""
    live_id: Callable[[str], str]
    clerk: Callable[[], Clerk]
    now: Callable[[], datetime]


@dataclass(frozen=True)
class SaleWriter:
    """Reads and writes the sales of one shop."""

    api: TillApi
    journal: WriteJournal
    book: SaleBook
    adjuster: StockAdjuster
    shop: Shop
    reasons: BatchReasons = field(default_factory=BatchReasons)

    def record(self, order_key: str) -> Record | None:
        """Return the sale of an order, and what it is paid with while it counts; None where there is none."""
        name = sale_id(self.shop.name, order_key)
        live = self._look(name)
        current = self._current(live, self._unfinished(live, name))
        counts = current is not None and current["state"] == CLOSED
        return current and {**current, PAID_BY: paid_with(live.documents.get(name, {})) if counts else ""}

    def line(self, order_key: str, batch: BatchName, position: int, rows: int) -> RecordWrite:
        """Return the line of the journal for a change, before it is known what it comes to."""
        return RecordWrite(
            batch=batch,
            position=position,
            rows=rows,
            key_sha256=key_hash(order_key),
            kind="sale",
            change_sha256="",
            request_key="",
            operation_sha256="",
            operation="",
            begun_at=self.shop.now(),
        )

    def settle(self, change: SaleChange, planned: RecordWrite) -> str:
        """Carry out a change unless that is done already, or must not be; return its outcome.

        Raises:
            Unavailable: Lightspeed did not answer a question.
            Declined: It does not let us do such a thing at all.
        """
        name = sale_id(self.shop.name, change.order_key)
        live = self._look(name)
        begun = self._unfinished(live, name)
        current = self._current(live, begun)
        if current != change.before:
            return "unchanged" if current == change.after else "conflict"
        clerk = None if change.after["state"] == VOIDED else self.shop.clerk()
        try:
            entry, documents = entry_of(change, name, begun.documents_before if begun else live.hashes, clerk)
        except CannotBook as why:
            return self._because(planned.batch, why.says, "refused")
        if not entry.is_begun(live.hashes) or (begun and self._moves_otherwise(begun, change, live)):
            return self._because(planned.batch, UNFINISHED, "conflict")
        sends = list(requests(change, entry, documents, live, clerk, self.shop.digits))
        wanted = replace(planned, change_sha256=entry.change_sha256(name), request_key=name)
        line, first = self.journal.begin(wanted)
        self.book.keep(name, entry)  # not before: where only stock differs, it would look as if it was done
        there = begun is not None and begun.has_begun(live.hashes)
        return self._sent_all(sends, line, first=first, there=there) or self._with_stock(change, line)

    def _moves_otherwise(self, begun: SaleEntry, change: SaleChange, live: Live) -> bool:
        """Say whether stock may have been put right already for another change, of which the documents are there."""
        tracked = self.shop.tracked()
        moved = corrections(begun.before, begun.record, tracked)
        return begun.is_done(live.hashes) and moved != corrections(change.before, change.after, tracked)

    def settle_lost(self, line: RecordWrite) -> None:
        """Enter an open change as written where all of it is there, the stock that goes with it too; send nothing."""
        name = line.request_key
        live = self._look(name)
        same = [each for each in live.entries if each.order_key and each.change_sha256(name) == line.change_sha256]
        entry = next((each for each in same if each.is_done(live.hashes)), None)
        if entry is None:
            return
        change = SaleChange(order_key=entry.order_key, before=entry.before, after=entry.record)
        places = self._places(change)
        stock = stock_line(line, places, line.change_sha256)
        self.adjuster.settle_lost(stock.change_sha256, places)
        if self._waits_for_stock(line) or (places and not self.journal.operations([stock.operation_sha256])):
            return
        self._keep_moved(change, line)
        self.journal.enter(replace(line, outcome="written"))

    def _waits_for_stock(self, line: RecordWrite) -> bool:
        """Say whether an adjustment that goes with a change is open, also of products that are not tracked any more."""
        beside = [each for each in self.journal.recall(line.batch) if each.position == line.rows + line.position]
        return any(each.kind == "stock" and each.outcome == OPEN for each in beside)

    def problem(self, change: SaleChange, clerk: Clerk) -> CannotBook | None:
        """Say why Lightspeed cannot take a change, without asking it; None where it can."""
        name = sale_id(self.shop.name, change.order_key)
        entries = self.book.recall(name) if change.before else []
        before = next((each.documents for each in reversed(entries) if each.record == change.before), {})
        try:
            entry_of(change, name, before, clerk)
        except CannotBook as why:
            return why
        return None

    def _sent_all(self, sends: Sequence[Request], line: RecordWrite, *, first: bool, there: bool) -> str:
        """Send one request after the other; return an outcome where one does not end well.

        *there*: some documents of the change are there already, so it is not refused as a whole.
        """
        for place, request in enumerate(sends):
            try:
                answer = self._sent(request)
            except (Unavailable, BudgetSpent) as problem:
                if isinstance(problem, Unanswered):
                    return "unknown"
                if first and place == 0:
                    self.journal.withdraw(line)
                raise
            except Declined as no:
                if no.is_about_access:
                    raise
                return self._because(line.batch, no.says, "unknown" if there or place else "refused")
            if facts_answered(answer, self.shop.digits).sha256 != request.wanted:
                self.reasons.add(line.batch, OTHERWISE)
        return ""

    def _sent(self, request: Request) -> Row:
        """Send a request; where its answer is lost, or is no, look for what it was to bring about.

        A request that was lost before may arrive after it was looked for: then the one after it is refused.
        """
        try:
            if request.method == "POST":
                return self.api.create_sale(request.body)
            return self.api.update_sale(request.sale_id, request.body)
        except (Unanswered, Declined) as problem:
            if isinstance(problem, Declined) and problem.is_about_access:
                raise
            try:
                there = self.api.sale(request.sale_id)
            except (Unavailable, BudgetSpent):  # it may be there: that is all that is known
                raise Unanswered(problem.says) from None
            if there and facts_answered(there, self.shop.digits).sha256 == request.wanted:
                return there
            raise

    def _with_stock(self, change: SaleChange, line: RecordWrite) -> str:
        """Put the stock right that goes with a change, and keep what was moved."""
        places = self._places(change)
        adjusted = self.adjuster.adjust(places, stock_line(line, places, line.change_sha256), self.shop.now())
        if adjusted.outcome != "written":
            return self._because(line.batch, f"{NOT_CORRECTED} {adjusted.says}", "unknown")
        self._keep_moved(change, line)
        return "written"

    def _places(self, change: SaleChange) -> Places:
        """Say what is to be adjusted for a change, of products by their ids in Lightspeed."""
        live = Counter[tuple[str, str]]()
        for (product, outlet), milli in corrections(change.before, change.after, self.shop.tracked()).items():
            live[self.shop.live_id(product), outlet] += milli
        return live

    def _keep_moved(self, change: SaleChange, line: RecordWrite) -> None:
        tracked = self.shop.tracked()
        places = corrections(change.before, change.after, tracked)
        rows = _moved(change, places, tracked, line.batch.plan_id)
        self.book.keep_moved(line.batch.run_id, line.change_sha256[:32], rows)

    def _look(self, name: str) -> Live:
        """Look at all documents of a sale that there are, or may be."""
        entries = self.book.recall(name)
        ids = dict.fromkeys([name, *(each for entry in entries for each in entry.documents)])
        found = {each: sale for each in ids if (sale := self.api.sale(each))}
        hashes = {each: facts_answered(sale, self.shop.digits).sha256 for each, sale in found.items()}
        return Live(documents=found, hashes=hashes, entries=entries)

    def _unfinished(self, live: Live, name: str) -> SaleEntry | None:
        """Return the change of a sale that was begun and is not known to be finished."""
        open_changes = {line.change_sha256 for line in self.journal.list_open() if line.kind == "sale"}
        begun = [
            each for each in live.entries if each.change_sha256(name) in open_changes and each.is_begun(live.hashes)
        ]
        return begun[-1] if begun else None

    def _current(self, live: Live, begun: SaleEntry | None) -> Record | None:
        """Return a sale as a record: as we kept it, where Lightspeed still holds just that."""
        if begun:
            return begun.before
        if not live.documents:
            return None
        kept = next((each for each in reversed(live.entries) if dict(each.documents) == dict(live.hashes)), None)
        if kept:
            return kept.record
        last = live.entries[-1].record if live.entries else None
        first = next(iter(live.documents.values()))
        seen = seen_as_record(first, self.shop.digits, self.shop.currency, last)
        voided_by_hand = last is not None and seen["state"] == VOIDED != last["state"]
        if voided_by_hand and corrections(None, last, self.shop.tracked()):
            return {**seen, "written_sha256": VOIDED_AT_TILL}  # it is not as we would put it back
        return seen

    def _because(self, batch: BatchName, says: str, outcome: str) -> str:
        self.reasons.add(batch, says)
        return outcome


def _moved(change: SaleChange, places: Places, tracked: AbstractSet[str], plan_id: str) -> list[Moved]:
    """List what a change moved: what Lightspeed took by itself with what was corrected, and apart what was put back."""
    by_itself = taken_by_itself(change.after, tracked)
    by_itself.subtract(taken_by_itself(change.before, tracked))
    back = compensated(change.after, tracked)
    back.subtract(compensated(change.before, tracked))
    sold = {place: by_itself[place] + places.get(place, 0) - back[place] for place in {*by_itself, *places, *back}}
    moved = [(place, SOLD, milli) for place, milli in sold.items()]
    moved += [(place, COMPENSATED, milli) for place, milli in back.items()]
    return [(change.order_key, *place, reason, milli, plan_id) for place, reason, milli in sorted(moved) if milli]
