"""What the next export of a register says of changes that were uploaded: each cell that was to change is compared.

Two texts count as one where our readers take them for the same value (``Sweden``, ``SE``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.domain import CREATED_AS, Resource
from schemas.register_exports import Shown
from tasks.core.customers.identities import natural_keys
from tasks.core.customers.values import Register, as_written

MISMATCHES_SCHEMA = pl.Schema(
    dict.fromkeys(("customer", "column", "before", "wanted", "now"), pl.String) | {"line": pl.UInt32}
)
_SIDES = {"before": "before", "after": "wanted", "now": "now", "means": "means"}
_CELLS = pl.Schema(
    {"key": pl.String, "line": pl.UInt32}
    | dict.fromkeys(("before", "wanted", "now", "column"), pl.String)
    | {"holds": pl.Boolean, "kept": pl.Boolean}
)
_LATER = ("now", "means")
_AT = "_at"
_NAMED = "_named"


@dataclass(frozen=True, kw_only=True)
class Settled:
    """``outcomes`` with new customers under the number they got; ``mismatches`` and ``unseen`` are cells.

    A change stays unknown where nothing is shown that tells. ``unseen`` are cells of written changes that
    are not shown, so nobody knows whether they arrived too.
    """

    outcomes: pl.DataFrame
    mismatches: pl.DataFrame
    unseen: pl.DataFrame


def settle_by_export(outcomes: pl.DataFrame, shown: Shown, resource: Resource, register: Register) -> Settled:
    """Settle the unknown changes among *outcomes* by what the system *shows* later.

    As wanted: ``written``. Still as before: ``refused``. Anything else: ``conflict``. A new customer is
    found by what tells it from all others; who cannot be told from another is a conflict.
    """
    waiting = outcomes.filter(outcome="unknown")
    seen = [column for column in resource.columns if column in shown.records.columns]
    unseen = [column for column in resource.columns if column not in seen]
    joined = _joined(waiting, shown.records, seen, resource, register)
    cells = _all_compared(joined, seen)
    verdicts = _verdicts(joined, cells, whole=shown.whole, some_unseen=bool(unseen))
    named = pl.coalesce("_key", resource.key)
    known = joined.select(resource.key, _key=pl.when(pl.col(_AT) == 1).then(_NAMED)).join(verdicts, on=resource.key)
    settled = outcomes.join(known, on=resource.key, how="left", maintain_order="left")
    return Settled(
        outcomes=settled.with_columns(named.alias(resource.key), outcome=pl.coalesce("verdict", "outcome")).drop(
            "_key", "verdict"
        ),
        mismatches=_named_cells(cells.filter(~pl.col("holds")), known, resource),
        unseen=_named_cells(_all_compared(joined, unseen), known.filter(verdict="written"), resource).drop("now"),
    )


def _joined(
    waiting: pl.DataFrame, records: pl.DataFrame, seen: Sequence[str], resource: Resource, register: Register
) -> pl.DataFrame:
    """Put beside each change the record it is about: as it stands (``_now``) and as we write it (``_means``).

    ``_at`` counts the records that are meant, ``_named`` is the number of the first.
    """
    written = as_written(records, register)
    afters = waiting.select(pl.col(f"{c}_after").fill_null("").alias(c) for c in seen)
    new = pl.col(resource.key).str.starts_with(CREATED_AS)
    natural = natural_keys(afters, register, afters.columns).alias("natural")
    found = pl.DataFrame(
        [
            written[resource.key].alias(_NAMED),
            natural_keys(written, register, written.columns).alias("natural"),
            *(records[c].alias(f"{c}_now") for c in seen),
            *(written[c].alias(f"{c}_means") for c in seen),
        ]
    )
    by_name = found.group_by("natural", maintain_order=True).agg(pl.all().first(), pl.len().alias(_AT))
    by_key = found.with_columns(natural=pl.col(_NAMED), **{_AT: pl.lit(1, pl.UInt32)}).select(by_name.columns)
    places = pl.concat([by_name.with_columns(new=True), by_key.with_columns(new=False)])
    sought = waiting.with_columns(natural, new=new).with_columns(
        natural=pl.when(new).then("natural").otherwise(resource.key)
    )
    none = [pl.lit(None, pl.String).alias(f"{c}_{side}") for c in resource.columns if c not in seen for side in _LATER]
    return sought.join(places, on=["natural", "new"], how="left", maintain_order="left").with_columns(
        pl.col(_AT).fill_null(0), *none
    )


def _all_compared(joined: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return pl.concat([_CELLS.to_frame(), *(_compared(joined, column) for column in columns)])


def _compared(joined: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the cells of one column that were to change, and whether they hold what was wanted or what they held."""
    sides = [pl.col(f"{column}_{side}").fill_null("").alias(name) for side, name in _SIDES.items()]
    moved = joined.select("line", *sides, key="customer_id").filter(pl.col("before") != pl.col("wanted"))
    if column == "extra":
        return _extra_cells(moved)
    wanted, now, means = (_compared_as(side, column) for side in ("wanted", "now", "means"))
    return moved.select(
        *("key", "line", "before", "wanted", "now"),
        column=pl.lit(column),
        holds=(wanted == now) | (wanted == means),
        kept=pl.col("now") == pl.col("before"),
    ).select(_CELLS.names())


def _compared_as(side: str, column: str) -> pl.Expr:
    return pl.col(side).str.to_lowercase() if column == "email" else pl.col(side)


def _extra_cells(moved: pl.DataFrame) -> pl.DataFrame:
    """Take the cells apart that only the system itself knows."""
    cells = [cell for row in moved.iter_rows(named=True) for cell in _apart(row)]
    return pl.DataFrame(cells, schema=_CELLS, orient="row")


def _apart(row: dict[str, Any]) -> list[tuple[object, ...]]:
    before, wanted, now = (json.loads(row[side] or "{}") for side in ("before", "wanted", "now"))
    return [
        (row["key"], row["line"], was, text, is_now, heading, is_now == text, is_now == was)
        for heading, text in wanted.items()
        for was, is_now in [(before.get(heading, ""), now.get(heading, ""))]
        if text != was
    ]


def _verdicts(joined: pl.DataFrame, cells: pl.DataFrame, *, whole: bool, some_unseen: bool) -> pl.DataFrame:
    """Return ``customer_id, verdict``."""
    judged = cells.group_by("key").agg(pl.col("holds").all(), pl.col("kept").all())
    absent = pl.col(_AT) == 0
    verdict = (
        pl.when(absent & (not whole))
        .then(pl.lit("unknown"))
        .when(absent & pl.col("new"))
        .then(pl.lit("refused"))
        .when(absent | (pl.col(_AT) > 1))
        .then(pl.lit("conflict"))
        .when(pl.col("holds").is_null() & some_unseen)
        .then(pl.lit("unknown"))
        .when(pl.col("holds").fill_null(True))
        .then(pl.lit("written"))
        .when(pl.col("kept") & ~pl.col("new"))
        .then(pl.lit("refused"))
        .otherwise(pl.lit("conflict"))
    )
    return joined.join(judged, left_on="customer_id", right_on="key", how="left").select("customer_id", verdict=verdict)


def _named_cells(cells: pl.DataFrame, known: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """List cells under the number of their customer where it is known."""
    named = cells.join(known, left_on="key", right_on=resource.key, maintain_order="left")
    return named.select(pl.coalesce("_key", "key").alias("customer"), "column", "before", "wanted", "now", "line").cast(
        MISMATCHES_SCHEMA
    )
