"""The bytes of a shop's file -> a Table: every cell as text, every row accounted for.

What a cell means is not judged here, only whether it can be read at all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.rejects import SURPLUS_HEADING
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.reading.delimited import read_delimited
from tasks.core.reading.encodings import decode
from tasks.core.reading.error_cells import find_errors
from tasks.core.reading.headings import REFERENCE, SURPLUS
from tasks.core.reading.raw_rows import RawRows, all_columns
from tasks.core.reading.row_numbers import place_on
from tasks.core.reading.signatures import container_of, refuse_foreign
from tasks.core.reading.sizes import Sizes, refuse_wrong_size
from tasks.core.reading.total_lines import find_totals
from tasks.core.reading.trimmed_cells import trim
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
    refuse_no_rows(table, name)
    return table


def refuse_no_rows(table: Table, name: str) -> None:
    """Turn away a file that asks for nothing.

    Raises:
        FileNeedsFixing: It has no rows.
    """
    if table.rows_in + len(table.dropped) == 0:
        says = f"{name} holds headings but no rows below them. Export it again, with its rows."
        raise FileNeedsFixing(says, code="FILE_EMPTY")


def read_rows(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> Table:
    """Read a file that may have headings alone: a register in which nobody is yet.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    return to_table(find_rows(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes), dialect)


def find_rows(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> RawRows:
    """Find the rows of a file, whichever kind it is.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    refuse_wrong_size(len(content), name=name, sizes=sizes)
    refuse_foreign(content, name=name)
    if container_of(content) != "text":
        return read_workbook(content, name=name, dialect=dialect, sizes=sizes)
    decoded = decode(content, name=name, code_page=code_page)
    return read_delimited(decoded, name=name, dialect=dialect, sizes=sizes)


def to_table(raw: RawRows, dialect: Dialect) -> Table:
    """Read all rows."""
    return joined(without_rows(raw, dialect), [some_rows(raw, dialect, slice(None))])


def without_rows(raw: RawRows, dialect: Dialect) -> Table:
    """Say what is known of a file, whose rows are still to be read."""
    columns = columns_of(raw, dialect)
    return Table(
        cells=pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys((*columns, *raw.headings.passed), pl.String)}),
        headings={column: raw.headings.texts[raw.headings.columns[column]].strip() for column in columns},
        form=raw.form,
        findings=raw.findings,
        rows_in=len(raw.originals.lines),
        originals=raw.originals,
        repairs=raw.repairs,
        notes=(*raw.notes, *total_note(raw)),
        concerns=raw.concerns,
        total_line=raw.total_line,
        passed=tuple(raw.headings.passed),
        qualifier_cells=pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys(raw.headings.qualifiers, pl.String)}),
        places={**raw.headings.columns, **raw.headings.passed},
        dropped=raw.dropped,
        numbers=raw.numbers,
        units=raw.units,
    )


def total_note(raw: RawRows) -> tuple[str, ...]:
    """Say which line was set aside as the total of the others."""
    return (
        (f"{place_on(raw.originals, raw.total_line.line)} is a total of the rows, and none of them",)
        if raw.total_line
        else ()
    )


def columns_of(raw: RawRows, dialect: Dialect) -> list[str]:
    """Return the columns of the dialect that a file has, in their order there."""
    return [column.name for column in dialect.columns if column.name in raw.headings.columns]


def some_rows(raw: RawRows, dialect: Dialect, rows: slice) -> Table:
    """Read some rows, trim their cells and put the rows with unreadable ones apart; findings and repairs are theirs."""
    return rows_of(without_rows(raw, dialect), all_cells(raw, rows), raw.returned, dialect)


def all_cells(raw: RawRows, rows: slice) -> pl.DataFrame:
    """Read ``line`` and all cells of some rows, as they came."""
    return raw.read(all_columns(raw.headings), rows)


def rows_of(known: Table, came: pl.DataFrame, returned: pl.DataFrame, dialect: Dialect) -> Table:
    """Make a part of a file of its cells as they came; *known* is the file without its rows."""
    cells, repairs = trim(came, list(known.headings))
    errors = pl.concat(
        [find_surplus(came), find_errors(cells, known.headings), find_totals(cells, dialect, known.headings)]
    )
    if errors.height:
        cells = cells.join(errors, on="line", how="anti", maintain_order="left")
    back = returned.join(came.select("line"), on="line", how="semi", maintain_order="left")
    return replace(
        known,
        cells=cells.select(known.cells.columns),
        qualifier_cells=cells.select(known.qualifier_cells.columns),
        findings=pl.concat([errors, back]),
        rows_in=came.height,
        references=references_of(came),
        repairs=repairs,
    )


def find_surplus(cells: pl.DataFrame) -> pl.DataFrame:
    """Return one finding for each row whose surplus cells, which an earlier rejects file put aside, are still there."""
    if SURPLUS not in cells.columns:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    return cells.filter(pl.col(SURPLUS).str.strip_chars() != "").select(
        "line",
        heading=pl.lit(""),
        value=pl.col(SURPLUS),
        code=pl.lit("FILE_ROW_WIDTH"),
        detail=pl.lit(f"{SURPLUS_HEADING!r} still holds cells"),
    )


def joined(file: Table, parts: Sequence[Table]) -> Table:
    """Add to what is known of a file what its parts hold and what was found in them."""
    repairs = sum((Counter(part.repairs) for part in parts), Counter(file.repairs))
    return replace(
        file,
        cells=pl.concat([part.cells for part in (file, *parts)]),
        qualifier_cells=pl.concat([part.qualifier_cells for part in (file, *parts)]),
        findings=pl.concat([part.findings for part in (file, *parts)]).sort("line", maintain_order=True),
        concerns=tuple(dict.fromkeys(concern for part in (file, *parts) for concern in part.concerns)),
        references={line: reference for part in parts for line, reference in part.references.items()},
        repairs={code: count for code, count in repairs.items() if count},
    )


def references_of(cells: pl.DataFrame) -> dict[int, str]:
    """Return the row reference an earlier rejects file put on each line, where there is one."""
    if REFERENCE not in cells.columns:
        return {}
    named = cells.select("line", pl.col(REFERENCE).str.strip_chars()).filter(pl.col(REFERENCE) != "")
    return dict(named.iter_rows())
