"""The diff alone: deciding the changes of customers, beside the least that finds them, in one process and by turns."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import csv_diff
import polars as pl

from bench.customers import Customers
from bench.measuring import Stage, timed
from bench.people import COLUMNS
from infra.context import settings
from infra.systems import open_systems
from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS, LIGHTSPEED_ECOM
from tasks.core.customers.changes import decide_customer_changes
from tasks.core.customers.checks import check_customers
from tasks.core.reading.parts import read_parts
from tasks.core.reading.sizes import Sizes
from tasks.customers.validate import register

OURS, BY_HAND, CSV_DIFF = "Counterfoil", "by hand", "csv-diff"
MOST_FOR_CSV_DIFF = 100_000
"""It keeps both sides as dictionaries of Python, and 1M rows would take minutes."""


@open_systems()
def run_diffs(file: Path, scenario: Customers, repeats: int) -> list[list[Stage]]:
    """Compare the accepted rows of *file* with the register, each way in turn, and return a run a turn."""
    limits = settings()
    sizes = Sizes(
        max_file_bytes=file.stat().st_size, max_cell_chars=limits.max_cell_chars, max_columns=limits.max_columns
    )
    parts = read_parts(
        file.read_bytes(), name=file.name, dialect=LIGHTSPEED_ECOM, code_page=limits.code_page, sizes=sizes
    )
    rows = check_customers(parts, register(), blank_cells="keep").accepted.collect()
    held = _as_read(scenario.held())
    ways = list(_ways(rows, held))
    return [[_timed(name, way, scenario) for name, way in ways] for _ in range(repeats)]


def _timed(name: str, way: Callable[[], int], scenario: Customers) -> Stage:
    stages: list[Stage] = []
    with timed(stages, name):
        found = way()
    if found != scenario.expected.created + scenario.expected.updated:
        raise RuntimeError(f"{name} found {found} changes")
    return stages[0]


def _ways(rows: pl.DataFrame, held: pl.DataFrame) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield the ways to compare; each returns how many records are new or changed."""
    yield OURS, lambda: _decided(rows, held).height
    yield BY_HAND, lambda: _joined_by_hand(rows, held).height
    if rows.height <= MOST_FOR_CSV_DIFF:
        before, after = _by_key(held), _by_key(rows)
        yield CSV_DIFF, lambda: _csv_diffed(before, after)


def _decided(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    return decide_customer_changes(rows.lazy(), held.lazy(), CUSTOMERS.resource, register(), updates_by_email=True)[0]


def _joined_by_hand(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Join by the number, leave out whose hash is the same, and put beside the others what was there."""
    key, *columns = COLUMNS
    given = rows.select(COLUMNS).fill_null("")
    ours, theirs = (side.select(key, said=pl.struct(columns).hash()) for side in (given, held))
    said = ours.join(theirs, on=key, how="left", maintain_order="left")
    moved = given.filter(said["said"].ne_missing(said["said_right"]))
    return moved.join(held, on=key, how="left", suffix="_before")


def _csv_diffed(before: dict[str, Any], after: dict[str, Any]) -> int:
    found = csv_diff.compare(before, after)
    return len(found["added"]) + len(found["changed"])


def _by_key(records: pl.DataFrame) -> dict[str, Any]:
    """Return the records as csv-diff's own reader does, the new under the lines of the file."""
    lines = pl.format("line {}", "line") if "line" in records.columns else pl.lit("")
    named = pl.when(pl.col("customer_id") == "").then(lines).otherwise("customer_id").alias("customer_id")
    rows = records.select(named, *COLUMNS[1:]).fill_null("").iter_rows(named=True)
    return {row["customer_id"]: row for row in rows}


def _as_read(held: pl.DataFrame) -> pl.DataFrame:
    """Return the register as the target reads it: text, with all columns."""
    blank = [pl.lit("").alias(name) for name in CUSTOMER_COLUMNS if name not in held.columns]
    return held.with_columns(pl.col("customer_id").cast(pl.String), *blank).select("customer_id", *CUSTOMER_COLUMNS)
