"""Quantities and amounts of failures, as thousandths and minor units. A report may leave both blank."""

import polars as pl

from schemas.domain import NumberFormat
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, pick
from tasks.core.checking.number_formats import conclude_format

_QUANTITY = r"^[0-9]{1,9}(?:\.[0-9]{1,3}|,[0-9]{1,2})?$"
"""With a comma and three decimals it could be thousands."""


def read_quantities(cells: pl.Series) -> ReadColumn:
    """Read quantities as Int64 thousandths; a blank is null."""
    readable = cells.str.contains(_QUANTITY)
    pointed = cells.set(~readable, None).str.replace(",", ".", literal=True)
    values = pointed.cast(pl.Decimal(38, 3)).to_physical().cast(pl.Int64)
    odd = pick(cells, ~readable & (cells != ""))
    rejects = odd.select("index", code=pl.lit("LOYALTY_QUANTITY"), detail=pl.lit(""))
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def read_amounts(cells: pl.Series, exponent: int) -> ReadColumn:
    """Read amounts as Int64 minor units of a currency with *exponent* decimals; a blank is null."""
    concluded = conclude_format(cells.filter(cells != ""), NumberFormat(), None)
    read = read_cents(cells, concluded, exponent)
    return ReadColumn(values=read.values, rejects=read.rejects.filter(pl.col("code") != "CELL_EMPTY"))
