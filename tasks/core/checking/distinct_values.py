"""Reading each distinct text of a column once: the way from a column to a library and back.

What a text means is for the modules of its kind to say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, no_rejects, pick

_LOST = ("CELL_SCI_NOTATION", "CELL_ERROR")
"""Nothing is left to read. A library might find something all the same: Namibia in #N/A."""

_DAMAGED = "CELL_CONTROL"
"""Says more than that it is no address or number, where a cell cannot be read."""

_READINGS_SCHEMA = pl.Schema({"cell": pl.String, "value": pl.String, "code": pl.String, "detail": pl.String})


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Why a text has no value: a code of the catalogue, and what to say beside it."""

    code: str
    detail: str = ""


Reading = str | Unreadable


def blank_or_unread(cells: pl.Series) -> pl.Series:
    """Return "" for the blank cells and null for all others: nothing but blanks is known of them yet."""
    return known_where(cells, cells == "")


def known_where(values: pl.Series, known: pl.Series) -> pl.Series:
    """Return *values* where the mask *known* is true, null elsewhere."""
    return values if known.all() else values.set(~known, None)


def read_unread(cells: pl.Series, known: pl.Series, read: Callable[[str], Reading]) -> ReadColumn:
    """Read the cells for which *known* is null, and return them among the known values.

    *read* sees each distinct text once, in the order of the column.
    """
    unread = pick(cells, known.is_null())
    if unread.is_empty():
        return ReadColumn(values=known, rejects=no_rejects())
    found = unread.join(_readings(unread["cell"], read), on="cell", how="left", maintain_order="left")
    rejects = found.filter(pl.col("code").is_not_null()).select("index", "code", "detail")
    values = known.clone().scatter(found["index"], found["value"])
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def _readings(cells: pl.Series, read: Callable[[str], Reading]) -> pl.DataFrame:
    distinct = pl.DataFrame({"cell": cells.unique(maintain_order=True)}).with_columns(
        damage=damage_code(pl.col("cell"))
    )
    rows = [(cell, *_judged(cell, damage, read)) for cell, damage in distinct.iter_rows()]
    return pl.DataFrame(rows, schema=_READINGS_SCHEMA, orient="row")


def _judged(cell: str, damage: str | None, read: Callable[[str], Reading]) -> tuple[str | None, str | None, str | None]:
    reading = Unreadable(code=damage) if damage in _LOST else read(cell)
    if isinstance(reading, str):
        return reading, None, None
    if damage == _DAMAGED:
        return None, damage, ""
    return None, reading.code, reading.detail
