"""Reading the cells of reports and of files of sales, by the kinds that their row models declare.

The readers of kinds that other domains have too are in ``tasks.core.checking.readers``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
from pandera.polars import DataFrameModel

from schemas.columns import MONEY, QUANTITIES, columns_in_files, columns_that_read
from schemas.domain import NumberFormat
from schemas.tables import Table
from tasks.core.checking.amounts import read_signed, unsigned
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, pick
from tasks.core.checking.number_formats import Concluded, conclude_format
from tasks.core.checking.readers import Conventions, blank_as_null, read_columns, whole_cells
from tasks.core.loyalty.item_codes import read_item_codes
from tasks.core.loyalty.times import Clock, read_times
from tasks.core.reading.currencies import minor_digits

_PIECES = r"^[0-9]{1,9}(?:\.[0-9]{1,3}|,[0-9]{1,2})?$"
"""With a comma and three decimals it could be thousands."""


@dataclass(frozen=True, kw_only=True)
class ReadCells:
    """Columns by their names in files, those of texts first. ``twice`` counts the times of an hour that was twice."""

    columns: Mapping[str, ReadColumn]
    twice: int


def read_cells(table: Table, model: type[DataFrameModel], clock: Clock, currency: str) -> ReadCells:
    """Read every column that *model* declares; one that the file does not have is blank. *currency* is the shop's.

    A blank text is empty and a blank number null; whether a row may be without them, the row model says.
    """
    declared = columns_in_files(model)
    cells = whole_cells(table, model)
    formats = {name: _format_of(cells[name]) for name in columns_that_read(model, "money")}
    formats |= {name: _format_of(unsigned(cells[name])) for name in columns_that_read(model, "signed_money")}
    known = Conventions(today=clock.today, exponent=minor_digits(currency), formats=formats)
    read = read_columns(cells, declared, known)
    read |= {name: blank_as_null(cells[name], read[name]) for name in formats}
    read |= {name: READERS[each.reads](cells[name]) for name, each in declared.items() if each.reads in READERS}
    (time,) = columns_that_read(model, "shop_time")
    times = read_times(cells[time], clock)
    read[time] = times.at
    ordered = sorted(declared, key=lambda name: declared[name].reads in _LATE)
    return ReadCells(columns={name: read[name] for name in ordered}, twice=times.twice)


def _format_of(amounts: pl.Series) -> Concluded:
    return conclude_format(amounts.filter(amounts != ""), NumberFormat(), None)


def read_pieces(cells: pl.Series) -> ReadColumn:
    """Read quantities as Int64 thousandths; a blank is null."""
    readable = cells.str.contains(_PIECES)
    pointed = cells.set(~readable, None).str.replace(",", ".", literal=True)
    values = pointed.cast(pl.Decimal(38, 3)).to_physical().cast(pl.Int64)
    odd = pick(cells, ~readable & (cells != ""))
    rejects = odd.select("index", code=pl.lit("LOYALTY_QUANTITY"), detail=pl.lit(""))
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def _signed_pieces(cells: pl.Series) -> ReadColumn:
    return read_signed(cells, read_pieces)


READERS: Mapping[str | None, Callable[[pl.Series], ReadColumn]] = {
    "item_code": read_item_codes,
    "pieces": read_pieces,
    "signed_pieces": _signed_pieces,
}
_LATE = ("shop_time", *QUANTITIES, *MONEY)
