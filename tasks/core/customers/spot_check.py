"""Which customers a person looks at after an import, what that says of all others, and the sheet to tick.

Source of the numbers: if none of n drawn at random is wrong, the share that is wrong is with confidence c
below 1 - (1 - c) ** (1 / n), for c = 95 % about 3 / n (the rule of three).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import polars as pl

from schemas.tables import Table
from tasks.core.customers.export_file import extra_cells
from tasks.core.writing.files import write_workbook

CONFIDENCE = 0.95
NOT_SHOWN = "(not shown)"
"""In place of what the target may hold, but does not let us see."""
_HEADINGS = ("Customer", "Line", "Column", "The file said", "The target holds", "Right?")


def draw(written: pl.DataFrame, key: str, *, seed: str, count: int) -> pl.DataFrame:
    """Return *count* rows, all if there are fewer, such that the same *seed* draws the same."""
    ranks = [hashlib.sha256(f"{seed}:{name}".encode()).hexdigest() for name in written[key]]
    return written.with_columns(rank=pl.Series(ranks, dtype=pl.String)).sort("rank").head(count).drop("rank")


def confidence_says(drawn: int, of: int) -> str:
    """Say what it means if nothing on the sheet is wrong."""
    if drawn == of:
        return f"All {of:,} customers that were written are on this sheet: if none is wrong, none is."
    share = 100 * (1 - (1 - CONFIDENCE) ** (1 / drawn))
    sure = f"{100 * CONFIDENCE:.0f} % confidence"
    return (
        f"{drawn:,} of {of:,} customers, drawn at random. If 0 of {drawn:,} are wrong: "
        f"below {share:.2g} % of all are, at {sure}. If one is, look into it before you go on."
    )


def spot_check_sheet(drawn: pl.DataFrame, now: pl.DataFrame, table: Table, key: str, *, says: str) -> bytes:
    """Write one row a customer and column, as an xlsx workbook.

    *drawn* has ``line`` and the key, *now* is what the target holds, *table* the file as it came.
    """
    cells = {row["line"]: row for row in table.cells.join(drawn, on="line", how="semi").iter_rows(named=True)}
    records = {row[key]: row for row in now.join(drawn, on=key, how="semi").iter_rows(named=True)}
    rows = [
        [customer, str(line), heading, given, held, ""]
        for line, customer in drawn.select("line", key).iter_rows()
        for heading, given, held in _side_by_side(cells[line], records.get(customer, {}), table, key)
    ]
    return write_workbook("Spot check", [[says], [""], _HEADINGS, *rows])


def _side_by_side(
    cells: Mapping[str, Any], record: Mapping[str, Any], table: Table, key: str
) -> list[tuple[str, str, str]]:
    """List heading, cell of the file and value of the target, where either holds something."""
    own = [(heading, cells[name], _held(record, name)) for name, heading in table.headings.items() if name != key]
    passed = [(heading.strip(), cells[heading], _passed(record, heading)) for heading in table.passed]
    return [row for row in (*own, *passed) if row[1] or row[2]]


def _held(record: Mapping[str, Any], name: str) -> str:
    """Return what the target holds; of a customer who is not there, nothing."""
    return record.get(name) or "" if name in record or not record else NOT_SHOWN


def _passed(record: Mapping[str, Any], heading: str) -> str:
    held = _held(record, "extra")
    return held if held == NOT_SHOWN else extra_cells(held).get(heading, "")
