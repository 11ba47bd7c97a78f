"""The upload file of a system that takes files: its own export, cut to the rows that change.

Nothing is escaped for spreadsheets here: the file goes into the system as it is, and an apostrophe
before a telephone number would go in too.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.original_rows import cells_on
from tasks.core.reading.raw_rows import span
from tasks.core.writing.files import cell_in, write_rows

Cells = dict[str, str]
"""By heading of the export, or by column where the export has none for it."""


def upload_file(changes: pl.DataFrame, records: pl.DataFrame, export: Table, dialect: Dialect, key: str) -> bytes:
    """Return a file with one row a change (creates and updates), in the form and heading order of *export*.

    *records* (``tasks.core.customers.register_export``) tell on which line a record stands. Cells that do not
    change are byte for byte those of the export.

    Raises:
        FileNeedsFixing: The export has no column for a value, or its encoding not the characters.
    """
    wanted = [wanted_cells(change, export) for change in changes.iter_rows(named=True)]
    _refuse_homeless(changes, wanted, export)
    joined = changes.join(records.select(key, at="line"), on=key, how="left", maintain_order="left")
    new = "0" if dialect.numbers_by_zero else ""
    rows = [_laid_over(cells, over, export) for cells, over in zip(_own(joined, export, new), wanted, strict=True)]
    try:
        return write_rows(export.form, [[cell_in(export.form, text) for text in export.form.headings], *rows])
    except UnicodeEncodeError:
        raise FileNeedsFixing(_unwritable(changes, wanted, export)) from None


def wanted_cells(change: Mapping[str, Any], export: Table) -> Cells:
    """Return the cells that a change makes other than they are."""
    names = [name.removesuffix("_after") for name in change if name.endswith("_after")]
    sides = {name: (change[f"{name}_before"] or "", change[f"{name}_after"] or "") for name in names}
    before, after = (json.loads(text or "{}") for text in sides.pop("extra", ("", "")))
    passed = {heading: text for heading, text in after.items() if text != before.get(heading, "")}
    own = {name: after for name, (before, after) in sides.items() if after != before}
    return {export.headings.get(name, name): text for name, text in own.items()} | passed


def _own(changes: pl.DataFrame, export: Table, new: str) -> list[list[str]]:
    """Return the row of each record as it stands in the export; of a new one an empty row with its *new* number."""
    known = changes["at"].drop_nulls()
    found = dict(zip(known, cells_on(export, known.to_list()), strict=True)) if known.len() else {}
    blank = [""] * len(export.form.headings)
    blank[export.places["customer_id"]] = new
    return [list(found.get(at, blank)) for at in changes["at"]]


def _laid_over(cells: list[str], over: Cells, export: Table) -> list[str]:
    places = _places(export)
    for heading, text in over.items():
        cells[places[heading]] = cell_in(export.form, text)
    return cells


def _places(export: Table) -> dict[str, int]:
    return {export.headings.get(name, name): at for name, at in export.places.items()}


def _refuse_homeless(changes: pl.DataFrame, wanted: list[Cells], export: Table) -> None:
    places = _places(export)
    homeless = sorted({heading for cells in wanted for heading in cells if heading not in places})
    if homeless:
        rows = sum(any(heading in homeless for heading in cells) for cells in wanted)
        raise FileNeedsFixing(
            f"The export has no column for: {', '.join(homeless)}. {rows:,} of {changes.height:,} customers would go "
            "up without it. Export the register with such a column, or take it out of your file, and run again."
        )


def _unwritable(changes: pl.DataFrame, wanted: list[Cells], export: Table) -> str:
    encoding = export.form.encoding
    odd = [not _fits(encoding, cells) for cells in wanted]
    lines = changes.filter(pl.Series(odd, dtype=pl.Boolean))["line"].drop_nulls().sort().to_list()
    where = f"of lines {span(lines)} of your file" if lines else "that would go back"
    return (
        f"The export is written in {encoding}, which has not all the characters {where}. "
        "Export the register as UTF-8, or write those cells otherwise, and run again."
    )


def _fits(encoding: str, cells: Cells) -> bool:
    return all(text.encode(encoding, "ignore").decode(encoding) == text for text in cells.values())
