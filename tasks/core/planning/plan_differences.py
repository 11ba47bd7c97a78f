"""What moved between the plan that people looked at and the one that comes out now: told by name, never by value.

Keys are masked as in the form's own table of changes; of people's data, lines and the headings of columns are named.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from schemas.domain import Resource
from tasks.core.planning.changes import WRITTEN, writable
from tasks.core.wording.masks import mask
from tasks.core.wording.words import counted, heading

_NAMED = 5
_SHOWN = "_as_shown"


def what_moved(now: pl.DataFrame, shown: pl.DataFrame, resource: Resource) -> tuple[str, ...]:
    """Say how the changes of *now* differ from those that were *shown*: what the target holds, then what is asked.

    One of them may have a column more than the other: that of a file which says what the other's did not.
    """
    said, was_said = _columns(now), _columns(shown)
    resource = replace(resource, columns=tuple(column for column in said if column in was_said))
    ours, theirs = (writable(changes).with_columns(there=pl.lit(value=True)) for changes in (now, shown))
    both = ours.join(theirs, on=resource.key, how="full", coalesce=True, suffix=_SHOWN).sort(resource.key)
    added = both.filter(pl.col(f"there{_SHOWN}").is_null())
    gone = both.filter(pl.col("there").is_null())
    held = now.filter(~pl.col("kind").is_in(WRITTEN))
    common = both.filter(pl.col("there") & pl.col(f"there{_SHOWN}"))
    moved = common.filter(_differs(resource, "before"))
    asked = common.filter(~_differs(resource, "before") & _differs(resource, "after"))
    parts = [
        (moved, "moved in the target meanwhile"),
        (asked, "would become something else than was shown"),
        (added, "would be written too, which was not shown"),
        (gone.join(held, on=resource.key, how="semi"), "would be held now, for it moved in the target meanwhile"),
        (gone.join(held, on=resource.key, how="anti"), "would not be written any more"),
    ]
    records = tuple(f"{_named(rows, resource)} {says}" for rows, says in parts if rows.height)
    return (*records, *(f"only one of the two says {heading(c)}" for c in sorted({*said} ^ {*was_said})))


def _columns(changes: pl.DataFrame) -> list[str]:
    return [name.removesuffix("_after") for name in changes.columns if name.endswith("_after")]


def same_records(now: pl.DataFrame, shown: pl.DataFrame, resource: Resource) -> bool:
    """Say whether both would write to some record."""
    return not writable(now).join(writable(shown), on=resource.key, how="semi").is_empty()


def _differs(resource: Resource, side: str) -> pl.Expr:
    return pl.any_horizontal([_cell_differs(f"{column}_{side}") for column in resource.columns])


def _cell_differs(name: str) -> pl.Expr:
    return pl.col(name).ne_missing(pl.col(name + _SHOWN))


def _named(rows: pl.DataFrame, resource: Resource) -> str:
    names = list(_names(rows.head(_NAMED), resource))
    more = rows.height - len(names)
    if not names:
        return counted(rows.height, "record")
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _names(rows: pl.DataFrame, resource: Resource) -> Iterator[str]:
    """Name records as people may see them in Prefect, with the columns that differ."""
    for row in rows.iter_rows(named=True):
        line = row["line"] or row[f"line{_SHOWN}"]
        columns = ", ".join(_moved_columns(row, resource))
        name = _masked(row, resource) if not resource.private else f"line {line}" if line else ""
        if name:
            yield f"{name} ({columns})" if columns else name


def _masked(row: dict[str, object], resource: Resource) -> str:
    """Name a record by its key, or a product by its SKU, which is no secret."""
    skus = (row[f"sku_{side}{when}"] for side in ("after", "before") for when in ("", _SHOWN))
    sku = next(filter(None, skus), None) if "sku" in resource.columns else None
    return str(sku) if sku else mask(str(row[resource.key]))


def _moved_columns(row: dict[str, object], resource: Resource) -> list[str]:
    if not (row["there"] and row[f"there{_SHOWN}"]):
        return []
    shown = [column for column in resource.columns if column not in resource.unshown]
    sides = [side for side in ("before", "after") if any(_cells_differ(row, f"{c}_{side}") for c in resource.columns)]
    return [heading(column) for column in shown if _cells_differ(row, f"{column}_{sides[0]}")]


def _cells_differ(row: dict[str, object], name: str) -> bool:
    return row[name] != row[name + _SHOWN]
