"""Products, levels and places of a till on Lightspeed: how they are listed, made and opened.

Lists are read once and kept until they are asked for as a whole again. A product is looked for before it is made. A
level is opened only where Lightspeed still shows none, by the difference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from infra.connectors import WriteJournal
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_facts import milli
from infra.connectors.lightspeed_x.stock_corrections import StockAdjuster
from infra.connectors.lightspeed_x.till_api import TillApi
from infra.connectors.lightspeed_x.till_records import (
    Catalogue,
    new_product,
    read_catalogue,
    read_levels,
    read_outlets,
    read_registers,
)
from infra.connectors.record_hashes import hash_of
from schemas.problems import BudgetSpent, Declined, Unanswered, Unavailable
from schemas.record_writes import RecordWrite
from schemas.stock import PRODUCT_RECORDS

Change = Mapping[str, Any]
ONLY_ACTIVE = "Of a product that is in Lightspeed only whether it is sold is changed from here: change the rest there."
COUNT_THERE = "A level that Lightspeed has is counted there: an import only opens one where there is none."


@dataclass
class TillStock:
    """The products and stock of one shop. *source* is what our web shop is called at the till."""

    api: TillApi
    journal: WriteJournal
    adjuster: StockAdjuster
    currency: str
    digits: int
    source: str
    reasons: BatchReasons = field(default_factory=BatchReasons)
    _listed: list[Row] | None = None
    _catalogue: Catalogue | None = None

    def products(self) -> pl.DataFrame:
        """List all products anew."""
        self._listed = self._catalogue = None
        return self.catalogue().records

    def listed(self) -> Sequence[Row]:
        """Return the products as Lightspeed tells them."""
        if self._listed is None:
            self._listed = list(self.api.rows("products"))
        return self._listed

    def catalogue(self) -> Catalogue:
        """Return the products, listed once."""
        if self._catalogue is None:
            self._catalogue = read_catalogue(
                self.listed(), currency=self.currency, digits=self.digits, source=self.source
            )
        return self._catalogue

    def level_records(self) -> pl.DataFrame:
        """Return the levels that are not zero."""
        return read_levels(self.api.inventory(), self.catalogue().own_ids)

    def outlets(self) -> pl.DataFrame:
        """Return the outlets."""
        return read_outlets(self.api.rows("outlets"))

    def registers(self) -> pl.DataFrame:
        """Return the registers."""
        return read_registers(self.api.rows("registers"))

    def settle_product(self, change: Change, planned: RecordWrite) -> str:
        """Make a product, or put one in or out of use, where it still is as it was planned against."""
        key = change[PRODUCT_RECORDS.key]
        before, after = (_side(change, side) for side in ("before", "after"))
        there = self.catalogue().records.filter(product_id=key).select(PRODUCT_RECORDS.columns).to_dicts()
        now = there[0] if there else None
        if now == after:
            return "unchanged"
        if now != before:
            return "conflict"
        if after is None or (before and _but_active(before) != _but_active(after)):
            return self._because(planned, ONLY_ACTIVE, "refused")
        name = hash_of("product", planned.key_sha256, before is None, after["active"])
        line = replace(planned, kind="product", change_sha256=name)
        if before is None:
            return self._sent(line, lambda: self.api.create_product(new_product(key, after, self.digits)))
        body = {"details": {"is_active": after["active"] == "yes"}}
        live = self.catalogue().live_id(key)
        return self._sent(line, lambda: self.api.update_product(live, body))

    def settle_level(self, change: Change, planned: RecordWrite) -> str:
        """Open a level, or take its opening back, where it still is as it was planned against."""
        place = {name: change[f"{name}_after"] or change[f"{name}_before"] for name in ("product_id", "outlet_id")}
        before, after = ((change[f"quantity_milli_{side}"] or 0) for side in ("before", "after"))
        now = self._level_now(place["product_id"], place["outlet_id"])
        live = self.catalogue().live_id(place["product_id"]), place["outlet_id"]
        if now in (before, after):
            self._settle_lost(live, before if now == after else after, now)
        if now == after:
            return "unchanged"
        if now != before:
            return "conflict"
        if before and after:
            return self._because(planned, COUNT_THERE, "refused")
        line = replace(planned, position=planned.rows + planned.position, kind="stock")
        line = replace(line, change_sha256=_opening(live, before, after))
        adjusted = self.adjuster.adjust({live: after - before}, line, planned.begun_at)
        return self._because(planned, adjusted.says, adjusted.outcome)

    def _settle_lost(self, live: tuple[str, str], before: int, now: int) -> None:
        """Settle what was lost and led to the level there is, so that it is not taken for a later one of its kind."""
        self.adjuster.settle_lost(_opening(live, before, now), {live: now - before})

    def _level_now(self, product: str, outlet: str) -> int:
        rows = self.api.levels_of(self.catalogue().live_id(product))
        return sum(milli(row["current_inventory_level"]) for row in rows if row["outlet_id"] == outlet)

    def _sent(self, planned: RecordWrite, send: Callable[[], object]) -> str:
        """Send a change of a product between two entries in the journal."""
        line, first = self.journal.begin(planned)
        try:
            send()
        except Unanswered:
            return "unknown"  # the next attempt looks before it sends
        except (Unavailable, BudgetSpent):  # it was not sent
            if first:
                self.journal.withdraw(line)
            raise
        except Declined as no:
            if no.is_about_access:
                raise
            return self._because(planned, no.says, "refused")
        return "written"

    def _because(self, line: RecordWrite, says: str, outcome: str) -> str:
        self.reasons.add(line.batch, says)
        return outcome


def _opening(live: tuple[str, str], before: int, after: int) -> str:
    """Name a change of a level."""
    return hash_of("opening", *live, before, after)


def _side(change: Change, side: str) -> dict[str, Any] | None:
    record = {column: change[f"{column}_{side}"] for column in PRODUCT_RECORDS.columns}
    return None if record["active"] is None else record


def _but_active(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "active"}
