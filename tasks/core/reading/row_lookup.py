"""A few rows of a file that was read before: the others are passed over, and cost neither cells nor memory.

What is wrong with a file was said when it was read as a whole (``tasks.core.reading.table``).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from schemas.domain import Dialect
from schemas.tables import Originals, Table
from tasks.core.reading.delimited import find_form, form_of, reader
from tasks.core.reading.encodings import decode
from tasks.core.reading.raw_rows import RawRows, all_columns
from tasks.core.reading.records import split_records
from tasks.core.reading.row_selection import originals_of
from tasks.core.reading.signatures import container_of
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import to_table
from tasks.core.reading.workbooks import pick_cells, read_workbook


def read_rows_on(
    content: bytes, lines: Sequence[int], *, name: str, dialect: Dialect, code_page: str, sizes: Sizes
) -> Table:
    """Read the rows that stand on *lines*, all of which can be read.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    if container_of(content) == "text":
        return to_table(_of_text(content, lines, name, dialect, code_page, sizes), dialect)
    return to_table(_only(read_workbook(content, name=name, dialect=dialect, sizes=sizes), lines), dialect)


def _of_text(
    content: bytes, lines: Sequence[int], name: str, dialect: Dialect, code_page: str, sizes: Sizes
) -> RawRows:
    decoded = decode(content, name=name, code_page=code_page)
    separator, headings = find_form(decoded.text, name=name, dialect=dialect, sizes=sizes)
    records = split_records(decoded.text, separator, name=name)
    wanted = np.flatnonzero(np.isin(records.lines, np.asarray(lines, np.int64)))
    return RawRows(
        read=reader(records, wanted, separator, headings),
        height=len(wanted),
        headings=headings,
        form=form_of(decoded, records, separator, headings),
        originals=originals_of(records, wanted),
    )


def _only(raw: RawRows, lines: Sequence[int]) -> RawRows:
    """Leave out all other rows of a workbook: its sheet can only be opened as a whole."""
    kept = set(lines)
    rows = [(line, row) for line, row in zip(raw.originals.lines, raw.originals.rows, strict=True) if line in kept]
    originals = Originals(lines=[line for line, _ in rows], rows=[row for _, row in rows])
    cells = raw.read(all_columns(raw.headings), slice(None)).filter(pl.col("line").is_in(sorted(kept)))
    return replace(raw, read=partial(pick_cells, cells), height=cells.height, originals=originals)
