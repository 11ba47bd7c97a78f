"""Rejected orders of a JSON list with some of their fields corrected: as a person would have who typed over them.

Only what is read of an order is typed over. All else of it stays as it stands.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.problems import FileNeedsFixing
from schemas.rejects import DROP_WORDS
from tasks.core.orders.objects import ERROR, ORDER_SHAPE, REFERENCE, as_they_stand
from tasks.core.rejects.corrections import Correction, Field, RejectedRow

Place = tuple[str | int, ...]
"""Where a field stands in an order: the names and positions that lead to it."""

_NESTED = ("line_items", "shipping_lines", "fee_lines", "refunds")
_CALLED = {"id": "order_id"}
"""What findings call a field otherwise than the shop."""


def _scalars(shape: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, dtype in shape.items() if dtype == pl.String and name != REFERENCE)


_OF_ORDER = _scalars(ORDER_SHAPE)
_OF_LINES = {name: _scalars(dict(ORDER_SHAPE[name].inner)) for name in _NESTED}  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class RejectedOrders:
    """Rejected orders. ``orders`` are as they stand, and ``places`` those of the fields of each, by line."""

    orders: Mapping[int, Mapping[str, Any]]
    places: Mapping[int, tuple[tuple[Place, str], ...]]

    suffix = "json"

    @property
    def rows(self) -> tuple[RejectedRow, ...]:
        """Return the orders as rows of their fields' texts."""
        return tuple(
            RejectedRow(line=line, cells=tuple(_text_at(self.orders[line], place) for place, _ in places))
            for line, places in self.places.items()
        )

    @property
    def width(self) -> int:
        """How many fields the largest order has."""
        return max((len(places) for places in self.places.values()), default=0)

    def fields(self, row: RejectedRow) -> tuple[Field, ...]:
        """Return the fields of an order."""
        named = enumerate(self.places[row.line])
        return tuple(Field(at=at, heading=name, text=str(row.cells[at])) for at, (_, name) in named)

    def written(self, corrections: Mapping[int, Correction], lines: Iterable[int]) -> bytes:
        """Write the orders that stood on these *lines*, with their *corrections*, as a list."""
        wanted = frozenset(lines)
        kept = [self._corrected(line, corrections.get(line)) for line in self.orders if line in wanted]
        return json.dumps(kept, ensure_ascii=False, indent=1).encode(errors="backslashreplace")

    def _corrected(self, line: int, correction: Correction | None) -> Mapping[str, Any]:
        order, places = copy.deepcopy(dict(self.orders[line])), self.places[line]
        typed = correction.cells if correction else {}
        meant = {places[at][0]: text for at, text in typed.items() if text != _text_at(order, places[at][0])}
        for place, text in meant.items():
            _put(order, place, text)
        if correction and correction.dropped:
            return {**order, ERROR: f"{DROP_WORDS['en']}: {correction.dropped}"}
        return {**order, ERROR: ""} if meant else order


def read_json_rejects(content: bytes, *, name: str) -> RejectedOrders:
    """Read rejected orders for correction.

    Raises:
        FileNeedsFixing: They are none of ours, or cannot be read.
    """
    found = {_line_of(order): order for order in as_they_stand(content)}
    orders = {line: order for line, order in found.items() if line is not None}
    if not orders:
        raise FileNeedsFixing(f"{name} holds no rejected orders: the fields that say what is wrong are missing.")
    return RejectedOrders(orders=orders, places={line: tuple(_places(order)) for line, order in orders.items()})


def _line_of(order: object) -> int | None:
    reference = str(order.get(REFERENCE, "")) if isinstance(order, Mapping) else ""
    line = reference.rpartition(":")[2]
    return int(line) if line.isdecimal() else None


def _places(order: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Name the fields of an order as findings do."""
    called = f"order {_text_at(order, ('id',)) or '?'}"
    yield from (((name,), f"{called}, {_CALLED.get(name, name)}") for name in _OF_ORDER)
    if isinstance(order.get("billing"), Mapping):
        yield ("billing", "email"), f"{called}, email"
    for kind, names in _OF_LINES.items():
        word = "refund" if kind == "refunds" else "line"
        for at, line in _of_list(order.get(kind)):
            of_line = f"{called}, {word} {_text_at(line, ('id',)) or '?'}"
            yield from (((kind, at, name), f"{of_line}, {name}") for name in names if name in line)


def _of_list(lines: Any) -> Sequence[tuple[str | int, Mapping[str, Any]]]:
    """Return the objects of a list, each with where it is; PHP writes one whose numbers have gaps as an object."""
    every = lines.items() if isinstance(lines, Mapping) else enumerate(lines) if isinstance(lines, list) else ()
    return [(at, line) for at, line in every if isinstance(line, Mapping)]


def _text_at(order: Any, place: Place) -> str:
    value = order
    for step in place:
        value = value.get(step) if isinstance(value, Mapping) else value[step]
    if value is None or isinstance(value, str):
        return (value or "").encode(errors="replace").decode()  # half a character can be on no page
    return json.dumps(value, ensure_ascii=False)


def _put(order: Any, place: Place, text: str) -> None:
    *path, last = place
    for step in path:
        order = order[step]
    order[last] = text
