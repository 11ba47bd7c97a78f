"""The bytes of a shop's file -> a Table: every cell as text, every row accounted for.

What a cell means is not judged here, only whether it can be read at all.
"""

import polars as pl

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.decoding import decode
from tasks.core.reading.delimited import read_delimited
from tasks.core.reading.error_cells import find_errors
from tasks.core.reading.headings import REFERENCE
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.signatures import container_of, refuse_foreign
from tasks.core.reading.sizes import Sizes, refuse_wrong_size
from tasks.core.reading.trimming import trim
from tasks.core.reading.workbooks import read_workbook

__all__ = ["Sizes", "read_rows", "read_table"]


def read_table(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> Table:
    """Read a CSV file or a workbook, whichever the content is; *name* is for messages only.

    ``code_page`` is how text is encoded that is neither marked nor UTF-8.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole, or asks for nothing. Rows that cannot be
            read are in ``findings``.
    """
    table = read_rows(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes)
    if table.rows_in == 0:
        says = f"{name} holds headings but no rows below them. Export it again, with its rows."
        raise FileNeedsFixing(says, code="FILE_EMPTY")
    return table


def read_rows(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> Table:
    """Read a file that may have headings alone: a register in which nobody is yet.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    refuse_wrong_size(len(content), name=name, sizes=sizes)
    refuse_foreign(content, name=name)
    if container_of(content) != "text":
        return to_table(read_workbook(content, name=name, dialect=dialect, sizes=sizes), dialect)
    decoded = decode(content, name=name, code_page=code_page)
    return to_table(read_delimited(decoded, name=name, dialect=dialect, sizes=sizes), dialect)


def to_table(raw: RawRows, dialect: Dialect) -> Table:
    """Trim the cells and put the rows with unreadable ones apart."""
    columns = [column.name for column in dialect.columns if column.name in raw.headings.columns]
    passed = tuple(raw.headings.passed)
    headings = {column: raw.headings.texts[raw.headings.columns[column]].strip() for column in columns}
    cells, repairs = trim(raw.cells, columns)
    errors = find_errors(cells, headings)
    if errors.height:
        cells = cells.join(errors, on="line", how="anti", maintain_order="left")
    return Table(
        cells=cells.select("line", *columns, *passed),
        headings=headings,
        form=raw.form,
        findings=pl.concat([raw.findings, errors]).sort("line", maintain_order=True),
        rows_in=len(raw.originals.lines),
        originals=raw.originals,
        references=references_of(raw.cells),
        repairs={code: count for code, count in {**raw.repairs, **repairs}.items() if count},
        notes=raw.notes,
        concerns=raw.concerns,
        total_line=raw.total_line,
        passed=passed,
        places={**raw.headings.columns, **raw.headings.passed},
    )


def references_of(cells: pl.DataFrame) -> dict[int, str]:
    """Return the row reference an earlier rejects file put on each line, where there is one."""
    if REFERENCE not in cells.columns:
        return {}
    named = cells.select("line", pl.col(REFERENCE).str.strip_chars()).filter(pl.col(REFERENCE) != "")
    return dict(named.iter_rows())
