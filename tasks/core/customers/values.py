"""Reading the columns of customers, and what two texts have in common that mean the same."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.columns import columns_in_files
from schemas.customers import CUSTOMER_COLUMNS, Customers
from tasks.core.checking.birth_dates import concluded_order
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.readers import Conventions, read_columns
from tasks.core.customers.repairs import without_line_breaks
from tasks.core.reading.trimmed_cells import trim

_COLUMNS = columns_in_files(Customers)


@dataclass(frozen=True, kw_only=True)
class Register:
    """What a register takes for granted.

    ``default_country`` (ISO alpha-2) is where its telephone numbers and postcodes are that name no
    country. Two e-mail addresses are one where they differ in letter case, and by policy in dots of
    the local part or in a ``+tag``.
    """

    default_country: str
    today: date
    ignore_dots: bool = False
    ignore_plus: bool = False


def read_values(cells: pl.DataFrame, register: Register, order: DayOrder) -> dict[str, ReadColumn]:
    """Read every column of CUSTOMER_COLUMNS that *cells* has, into the one way we write such a value.

    *order* is how all dates of birth of the file or register are read, of which *cells* may be a part.
    """
    known = Conventions(today=register.today, country=register.default_country, orders={"born_on": order})
    return read_columns(cells, _COLUMNS, known)


def read_by_country(column: str) -> tuple[str, ...]:
    """Return the column that says in which country a column is read, if there is one."""
    country = _COLUMNS[column].country_in
    return (country,) if country else ()


def as_written(records: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Write the values of *records* the way files are read, blanks around them taken off first.

    What cannot be read stays as it is. Dates are read by one order of day and month for the column, so
    *records* should be all there are.
    """
    trimmed, _ = trim(records, [name for name in CUSTOMER_COLUMNS if name in records.columns and name != "extra"])
    bare, _ = without_line_breaks(trimmed)
    order = concluded_order(bare["born_on"]) if "born_on" in bare.columns else "unsettled"
    read = read_values(bare, register, order)
    return records.with_columns(column.values.fill_null(records[name]).alias(name) for name, column in read.items())
