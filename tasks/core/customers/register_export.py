"""A register as its own system exports it: which record stands on which line, and what every record holds.

What a file asks of a register is not decided here, nor how it is uploaded.
"""

from functools import partial

import polars as pl

from schemas.domain import Dialect, Resource
from schemas.tables import Table
from tasks.core.checking.whole_lists import expect_none
from tasks.core.customers.checks import extra_of, read_ids

LINE = "line"
_EXPORT_AGAIN = (
    "Nothing can be compared with such a register. Put it right in that system, export it again, drop it in the same "
    "folder and run again."
)


def records_of(export: Table, dialect: Dialect, resource: Resource, *, name: str) -> pl.DataFrame:
    """Return every record of an export: ``line``, the key and the columns of *resource*, as text.

    Cells are trimmed and otherwise as they stand; columns that the export has not are empty.

    Raises:
        FileNeedsFixing: Rows cannot be read, have no number, or one that stands twice. A register with
            holes would let people in a second time.
    """
    refused = partial(expect_none, export, name=name, remedy=_EXPORT_AGAIN)
    refused(export.findings[LINE], "cannot be read")
    keys = read_ids(export, dialect).values.fill_null("")
    given = export.cells.with_columns(keys.alias(resource.key), **extra_of(export.cells, export.passed))
    refused(given.filter(pl.col(resource.key) == "")[LINE], "have no customer number")
    refused(given.filter(pl.col(resource.key).is_duplicated())[LINE], "have a customer number that stands twice")
    missing = [pl.lit("").alias(column) for column in resource.columns if column not in given.columns]
    return given.with_columns(missing).select(LINE, resource.key, *resource.columns)
