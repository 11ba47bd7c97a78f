"""What a sale moves of the stock in Lightspeed by itself, and what is corrected so that it moves what it should.

A closed sale takes its products out of the register's outlet, a voided one brings them back (assumed). History that
leaves today's stock alone, and lines that move none, are put right by adjustments of just the difference. Adjustments
have no key: each is entered in the journal before it is sent, and one whose answer was lost is looked for among what is
newer than the last adjustment before it. Where it is not found, it is parked and never sent blindly again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

from infra.connectors import WriteJournal
from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_facts import CLOSED, Record, milli
from infra.connectors.lightspeed_x.till_api import TillApi
from infra.connectors.record_hashes import hash_of
from schemas.problems import BudgetSpent, Declined, Unanswered, Unavailable
from schemas.record_writes import RecordWrite

Places = Mapping[tuple[str, str], int]
"""Thousandths by product and outlet."""
REASONS = {"POSITIVE": "Counterfoil: put back", "NEGATIVE": "Counterfoil: taken out"}
"""What our adjustments are called in Lightspeed, at most 30 characters; each goes in one direction."""
PARKED = (
    "Lightspeed did not answer an adjustment of stock, and does not show it: it may never have arrived. Look at the "
    "products of these records under Catalog, Inventory; once you know, see the page on connecting Lightspeed."
)

IN_PART = (
    "Lightspeed shows only a part of an adjustment of stock. Adjust the rest of these products there, each by just "
    f"that much, under the reason {REASONS['POSITIVE']} or {REASONS['NEGATIVE']}, then run the same again."
)


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """What became of adjustments, and why where it is not what was asked."""

    outcome: Literal["written", "unknown", "refused"]
    says: str = ""


DONE = Adjusted(outcome="written")
_PARKED = Adjusted(outcome="unknown", says=PARKED)
_IN_PART = Adjusted(outcome="unknown", says=IN_PART)


def taken_by_itself(record: Record | None, tracked: AbstractSet[str]) -> Counter[tuple[str, str]]:
    """Say what Lightspeed moves for a record by itself: each line of a *tracked* product, if the sale is closed."""
    moved: Counter[tuple[str, str]] = Counter()
    if record and record["state"] == CLOSED:
        for line in json.loads(record["lines"]):
            if line["product_id"] in tracked:
                moved[line["product_id"], record["outlet_id"]] -= line["quantity_milli"]
    return moved


def sold_of(record: Record | None, tracked: AbstractSet[str]) -> Counter[tuple[str, str]]:
    """Say what the lines of a record took that move stock."""
    moved: Counter[tuple[str, str]] = Counter()
    if record and record["state"] == CLOSED:
        for line in json.loads(record["lines"]):
            if line["moves"] and line["product_id"] in tracked:
                moved[line["product_id"], record["outlet_id"]] -= line["quantity_milli"]
    return moved


def compensated(record: Record | None, tracked: AbstractSet[str]) -> Counter[tuple[str, str]]:
    """Say what is put back at once, as the record leaves today's stock alone."""
    back: Counter[tuple[str, str]] = Counter()
    if record and record["stock"] == "neutral":
        back.subtract(sold_of(record, tracked))
    return back


def corrections(before: Record | None, after: Record | None, tracked: AbstractSet[str]) -> Places:
    """Say what is to be adjusted when *before* becomes *after*, beside what Lightspeed moves by itself."""
    total: Counter[tuple[str, str]] = Counter()
    for record, sign in ((after, 1), (before, -1)):
        for part, of in ((sold_of, 1), (compensated, 1), (taken_by_itself, -1)):
            for place, quantity in part(record, tracked).items():
                total[place] += sign * of * quantity
    return {place: quantity for place, quantity in sorted(total.items()) if quantity}


@dataclass
class StockAdjuster:
    """Adjusts stock. *patience*: after so long, what Lightspeed does not show never arrived; None: that is not said."""

    api: TillApi
    journal: WriteJournal
    patience: timedelta | None
    _reasons: dict[str, str] = field(default_factory=dict)
    _newest: int | None = None

    def adjust(self, places: Places, planned: RecordWrite, at: datetime) -> Adjusted:
        """Adjust by *places* (products by their ids in Lightspeed) once."""
        recorded = planned.operation_sha256 and self.journal.operations([planned.operation_sha256])
        if not places or recorded:
            return DONE
        try:
            items = self._items(places)
        except Declined as no:
            return _refused(no)
        began = replace(planned, request_key=str(self._last_known()), begun_at=at)
        line, first = self.journal.begin(began)
        if not first:
            if found := self._arrived(places, line):
                return self._settled(places, line, found)
            if self.patience is None or at - line.begun_at < self.patience:
                return _PARKED
            line = replace(line, begun_at=at)  # it is waited for anew
            self.journal.enter(line)
        return self._sent(items, places, line, first=first)

    def settle_lost(self, change_sha256: str, places: Places) -> None:
        """Settle adjustments of this name that nobody saw the answer to, where they are there."""
        for line in self.journal.list_open():
            if line.change_sha256 == change_sha256 and (found := self._arrived(places, line)):
                self._settled(places, line, found)

    def _sent(self, items: Sequence[Mapping[str, str]], places: Places, line: RecordWrite, *, first: bool) -> Adjusted:
        try:
            found = matching(places, self.api.adjust_stock(items))
        except Unanswered:
            found = self._arrived(places, line)
        except (Unavailable, BudgetSpent):  # it was not sent
            if first:
                self.journal.withdraw(line)
            raise
        except Declined as no:
            self.journal.enter(replace(line, outcome="refused"))
            return _refused(no)
        return self._settled(places, line, found) if found else _PARKED

    def _settled(self, places: Places, line: RecordWrite, found: Sequence[Row]) -> Adjusted:
        """Enter which adjustments, by their versions, are those of a line: they are nobody else's any more."""
        if len(found) < len(places):
            return _IN_PART
        versions = [int(row["version"]) for row in found]
        self._newest = max([self._newest or 0, *versions])
        self.journal.enter(replace(line, outcome="written", request_key=f"{min(versions)}-{max(versions)}"))
        return DONE

    def _items(self, places: Places) -> list[Mapping[str, str]]:
        reasons = self._own_reasons()
        return [
            {
                "product_id": product,
                "outlet_id": outlet,
                "quantity": _text(quantity),
                "reason": "CUSTOM",
                "custom_inventory_adjustment_reason_id": reasons["POSITIVE" if quantity > 0 else "NEGATIVE"],
            }
            for (product, outlet), quantity in places.items()
        ]

    def _arrived(self, places: Places, line: RecordWrite) -> list[Row]:
        """Return the adjustments of a line whose answer was lost: as it wanted them, newer than it, no other line's."""
        return matching(places, self._unclaimed(line))

    def _unclaimed(self, line: RecordWrite) -> list[Row]:
        """Return our adjustments since a line was begun that no other line of ours is known to have made."""
        ours = set(self._own_reasons().values())
        spans = [_span(each.request_key) for each in self.journal.list_written("stock")]
        rows = self.api.rows("stock_adjustments", int(line.request_key))
        return [
            row
            for row in rows
            if str(row.get("custom_inventory_adjustment_reason_id") or "") in ours
            and not any(first <= int(row["version"]) <= last for first, last in spans)
        ]

    def _last_known(self) -> int:
        """Return the version of the newest adjustment there is; those before our last one are not listed again."""
        if self._newest is None:
            known = max((_span(each.request_key)[1] for each in self.journal.list_written("stock")), default=0)
            newer = self.api.rows("stock_adjustments", known)
            self._newest = max((int(row["version"]) for row in newer), default=known)
        return self._newest

    def _own_reasons(self) -> Mapping[str, str]:
        """Return the ids of our reasons, which are added where the shop has none of them yet."""
        if not self._reasons:
            there = self._listed()
            for kind, name in REASONS.items():
                if kind not in there:
                    self._add_reason(name, kind)
            there = self._listed()
            if there.keys() != REASONS.keys():
                raise Unavailable("Lightspeed does not show the reasons for adjustments that were just added to it.")
            self._reasons = there
        return self._reasons

    def _listed(self) -> dict[str, str]:
        rows: Sequence[Row] = list(self.api.rows("custom_inventory_adjustment_reasons"))
        return {row["type"]: row["id"] for row in rows if REASONS.get(row["type"]) == row["name"]}

    def _add_reason(self, name: str, kind: str) -> None:
        try:
            self.api.create_reason(name, kind)
        except Unanswered:
            return  # the list tells
        except Declined as no:  # somebody was faster
            if no.status != HTTPStatus.CONFLICT:
                raise


def stock_line(of: RecordWrite, places: Places, change: str) -> RecordWrite:
    """Return the line of the journal for the adjustments of a change, whose own line is *of*."""
    name = hash_of(change, "stock", sorted(places.items()))
    return replace(
        of,
        position=of.rows + of.position,
        kind="stock",
        change_sha256=name,
        request_key="",
        operation_sha256=name,
        operation="apply",
    )


def matching(places: Places, rows: Iterable[Row]) -> list[Row]:
    """Return of adjustments those that move what is asked for, each once."""
    missing = {(*place, quantity) for place, quantity in places.items()}
    found: list[Row] = []
    for row in rows:
        one = (row["product_id"], row["outlet_id"], milli(row["quantity"]))
        if one in missing:
            missing.remove(one)
            found.append(row)
    return found


def _refused(no: Declined) -> Adjusted:
    """Tell why adjustments were refused; where nothing at all is let in, that is not about them."""
    if no.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise no
    return Adjusted(outcome="refused", says=no.says)


def _span(versions: str) -> tuple[int, int]:
    first, _, last = versions.partition("-")
    return int(first), int(last or first)


def _text(quantity_milli: int) -> str:
    return f"{quantity_milli / 1000:f}".rstrip("0").rstrip(".")
