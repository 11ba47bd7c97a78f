"""A target in this process's memory: the reference that every other one is compared with.

One record at a time and nothing clever, so that it is seen to be right.
"""

from collections.abc import Mapping
from threading import Lock

import polars as pl

from infra.connectors import NONE_ISSUED, OPERATIONS_SCHEMA
from infra.connectors.memory.stock import MemoryStock, as_rows
from infra.connectors.outcomes import STATES, expect_one_change_a_record
from infra.connectors.sql.tables import TARGET
from infra.databases.bulk import polars_schema
from schemas.capabilities import Capabilities
from schemas.domain import CREATED_AS, Resource
from schemas.problems import Refused
from schemas.records import BatchName, Total

Values = tuple[object, ...]
Change = Mapping[str, object]
LEVEL_SCHEMA = {"product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64}


class MemoryTarget:
    """A target that is gone with the process."""

    name = "memory"
    can = Capabilities(operation_ids=True, read_back=True, undo=True, guard="compare_and_set", unit="batch")

    def __init__(self) -> None:
        self._lock = Lock()
        self._records: dict[tuple[str, str], Values] = {}
        """By resource and lower-case key: the key as it is spelled, then the columns."""
        self._issued: dict[tuple[str, str], str] = {}
        """By resource and name: the key of the record that was created under it."""
        self._states: dict[object, str] = {}
        self._batches: dict[BatchName, list[str]] = {}
        self._stock = MemoryStock(self._records)

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        wanted = None if keys is None else {key.lower() for key in keys.drop_nulls()}
        with self._lock:
            found = [
                values
                for (name, key), values in self._records.items()
                if name == resource.name and (wanted is None or key in wanted)
            ]
        columns = TARGET.tables[resource.name].c
        schema = {resource.key: pl.String} | polars_schema([columns[name] for name in resource.columns])
        return pl.DataFrame(found, schema=schema, orient="row")

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        live = pl.col(resource.status) == resource.live if resource.status else pl.lit(True)
        unit = pl.col(resource.unit) if resource.unit else pl.lit("")
        cents = pl.col(resource.amount) if resource.amount else pl.lit(0)
        records = self.read(resource, None).filter(live).with_columns(unit=unit, cents=cents)
        summed = records.group_by("unit").agg(pl.len(), pl.col("cents").sum()).sort("unit")
        return tuple(Total(currency=unit, count=count, sum_cents=cents) for unit, count, cents in summed.iter_rows())

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        with self._lock:
            known = [(name, self._issued[place]) for name in names if (place := (resource.name, name)) in self._issued]
        return pl.DataFrame(known, schema=NONE_ISSUED.schema, orient="row")

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        with self._lock:
            known = [(each, self._states[each]) for each in operation_ids.unique() if each in self._states]
        return pl.DataFrame(known, schema=OPERATIONS_SCHEMA, orient="row")

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        with self._lock:
            then = self._batches.get(batch)
        return None if then is None else pl.Series("outcome", then, dtype=pl.String)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        expect_one_change_a_record(changes, resource)
        with self._lock:
            earlier = self._batches.get(batch)
            if earlier is None:
                earlier = [self._write_one(resource, change, batch) for change in changes.iter_rows(named=True)]
                self._batches[batch] = [outcome.replace("written", "done") for outcome in earlier]
        if len(earlier) != changes.height:
            raise Refused(f"Batch {batch.number} of plan {batch.plan_id} was written before, with other changes.")
        return pl.Series("outcome", earlier, dtype=pl.String)

    def levels(self, outlets: pl.Series | None) -> pl.DataFrame:
        with self._lock:
            levels = [(*place, level) for place, level in self._stock.levels().items()]
        wanted = [row for row in levels if outlets is None or row[1] in outlets.to_list()]
        return pl.DataFrame(wanted, schema=LEVEL_SCHEMA, orient="row")

    def edited_lines(self, sales: pl.Series) -> pl.Series:
        """Return none: here lines are nowhere but in their sale."""
        return sales.clear()

    def movements(self, run_id: str) -> pl.DataFrame:
        with self._lock:
            return as_rows(self._stock.movements, run_id)

    def sold_only(self) -> pl.DataFrame:
        with self._lock:
            movements = [((each.product_id, each.outlet_id), each.order_key) for each in self._stock.movements]
        counted = {place for place, order_key in movements if order_key is None}
        sold = sorted({place for place, _ in movements} - counted)
        return pl.DataFrame(sold, schema={"product_id": pl.String, "outlet_id": pl.String}, orient="row")

    def uneven_levels(self) -> pl.DataFrame:
        with self._lock:
            levels, sums = self._stock.levels(), self._stock.added_up()
        uneven = [(*place, level, sums[place]) for place, level in sorted(levels.items()) if level != sums[place]]
        return pl.DataFrame(uneven, schema={**LEVEL_SCHEMA, "moved_milli": pl.Int64}, orient="row")

    def referred(self, products: pl.Series, going: Mapping[str, pl.Series]) -> pl.Series:
        gone = {name: set(keys) for name, keys in going.items()}
        with self._lock:
            return pl.Series("product_id", [each for each in products if self._stock.refers_to(each, gone)], pl.String)

    def _write_one(self, resource: Resource, change: Change, batch: BatchName) -> str:
        place = self._place(resource, str(change[resource.key]))
        operation_id, state = change["operation_id"], STATES.get(str(change["operation"]), "")
        before, after = (tuple(change[f"{c}_{side}"] for c in resource.columns) for side in ("before", "after"))
        now = self._records.get(place, (None, *(None for _ in resource.columns)))[1:]
        if operation_id is not None and self._states.get(operation_id) == state:
            return "unchanged"
        if operation_id is None and now == after:
            return "unchanged"
        if now != before or not self._stock.allows(resource, change):
            return "conflict"
        if operation_id is not None:
            self._states[operation_id] = state
        self._put(place, change, after, resource)
        self._stock.follow(resource, change, batch)
        return "written"

    def _place(self, resource: Resource, key: str) -> tuple[str, str]:
        return resource.name, self._issued.get((resource.name, key), key).lower()

    def _put(self, place: tuple[str, str], change: Change, after: Values, resource: Resource) -> None:
        if change["kind"] == "remove":
            del self._records[place]
            self._issued = {named: key for named, key in self._issued.items() if (named[0], key) != place}
        elif place[1].startswith(CREATED_AS):
            self._create(resource, str(change[resource.key]), after)
        else:
            spelled = self._records.get(place, (change[resource.key],))[0]
            self._records[place] = (spelled, *after)

    def _create(self, resource: Resource, name: str, after: Values) -> None:
        """Issue the next number."""
        key = str(1 + max((int(key) for of, key in self._records if of == resource.name), default=0))
        self._issued[resource.name, name] = key
        self._records[resource.name, key] = (key, *after)
