"""Findings about orders, in the words of the shop: which order, which of its lines, what stands there."""

from collections.abc import Mapping

import polars as pl
from pandera.polars import DataFrameModel

from schemas.tables import FINDINGS_SCHEMA
from tasks.core.checking.pandera_checks import judge_some

NONE = pl.DataFrame(schema=FINDINGS_SCHEMA)


def findings_of(
    bad: pl.DataFrame, column: str, code: str, headings: Mapping[str, str], *, detail: pl.Expr | None = None
) -> pl.DataFrame:
    """Return a finding for each row of *bad*, whose *column* holds what was told.

    Rows have ``line`` and ``order_id``, and ``item`` where they are lines of an order.
    """
    of_line = [pl.lit(", line "), pl.col("item").fill_null("?")] if "item" in bad.columns else []
    order = pl.col("order_id").fill_null("?")
    heading = pl.concat_str(pl.lit("order "), order, *of_line, pl.lit(f", {headings.get(column, column)}"))
    return bad.select(
        "line",
        heading=heading,
        value=pl.col(column).fill_null(""),
        code=pl.lit(code),
        detail=pl.lit("") if detail is None else detail,
    ).cast(FINDINGS_SCHEMA)


def judged_findings(judged: pl.DataFrame, orders: pl.DataFrame, headings: Mapping[str, str]) -> pl.DataFrame:
    """Put what pandera judged (``line, column, code``) in the words of the shop; *orders* says which are meant."""
    named = judged.join(orders.select("line", "order_id"), on="line", how="left", maintain_order="left")
    found = [
        findings_of(some.with_columns(pl.lit("").alias(str(column))), str(column), str(code), headings)
        for (column, code), some in named.group_by("column", "code", maintain_order=True)
    ]
    return pl.concat([NONE, *found])


def judged_cells(
    model: type[DataFrameModel],
    read: pl.DataFrame,
    parsed: pl.DataFrame,
    cells: Mapping[str, str],
    headings: Mapping[str, str],
    details: Mapping[str, pl.Expr],
) -> pl.DataFrame:
    """Let the schema judge what was *read*, and name the cells of *parsed*, row by row, of which it was.

    *cells* say of the columns that are judged which column of *parsed* tells them; *details* are by code.
    """
    judged = judge_some(model, read.select(*cells), parsed["line"])
    found = [
        findings_of(parsed[some["index"]], cell, str(code), headings, detail=details.get(str(code)))
        for column, cell in cells.items()
        for (code,), some in judged.filter(column=column).group_by("code", maintain_order=True)
    ]
    return pl.concat([NONE, *found])


def is_given(cells: pl.Series) -> pl.Series:
    """Tell cells in which something stands."""
    return (cells.str.strip_chars() != "").fill_null(False)
