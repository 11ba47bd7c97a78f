"""Records read from the user's table: all of them, those of some keys, and what they add up to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from infra.connectors.outcomes import folded
from infra.connectors.own_database.exact_text import ExactText
from infra.connectors.own_database.mapping import ColumnMapping
from infra.connectors.own_database.tables import OwnTable, Raw, as_stored, is_text
from infra.connectors.own_database.values import Unmapped, read_value
from schemas.domain import Resource
from schemas.problems import Refused
from schemas.records import Total

KEYS_AT_ONCE = 450
"""Keys in one question: SQL Server takes 2,100 parameters, and each key may be asked for in two spellings."""
KEYS_LOOKED_UP = 20_000
"""More keys than these are found faster by reading the whole table."""
PART_ROWS = 50_000


@dataclass(frozen=True, kw_only=True)
class Held:
    """Records as they are now: in our form, and as they are stored, by their key in lower case."""

    records: pl.DataFrame
    raw: Mapping[str, Raw]


def schema_of(resource: Resource) -> pl.Schema:
    """Return the types of records: amounts are whole numbers, all else is text."""
    columns = {name: pl.Int64() if name == resource.amount else pl.String() for name in resource.columns}
    return pl.Schema({resource.key: pl.String(), **columns})


def read_parts(connection: sa.Connection, own: OwnTable) -> Iterator[pl.DataFrame]:
    """Yield all records, some at a time; at least one frame, if of no records.

    Raises:
        Refused: A record cannot be read exactly by the mapping.
    """
    yield schema_of(own.resource).to_frame()
    rows = connection.execution_options(stream_results=True).execute(sa.select(*own.selected())).mappings()
    for part in rows.partitions(PART_ROWS):
        yield _as_records((dict(row) for row in part), own)


def read_keys(connection: sa.Connection, own: OwnTable, keys: pl.Series) -> pl.DataFrame:
    """Return the records of these keys, in any letter case."""
    wanted = folded(keys)
    if wanted.len() <= KEYS_LOOKED_UP:
        return look_up(connection, own, keys).records
    found = [
        part.filter(pl.col(own.resource.key).str.to_lowercase().is_in(wanted.implode()))
        for part in read_parts(connection, own)
    ]
    return pl.concat(found)


def look_up(connection: sa.Connection, own: OwnTable, keys: pl.Series) -> Held:
    """Return the records of these keys, in any letter case, with how they are stored.

    Raises:
        Refused: Two of them differ only in letter case, or one cannot be read exactly by the mapping.
    """
    wanted = set(folded(keys))
    raw: dict[str, Raw] = {}
    for row in _rows_of(connection, own, keys):
        key = str(row[own.mapping.key.column]).lower()
        if key in raw:
            raise Refused(
                f"{own.mapping.table} has records whose keys differ only in letter case: nobody could tell which is "
                "meant. Merge them or give one another key, then run again. map-database --check counts them."
            )
        if key in wanted:  # their comparison may take more for equal than letter case
            raw[key] = row
    return Held(records=_as_records(raw.values(), own), raw=raw)


def totals(connection: sa.Connection, own: OwnTable) -> tuple[Total, ...]:
    """Add up the live records: grouped by amount too, so that the sum is made here, exactly, of whatever is stored."""
    resource, stored = own.resource, own.mapping.stored()
    names = [name for name in (resource.unit, resource.status, resource.amount) if name in stored]
    columns = [own.table.c[stored[name].column] for name in names]
    shown = [(sa.func.max(as_stored(each)) if is_text(each) else as_stored(each)).label(each.name) for each in columns]
    query = sa.select(*shown, sa.func.count().label("counted_here")).select_from(own.table)
    grouped = query.group_by(*(ExactText(each) if is_text(each) else each for each in columns))
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for row in connection.execute(grouped).mappings():
        record = _record(dict(row), own, [name for name in (resource.unit, resource.status, resource.amount) if name])
        if row["counted_here"] and (not resource.status or record[resource.status] == resource.live):
            unit = str(record.get(resource.unit, ""))
            counts[unit] += row["counted_here"]
            sums[unit] += int(record.get(resource.amount, 0)) * row["counted_here"]
    return tuple(Total(currency=unit, count=counts[unit], sum_cents=sums[unit]) for unit in sorted(counts))


def _rows_of(connection: sa.Connection, own: OwnTable, keys: pl.Series) -> Iterator[Raw]:
    spelled = keys.cast(pl.String).drop_nulls().unique().sort()
    for part in spelled.to_frame("key").iter_slices(KEYS_AT_ONCE):
        named = _has_key(own, part["key"])
        if named is not None:
            for row in connection.execute(sa.select(*own.selected()).where(named)).mappings():
                yield dict(row)


def _has_key(own: OwnTable, spelled: pl.Series) -> sa.ColumnElement[bool] | None:
    if own.numbered:
        numbers = [int(key) for key in spelled if key.isascii() and key.isdigit() and len(key) < 19]
        return own.key.in_(numbers) if numbers else None
    exactly = own.key.in_(spelled.to_list())
    if own.ignores_case:
        return exactly
    # as spelled too: not every database knows the lower case of every letter
    return sa.or_(sa.func.lower(own.key).in_(spelled.str.to_lowercase().to_list()), exactly)


def _as_records(rows: Iterable[Raw], own: OwnTable) -> pl.DataFrame:
    resource, key = own.resource, own.mapping.key.column
    records = [{resource.key: str(row[key]), **_record(row, own, resource.columns)} for row in rows]
    return pl.DataFrame(records, schema=schema_of(resource))


def _record(row: Raw, own: OwnTable, names: Iterable[str]) -> dict[str, str | int]:
    stored, fixed = own.mapping.stored(), own.mapping.constants()
    unit = own.resource.unit
    record: dict[str, str | int] = {}
    for name in sorted(names, key=lambda each: each != unit):  # an amount is read by its currency
        if name not in stored:
            record[name] = fixed[name]
        else:
            record[name] = _read(row, own, stored[name], record.get(unit, fixed.get(unit, "")))
    return record


def _read(row: Raw, own: OwnTable, mapped: ColumnMapping, unit: object) -> str | int:
    try:
        digits = own.digits(unit) if mapped.stored_as == "decimal" else 0
        return read_value(row[mapped.column], mapped, digits)
    except Unmapped as wrong:
        raise Refused(
            f"{own.mapping.table} holds, in column {mapped.column}, {wrong}. Nothing was changed. Correct the record, "
            "or the mapping; counterfoil map-database --check counts such records."
        ) from None
