"""The stock of the target in memory: one movement at a time and nothing clever, so that it is seen to be right."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from schemas.domain import KEY_SEPARATOR, Resource
from schemas.orders.records import SALES
from schemas.records import BatchName

Records = dict[tuple[str, str], tuple[object, ...]]
"""By resource and lower-case key: the key as it is spelled, then the columns."""
Change = Mapping[str, object]
Place = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Movement:
    """So much of a product came to an outlet, or left it."""

    order_key: str | None
    product_id: str
    outlet_id: str
    reason: str
    quantity_milli: int
    plan_id: str
    run_id: str


class MemoryStock:
    """What moved, and the levels among the *records* of a target, which follow."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.movements: list[Movement] = []

    def allows(self, resource: Resource, change: Change) -> bool:
        """Say whether what else the target holds allows a change."""
        if resource.name == "sales":
            return change["state_after"] in (None, "voided") or self._knows_all_of(change)
        if resource.name == "products" and change["kind"] == "remove":
            product = str(change["product_id"])
            return not self.refers_to(product, {}) and not any(self._levels_of(product).values())
        if resource.name == "stock_levels":
            return self._allows_level(change)
        return True

    def follow(self, resource: Resource, change: Change, batch: BatchName) -> None:
        """Let the stock follow a change that was just written."""
        if resource.name == "sales":
            self._follow_sale(change, batch)
        if resource.name == "products" and change["kind"] == "remove":
            self._forget(str(change["product_id"]))
        if resource.name == "stock_levels":
            self._follow_level(change, batch)

    def refers_to(self, product: str, going: Mapping[str, set[str]]) -> bool:
        """Say whether anything refers to a product: a sale that is there, or what else moved it."""
        gone = going.get("sales", set())
        sold = {str(sale["order_key"]): sale for sale in self._sales() if sale["state"] != "voided"}
        there = {key: sale for key, sale in sold.items() if key not in gone}
        lines = any(line["product_id"] == product for sale in there.values() for line in json.loads(str(sale["lines"])))
        return lines or any(
            self._refers(each, there.keys(), going) for each in self.movements if each.product_id == product
        )

    def levels(self) -> dict[Place, int]:
        """Return every level."""
        held = [values for (name, _), values in self._records.items() if name == "stock_levels"]
        return {(str(product), str(outlet)): int(str(milli)) for _, product, outlet, milli in held}

    def added_up(self) -> Counter[Place]:
        """Return the sum of what moved, by place."""
        summed: Counter[Place] = Counter()
        for each in self.movements:
            summed[each.product_id, each.outlet_id] += each.quantity_milli
        return summed

    def _refers(self, movement: Movement, there: object, going: Mapping[str, set[str]]) -> bool:
        if movement.order_key is not None:
            return movement.order_key in there  # type: ignore[operator]
        key = KEY_SEPARATOR.join((movement.product_id, movement.outlet_id))
        return not (movement.reason == "opening" and key in going.get("stock_levels", set()))

    def _sales(self) -> Iterator[Mapping[str, object]]:
        columns = (SALES.key, *SALES.columns)
        return (dict(zip(columns, values, strict=True)) for (of, _), values in self._records.items() if of == "sales")

    def _knows_all_of(self, sale: Change) -> bool:
        named = {line["product_id"] for line in json.loads(str(sale["lines_after"]))} - {""}
        places = self._knows("registers", sale["register_id_after"]) and self._knows("outlets", sale["outlet_id_after"])
        return places and all(self._knows("products", each) for each in named)

    def _knows(self, resource: str, key: object) -> bool:
        return self._records.get((resource, str(key).lower()), (None,))[0] == key

    def _allows_level(self, change: Change) -> bool:
        if change["kind"] == "create":
            return self._knows("products", change["product_id_after"]) and self._knows(
                "outlets", change["outlet_id_after"]
            )
        place = (change["product_id_before"], change["outlet_id_before"])
        reasons = {each.reason for each in self.movements if (each.product_id, each.outlet_id) == place}
        return change["kind"] == "update" or reasons <= {"opening"}

    def _follow_sale(self, change: Change, batch: BatchName) -> None:
        moved = effect_of(change, "after")
        moved.subtract(effect_of(change, "before"))
        spelled = str(self._records["sales", str(change["order_key"]).lower()][0])
        for (product, outlet, reason), milli in moved.items():
            if milli:
                self._enter(spelled, (product, outlet), reason, milli, batch)
                level = self.levels().get((product, outlet), 0) + milli
                key = KEY_SEPARATOR.join((product, outlet))
                self._records["stock_levels", key.lower()] = (key, product, outlet, level)

    def _follow_level(self, change: Change, batch: BatchName) -> None:
        if change["kind"] == "remove":
            place = (change["product_id_before"], change["outlet_id_before"])
            self.movements = [each for each in self.movements if (each.product_id, each.outlet_id) != place]
            return
        place = (str(change["product_id_after"]), str(change["outlet_id_after"]))
        difference = int(str(change["quantity_milli_after"])) - int(str(change["quantity_milli_before"] or 0))
        self._enter(None, place, "opening" if change["kind"] == "create" else "count", difference, batch)

    def _enter(self, order_key: str | None, place: Place, reason: str, milli: int, batch: BatchName) -> None:
        self.movements.append(
            Movement(
                order_key=order_key,
                product_id=place[0],
                outlet_id=place[1],
                reason=reason,
                quantity_milli=milli,
                plan_id=batch.plan_id,
                run_id=batch.run_id,
            )
        )

    def _levels_of(self, product: str) -> dict[Place, int]:
        return {place: level for place, level in self.levels().items() if place[0] == product}

    def _forget(self, product: str) -> None:
        self.movements = [each for each in self.movements if each.product_id != product]
        for place in self._levels_of(product):
            del self._records["stock_levels", KEY_SEPARATOR.join(place).lower()]


def effect_of(change: Change, side: str) -> Counter[tuple[str, str, str]]:
    """Count what one side of a change of a sale did to stock."""
    taken: Counter[tuple[str, str, str]] = Counter()
    if change[f"state_{side}"] != "closed":
        return taken
    for line in json.loads(str(change[f"lines_{side}"])):
        if line["moves"] and line["product_id"]:
            place = (line["product_id"], str(change[f"outlet_id_{side}"]))
            taken[*place, "sale"] -= line["quantity_milli"]
            if change[f"stock_{side}"] == "neutral":
                taken[*place, "neutral"] += line["quantity_milli"]
    return taken


def as_rows(movements: list[Movement], run_id: str) -> pl.DataFrame:
    """Return what a run moved."""
    names = ("order_key", "product_id", "outlet_id", "reason", "quantity_milli", "plan_id")
    rows = [[getattr(each, name) for name in names] for each in movements if each.run_id == run_id]
    schema = dict.fromkeys(names, pl.String) | {"quantity_milli": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
