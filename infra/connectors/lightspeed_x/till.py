"""The till of Lightspeed as a target: sales, products and stock, by its API.

Sales are looked for before they are sent and never deleted, stock moves by differences, products are made and never
removed. Registers, outlets, taxes and payment types are made in Lightspeed and found by the settings.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from infra.connectors import RemembersNothing, WriteJournal
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.lightspeed_x.buyers import Buyers
from infra.connectors.lightspeed_x.pacing import Pacer
from infra.connectors.lightspeed_x.sale_book import SaleBook
from infra.connectors.lightspeed_x.sale_changes import SaleChange
from infra.connectors.lightspeed_x.sale_facts import CLOSED
from infra.connectors.lightspeed_x.sale_writing import SaleWriter
from infra.connectors.lightspeed_x.till_stock import TillStock
from infra.connectors.outcomes import expect_one_change_a_record
from infra.connectors.record_hashes import key_hash
from schemas.capabilities import CallCosts, CallWindow, Capabilities
from schemas.customers import CUSTOMERS
from schemas.domain import Resource
from schemas.orders.records import PAID_BY, SALES, Sales
from schemas.orders.steps import PaymentTypes
from schemas.problems import Refused
from schemas.record_writes import OPEN, RecordWrite
from schemas.records import BatchName
from schemas.stock import LEVELS, OUTLETS, PRODUCT_RECORDS, REGISTERS

BATCH_ROWS = 25
"""Sales of one batch: at one register's pace about two minutes between two signs of progress."""
FINAL = "A sale that was voided in Lightspeed stays voided; its order is not booked again under its own id."
_SALES_SCHEMA = pl.Schema({name: column.dtype.type for name, column in Sales.to_schema().columns.items()})
MOVEMENTS_SCHEMA = pl.Schema(
    {
        "order_key": pl.String,
        "product_id": pl.String,
        "outlet_id": pl.String,
        "reason": pl.String,
        "quantity_milli": pl.Int64,
        "plan_id": pl.String,
    }
)
HOLDS_SCHEMA = pl.Schema({"key": pl.String, "code": pl.String, "detail": pl.String})


class LightspeedTill(RemembersNothing):
    """The target. One process at a time writes."""

    name = "lightspeed_x_till"
    can = Capabilities(
        operation_ids=False,
        read_back=True,
        undo=True,
        batch_rows=BATCH_ROWS,
        guard="keyed",
        unit="record",
        costs=CallCosts(create=4, update=4, remove=4),
        final=FINAL,
        list_all=False,
        buyer_stays=frozenset({CLOSED}),
    )

    def __init__(
        self,
        sales: SaleWriter,
        stock: TillStock,
        buyers: Buyers,
        journal: WriteJournal,
        book: SaleBook,
        pacer: Pacer,
        reasons: BatchReasons,
    ) -> None:
        self._sales = sales
        self._stock = stock
        self._buyers = buyers
        self._journal = journal
        self._book = book
        self._pacer = pacer
        self.reasons = reasons

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Return the records among *keys*, or all; sales only by their keys.

        Raises:
            Refused: All sales were asked for: of them only the orders at hand are known.
        """
        if resource.name == SALES.name:
            return self._read_sales(keys).select(resource.key, *resource.columns)
        readers: Mapping[str, Callable[[], pl.DataFrame]] = {
            PRODUCT_RECORDS.name: self._stock.products,
            LEVELS.name: self._stock.level_records,
            OUTLETS.name: self._stock.outlets,
            REGISTERS.name: self._stock.registers,
            CUSTOMERS.resource.name: self._buyers.records,
        }
        records = readers[resource.name]().select(resource.key, *resource.columns)
        if keys is None:
            return records
        wanted = keys.cast(pl.String).str.to_lowercase()
        return records.filter(pl.col(resource.key).str.to_lowercase().is_in(wanted.implode()))

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        """Return what the journal says of a batch; what it does not know of sales is looked for in Lightspeed first."""
        lost = [line for line in self._journal.recall(batch) if line.outcome == OPEN and line.kind == "sale"]
        for line in lost:
            if line.request_key:
                self._sales.settle_lost(line)
        lines = _by_position(self._journal.recall(batch))
        then = [line.recalled for _, line in sorted(lines.items())]
        return pl.Series("outcome", then, pl.String) if lines else None

    def check_terms(self) -> None:
        """Look up what the settings name, by which sales are booked.

        Raises:
            SettingsNeedFixing: Something of it is not said, or not there.
            Declined: It does not let us in.
        """
        self._sales.shop.clerk()

    def payment_types(self) -> PaymentTypes:
        """Return which payment type orders are paid with.

        Raises:
            SettingsNeedFixing: The settings do not say it, or name what is not there.
        """
        return self._sales.shop.clerk().terms.payments

    def windows(self) -> tuple[CallWindow, ...]:
        """Return the one window of Lightspeed, which all processes share."""
        return (self._pacer.window(),)

    def holds(self, resource: Resource, changes: pl.DataFrame) -> pl.DataFrame:
        """Return ``key, code, detail`` of changes that Lightspeed has no way to take.

        Raises:
            SettingsNeedFixing: The settings do not say by what sales are booked, or name what is not there.
        """
        if resource.name != SALES.name or changes.is_empty():
            return HOLDS_SCHEMA.to_frame()
        clerk = self._sales.shop.clerk()
        found = [(change.order_key, self._sales.problem(change, clerk)) for change in _sale_changes(changes)]
        rows = [(key, why.code, why.detail) for key, why in found if why]
        return pl.DataFrame(rows, schema=HOLDS_SCHEMA, orient="row")

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one change after the other; what an earlier attempt settled is not asked for again.

        Raises:
            Unavailable: Lightspeed did not answer a question; what was written before stays.
            Declined: It does not let us do such a thing at all.
            Refused: Places are made in Lightspeed, not by us.
        """
        expect_one_change_a_record(changes, resource)
        earlier = _by_position(self._journal.recall(batch))
        keys = changes[resource.key].to_list()
        _expect_same(earlier.values(), keys, batch)
        settle = self._settler(resource, changes)
        outcomes = []
        for position, key in enumerate(keys):
            known = earlier.get(position)
            if known and known.outcome != OPEN:
                outcomes.append(known.recalled)
                continue
            line = known or self._sales.line(key, batch, position, len(keys))
            outcomes.append(self._entered(line, settle(position, line)))
        return pl.Series("outcome", outcomes, pl.String)

    def levels(self, outlets: pl.Series | None) -> pl.DataFrame:
        """Return the levels of these outlets, or of all."""
        levels = self._stock.level_records().select("product_id", "outlet_id", "quantity_milli")
        return levels if outlets is None else levels.filter(pl.col("outlet_id").is_in(outlets.implode()))

    def movements(self, run_id: str) -> pl.DataFrame:
        """Return what a run moved, as Lightspeed answered it."""
        return pl.DataFrame(self._book.moved(run_id), schema=MOVEMENTS_SCHEMA, orient="row")

    def booked(self, after: str, before: str) -> pl.Series:
        """Return the keys of orders whose sales were booked for a moment between these two."""
        return pl.Series("order_key", self._book.booked(after, before), pl.String)

    def edited_lines(self, sales: pl.Series) -> pl.Series:
        """Return none: what was edited shows in the sale itself."""
        return sales.clear()

    def sold_only(self) -> pl.DataFrame:
        """Return none: why a level is what it is, Lightspeed does not tell."""
        return MOVEMENTS_SCHEMA.to_frame().select("product_id", "outlet_id")

    def uneven_levels(self) -> pl.DataFrame:
        """Return none: Lightspeed adds its own levels up."""
        return self._stock.level_records().clear().with_columns(moved_milli=pl.lit(0, pl.Int64)).drop("level_key")

    def referred(self, products: pl.Series, going: Mapping[str, pl.Series]) -> pl.Series:  # noqa: ARG002
        """Return all: a product that a sale was ever booked on is taken out of use and not deleted."""
        return products

    def _read_sales(self, keys: pl.Series | None) -> pl.DataFrame:
        if keys is None:
            raise Refused("The sales of Lightspeed are asked for order by order; comparing all of them is not offered.")
        asked = dict.fromkeys(key.lower() for key in keys.drop_nulls())
        spelled = {key.lower(): key for key in keys.drop_nulls()}
        found = [{SALES.key: spelled[key], **record} for key in asked if (record := self._sales.record(key))]
        return pl.DataFrame(found, schema=_SALES_SCHEMA)

    def _settler(self, resource: Resource, changes: pl.DataFrame) -> Callable[[int, RecordWrite], str]:
        """Return what carries out the change at a position."""
        if resource.name == SALES.name:
            planned = _sale_changes(changes)
            return lambda position, line: self._sales.settle(planned[position], line)
        rows = changes.to_dicts()
        self._stock.products()
        if resource.name == PRODUCT_RECORDS.name:
            return lambda position, line: self._stock.settle_product(rows[position], line)
        if resource.name == LEVELS.name:
            return lambda position, line: self._stock.settle_level(rows[position], line)
        raise Refused(
            f"Lightspeed's {resource.name} are made in Lightspeed, under Setup. Name one that is there: outlet and "
            "at_register. Nothing was written."
        )

    def _entered(self, line: RecordWrite, outcome: str) -> str:
        """Enter what became of a change, unless nobody knows yet."""
        if outcome != "unknown":
            self._journal.enter(replace(line, outcome=outcome))
        return outcome


def _sale_changes(changes: pl.DataFrame) -> list[SaleChange]:
    return [
        SaleChange(
            order_key=row[SALES.key],
            before=_side(row, "before"),
            after=_side(row, "after") or {},
            paid_by=row.get(f"{PAID_BY}_after") or "",
        )
        for row in changes.iter_rows(named=True)
    ]


def _side(row: Mapping[str, Any], side: str) -> Mapping[str, Any] | None:
    record = {column: row[f"{column}_{side}"] for column in SALES.columns}
    return None if record["state"] is None else record


def _by_position(lines: Iterable[RecordWrite]) -> dict[int, RecordWrite]:
    """Return the lines of the changes themselves; those of their stock stand behind them."""
    return {line.position: line for line in lines if line.position < line.rows}


def _expect_same(lines: Iterable[RecordWrite], keys: Sequence[str], batch: BatchName) -> None:
    """Raise Refused where a batch of this name was begun with other changes."""
    if not all(line.rows == len(keys) and line.key_sha256 == key_hash(keys[line.position]) for line in lines):
        raise Refused(f"Batch {batch.number} of plan {batch.plan_id} was written before, with other changes.")
