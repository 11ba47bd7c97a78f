"""What pandera says of rows, as codes: which cell of which row failed which check of a schema.

Turning text into values does not belong here; a schema judges values.
"""

import pandera.polars as pa
import polars as pl

from schemas.columns import codes_of
from schemas.tables import Originals
from tasks.core.reading.row_numbers import ROW, rows_on

MOST_OTHER_LINES = 5
_JUDGED = {"index": pl.UInt32, "line": pl.UInt32, "column": pl.String, "code": pl.String}


def judge(model: type[pa.DataFrameModel], rows: pl.DataFrame, lines: pl.Series | None = None) -> pl.DataFrame:
    """Return ``index, line, column, code`` of every cell that *model* does not let pass, one code a cell.

    The codes are those that the model declares beside its checks (``schemas.columns``). *lines* says where in the
    source the rows stand, if their own ``line`` does not.

    Raises:
        RuntimeError: A check failed that says nothing about a row. That is a defect of ours.
    """
    return _judged(model, model.to_schema(), rows, rows["line"] if lines is None else lines)


def judge_some(model: type[pa.DataFrameModel], rows: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    """Judge those columns of *model* that the rows have, as ``judge`` does: of rows that are not whole yet."""
    return _judged(model, model.to_schema().select_columns(rows.columns), rows, lines)


def _judged(
    model: type[pa.DataFrameModel], schema: pa.DataFrameSchema, rows: pl.DataFrame, lines: pl.Series
) -> pl.DataFrame:
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        return _coded(error.failure_cases, lines, model)
    return pl.DataFrame(schema=_JUDGED)


def _coded(cases: pl.DataFrame, lines: pl.Series, model: type[pa.DataFrameModel]) -> pl.DataFrame:
    declared = [(*check, code, rank) for rank, (check, code) in enumerate(codes_of(model).items())]
    names = pl.DataFrame(declared, schema=["column", "check", "code", "rank"], orient="row")
    named = cases.with_columns(pl.col("check").str.extract("^([a-z_]+)")).join(
        names, on=["column", "check"], how="left"
    )
    if named["code"].has_nulls() or named["index"].has_nulls():
        raise RuntimeError(f"The schema failed in a way we do not know: {sorted(set(cases['check'].to_list()))}")
    first = named.sort("rank", maintain_order=True).unique(["index", "column"], keep="first", maintain_order=True)
    at = lines.gather(first["index"]).alias("line")
    return first.select("index", at, "column", "code").cast(_JUDGED)  # type: ignore[arg-type]


def other_lines(copies: pl.DataFrame, originals: Originals) -> pl.DataFrame:
    """Return ``line, others`` (in words): for each of *copies* (``line, same``), where its other copies stand.

    Behind the lines stand the rows of a spreadsheet, where any of them is another number.
    """
    copies = copies.sort("line")
    grouped = copies.group_by("same").agg(
        copy=pl.col("line").head(MOST_OTHER_LINES + 1), more=pl.len().cast(pl.Int64) - 1 - MOST_OTHER_LINES
    )
    pairs = copies.join(grouped, on="same").explode("copy").filter(pl.col("line") != pl.col("copy"))
    shown = (
        pairs.with_columns(rows_on(originals, pairs["copy"]))
        .sort("line", "copy")
        .group_by("line", maintain_order=True)
        .agg(pl.col("copy", ROW).head(MOST_OTHER_LINES), more=pl.col("more").first())
    )
    rest = pl.when(pl.col("more") > 0).then(pl.format(" and {} more", "more")).otherwise(pl.lit(""))
    differ = pl.col("copy") != pl.col(ROW)
    rows = pl.when(differ).then(pl.format(", in a spreadsheet {}", _named("row", ROW))).otherwise(pl.lit(""))
    return shown.select("line", others=pl.concat_str(pl.lit("also on "), _named("line", "copy"), rest, rows))


def _named(what: str, numbers: str) -> pl.Expr:
    """Name a list of numbers: ``line 3``, ``lines 3, 5``."""
    several = pl.when(pl.col(numbers).list.len() > 1).then(pl.lit(f"{what}s ")).otherwise(pl.lit(f"{what} "))
    return pl.concat_str(several, pl.col(numbers).cast(pl.List(pl.String)).list.join(", "))
