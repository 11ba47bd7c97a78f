"""Changes of our records turned into what is written to the user's table, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.connectors.outcomes import STATES
from infra.connectors.own_database.reading import Held
from infra.connectors.own_database.tables import OwnTable, Raw, fitted
from infra.connectors.own_database.values import Unmapped, store_value
from schemas.domain import CREATED_AS

Change = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RowWrite:
    """One row to be written: what is set, where the row still is as it was *seen* (None: a new one).

    *named* is the name under which a record is created whose key the database issues. *at* is the change's place.
    """

    at: int
    kind: str
    values: Raw
    seen: Raw | None
    named: str = ""
    operation_id: str | None = None
    state: str = ""


def row_writes(
    own: OwnTable, changes: Sequence[tuple[int, Change]], held: Held
) -> tuple[list[RowWrite], dict[int, str]]:
    """Turn changes, each with its place, into writes; of those that the table cannot hold, say why not."""
    writes, refused = [], {}
    for at, change in changes:
        try:
            writes.append(_row_write(own, at, change, held))
        except Unmapped as wrong:
            refused[at] = str(wrong)
    return writes, refused


def _row_write(own: OwnTable, at: int, change: Change, held: Held) -> RowWrite:
    key = str(change[own.resource.key])
    named = key if key.startswith(CREATED_AS) else ""
    _expect_constants(own, change)
    return RowWrite(
        at=at,
        kind=change["kind"],
        values=_values(own, change, key, named=bool(named)),
        seen=None if change["kind"] == "create" else held.raw[key.lower()],
        named=named,
        operation_id=change["operation_id"],
        state=STATES.get(change["operation"], ""),
    )


def _expect_constants(own: OwnTable, change: Change) -> None:
    """See that nothing else is asked for than what all records of the table have."""
    for name, constant in own.mapping.constants().items():
        if change[f"{name}_after"] not in (None, constant):
            raise Unmapped(f"{own.mapping.table} has no column for {name}: there it is the same for all records")


def _values(own: OwnTable, change: Change, key: str, *, named: bool) -> Raw:
    if change["kind"] == "remove":
        return {}
    creates = change["kind"] == "create"
    stored = own.mapping.stored()
    written = [name for name in stored if creates or change[f"{name}_before"] != change[f"{name}_after"]]
    values = {stored[name].column: _stored(own, change, name) for name in written}
    filled = {
        name: _fit(own, name, fill) for name, fill in (own.mapping.create if creates else own.mapping.update).items()
    }
    return ({own.mapping.key.column: _key(own, key)} if creates and not named else {}) | values | filled


def _stored(own: OwnTable, change: Change, name: str) -> Any:
    mapped = own.mapping.stored()[name]
    unit = change.get(f"{own.resource.unit}_after", "")
    digits = own.digits(unit) if mapped.stored_as == "decimal" else 0
    try:
        return _fit(own, mapped.column, store_value(change[f"{name}_after"], mapped, digits))
    except Unmapped as wrong:
        raise Unmapped(f"{name} cannot be written to {mapped.column}: {wrong}") from None


def _fit(own: OwnTable, column: str, value: object) -> Any:
    return fitted(own.table.c[column], value)


def _key(own: OwnTable, key: str) -> str | int:
    if not own.numbered:
        return key
    if not (key.isascii() and key.isdigit() and str(int(key)) == key):
        raise Unmapped(f"{own.mapping.key.column} takes whole numbers only as keys")
    return int(key)
