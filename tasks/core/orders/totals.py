"""Whether lines are their total, to the cent; and where a cent of rounding goes.

A shop calculates with more decimals than it tells: lines that were rounded one by one may miss their total by
as many cents as there are lines (lightspeed-x-series.md 1.12), and a shop that shows fewer decimals than the currency
has rounds its totals to these. That remainder goes to the largest line. More than that is no rounding.
"""

from collections.abc import Sequence

import polars as pl


def settled(
    lines: pl.DataFrame, totals: pl.DataFrame, by: Sequence[str], rounded_to: int = 1
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make the *lines* that are one *by* these columns add up to their *totals* (``total_cents, tax_cents``).

    A null tax is not told: it is what the lines say. Totals are *rounded_to* so many cents. Returned are the lines,
    and of each total that they miss ``total_cents, tax_cents, sum_cents, sum_tax``.
    """
    sums = _sums(lines, totals, by)
    most = pl.col("count") + rounded_to - 1
    fits = (pl.col("missing").abs() <= most) & (pl.col("missing_tax").abs() <= most)
    wrong = sums.filter(~fits.fill_null(False))
    some = sums.filter(fits & ((pl.col("missing") != 0) | (pl.col("missing_tax") != 0)))
    return (_with_remainders(lines, some, by) if some.height else lines), wrong


def _sums(lines: pl.DataFrame, totals: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    sums = lines.group_by(by).agg(
        sum_net=pl.col("net_cents").sum(), sum_tax=pl.col("tax_cents").sum(), count=pl.len().cast(pl.Int64)
    )
    joined = totals.join(sums, on=by, how="left", maintain_order="left").with_columns(
        pl.col("sum_net", "sum_tax", "count").fill_null(0)
    )
    tax = pl.coalesce("tax_cents", "sum_tax")
    return joined.with_columns(
        sum_cents=pl.col("sum_net") + pl.col("sum_tax"),
        tax_cents=tax,
        missing=pl.col("total_cents") - tax - pl.col("sum_net"),
        missing_tax=tax - pl.col("sum_tax"),
    )


def _with_remainders(lines: pl.DataFrame, sums: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Put what is missing on the line where it is the smallest part; of equals, on the first."""
    joined = lines.join(sums.select(*by, "missing", "missing_tax"), on=by, how="left", maintain_order="left")
    return joined.with_columns(
        net_cents=pl.col("net_cents") + _remainder("net_cents", "missing", by),
        tax_cents=pl.col("tax_cents") + _remainder("tax_cents", "missing_tax", by),
    ).drop("missing", "missing_tax")


def _remainder(column: str, missing: str, by: Sequence[str]) -> pl.Expr:
    largest = pl.col(column).abs().arg_max().over(by)
    here = pl.int_range(pl.len()).over(by) == largest
    return pl.when(here).then(pl.col(missing).fill_null(0)).otherwise(0)
