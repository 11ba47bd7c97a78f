"""What was found, put in the words of the file: line, heading, value; and the rows that remain."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import polars as pl

from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.cells import ReadColumn


def column_findings(table: Table, name: str, column: ReadColumn) -> pl.DataFrame:
    """Return one finding for each cell of a column that could not be read."""
    at = table.cells[column.rejects["index"]]
    findings = {
        "line": at["line"],
        "heading": pl.repeat(table.headings[name], at.height, dtype=pl.String, eager=True),
        "value": at[name],
        "code": column.rejects["code"],
        "detail": column.rejects["detail"],
    }
    return pl.DataFrame(findings).cast(FINDINGS_SCHEMA)


def judged_findings(table: Table, judged: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
    """Put what pandera judged (``line, column, code``) in the words of the file.

    *columns* says of those of the model that the file has under another name which they are.
    """
    found = [FINDINGS_SCHEMA.to_frame()]
    for (column,), some in judged.group_by("column", maintain_order=True):
        name = columns.get(str(column), str(column))
        cells = table.cells.select("line", value=pl.col(name) if name in table.cells.columns else pl.lit(""))
        joined = some.join(cells, on="line", how="left", maintain_order="left")
        heading = pl.lit(table.headings.get(name, ""))
        found.append(
            joined.select("line", heading=heading, value="value", code="code", detail=pl.lit("")).cast(FINDINGS_SCHEMA)
        )
    return pl.concat(found)


_Rows = TypeVar("_Rows", pl.DataFrame, pl.LazyFrame)


def without_rejects(rows: _Rows, findings: pl.DataFrame) -> _Rows:
    """Return the rows that nothing was found about."""
    return rows if findings.is_empty() else rows.filter(~pl.col("line").is_in(findings["line"].implode()))


def without_cells(table: Table, repairs: Mapping[str, int]) -> Table:
    """Return what is known of a file when its rows are checked, with the *repairs* that checking made too."""
    counts = Counter(table.repairs) + Counter(repairs)
    return replace(
        table, cells=table.cells.clear(), qualifier_cells=table.qualifier_cells.clear(), repairs=dict(counts)
    )


def count_rows(table: Table, accepted: pl.DataFrame | pl.LazyFrame, findings: pl.DataFrame) -> RowCounts:
    """Count what came in, and fail loudly if a row was lost or counted twice.

    Raises:
        RuntimeError: The accounts do not add up.
    """
    return add_up_rows(table, accepted.lazy().select(pl.len()).collect().item(), findings)


def add_up_rows(table: Table, kept: int, findings: pl.DataFrame) -> RowCounts:
    """Count what came in, where it is known how many rows were *kept*; see ``count_rows``."""
    rejected = findings["line"].n_unique()
    if table.rows_in != kept + rejected:
        raise RuntimeError(f"{table.rows_in} rows came in, {kept} accepted and {rejected} rejected do not add up")
    return RowCounts(rows_in=table.rows_in, accepted=kept, rejected=rejected)
