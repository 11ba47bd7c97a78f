"""The one reader of each kind of column, and reading the columns of a file with them.

Kinds that only one domain has (card numbers, customer numbers) are read there.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from pandera.polars import DataFrameModel

from schemas.columns import Declaration, Reading, columns_in_files
from schemas.tables import Table
from tasks.core.checking.amounts import read_cents, read_signed
from tasks.core.checking.birth_dates import concluded_order, read_birth_dates
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damaged_ids, no_rejects, pick
from tasks.core.checking.choices import GENDERS, YES_NO, read_choices
from tasks.core.checking.countries import read_countries
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.days import read_days
from tasks.core.checking.emails import read_emails
from tasks.core.checking.languages import read_languages
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.phones import read_phones_of
from tasks.core.checking.postcodes import read_postcodes
from tasks.core.checking.skus import read_skus
from tasks.core.checking.texts import read_code, read_text

MILLI_DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """What is known of a file before its cells are read.

    ``country`` (ISO alpha-2) is where telephone numbers and postcodes are that name none. ``formats`` says how a
    column writes numbers, ``orders`` which of day and month stands first in it; where it says nothing, nobody knows.
    ``exponent`` is how many decimals the shop's currency has.
    """

    today: date
    country: str = ""
    exponent: int = 2
    formats: Mapping[str, Concluded] = field(default_factory=dict)
    orders: Mapping[str, DayOrder] = field(default_factory=dict)


Reader = Callable[[pl.Series, Conventions], ReadColumn]
"""A reader takes trimmed text without nulls; the name of the series is that of the column."""


def _days(cells: pl.Series, known: Conventions) -> ReadColumn:
    order = known.orders.get(cells.name, "unsettled")
    read = read_days(cells, order)
    return ReadColumn(values=read.values.dt.to_string("iso"), rejects=read.rejects)


def _birth_days(cells: pl.Series, known: Conventions) -> ReadColumn:
    return read_birth_dates(cells, known.orders.get(cells.name, "unsettled"), today=known.today)


def _signed_money(cells: pl.Series, known: Conventions) -> ReadColumn:
    return read_signed(cells, lambda bare: read_cents(bare, known.formats[cells.name], known.exponent))


READERS: Mapping[Reading, Reader] = {
    "text": lambda cells, _: read_text(cells),
    "label": lambda cells, _: read_text(cells),
    "link": lambda cells, _: ReadColumn(values=cells, rejects=no_rejects()),
    "sku": lambda cells, _: read_skus(cells),
    "code": lambda cells, _: read_code(cells),
    "id": lambda cells, _: ReadColumn(values=cells, rejects=damaged_ids(cells)),
    "reference": lambda cells, _: ReadColumn(values=cells, rejects=damaged_ids(cells)),
    "money": lambda cells, known: read_cents(cells, known.formats[cells.name], known.exponent),
    "signed_money": _signed_money,
    "quantity": lambda cells, known: read_cents(cells, known.formats[cells.name], MILLI_DIGITS),
    "day": _days,
    "birth_day": _birth_days,
    "instant": lambda cells, _: read_text(cells),
    "email": lambda cells, _: read_emails(cells),
    "country": lambda cells, _: read_countries(cells),
    "language": lambda cells, _: read_languages(cells),
    "gender": lambda cells, _: read_choices(cells, GENDERS),
    "truth": lambda cells, _: read_choices(cells, YES_NO),
}
BY_COUNTRY: Mapping[Reading, Callable[[pl.Series, pl.Series], ReadColumn]] = {
    "phone": read_phones_of,
    "postcode": read_postcodes,
}
"""Readers that also take the country of each row."""


def whole_cells(table: Table, *models: type[DataFrameModel]) -> pl.DataFrame:
    """Return the cells of a file with every column that *models* read; one that it does not have is blank."""
    declared = [name for model in models for name in columns_in_files(model)]
    return table.cells.with_columns(pl.lit("").alias(name) for name in declared if name not in table.cells.columns)


def read_columns(cells: pl.DataFrame, declared: Mapping[str, Declaration], known: Conventions) -> dict[str, ReadColumn]:
    """Read those of the *declared* columns that *cells* has and that have a reader here."""
    reads = {name: each.reads for name, each in declared.items() if each.reads and name in cells.columns}
    plain = {name: READERS[kind] for name, kind in reads.items() if kind in READERS}
    late = {name: BY_COUNTRY[kind] for name, kind in reads.items() if kind in BY_COUNTRY}
    with ThreadPoolExecutor() as columnwise:
        columns = columnwise.map(lambda name: plain[name](cells[name], known), plain)
        read = dict(zip(plain, columns, strict=True))
        countries = [_countries(cells, read.get(declared[name].country_in), known) for name in late]
        by_country = columnwise.map(lambda name, country: late[name](cells[name], country), late, countries)
        return read | dict(zip(late, by_country, strict=True))


def blank_as_null(cells: pl.Series, column: ReadColumn) -> ReadColumn:
    """Take the blank cells of a column for null, and for no reject."""
    blank = cells == ""
    rejects = column.rejects.filter(~pl.col("index").is_in(blank.arg_true().implode()))
    return ReadColumn(values=column.values.set(blank, None) if blank.any() else column.values, rejects=rejects)


def filled_in(cells: pl.Series, column: ReadColumn) -> ReadColumn:
    """Reject the blank cells of a column in which every row must say something."""
    empty = pick(cells, cells == "").select("index", code=pl.lit("CELL_EMPTY"), detail=pl.lit(""))
    unsaid = empty.cast(CELL_REJECTS_SCHEMA).join(column.rejects, on="index", how="anti", maintain_order="left")
    return ReadColumn(values=column.values, rejects=pl.concat([column.rejects, unsaid]).sort("index"))


def _countries(cells: pl.DataFrame, read: ReadColumn | None, known: Conventions) -> pl.Series:
    """Return the country of each row: the shop's own where none is said, null where it cannot be read."""
    if read is None:
        return pl.repeat(known.country, cells.height, dtype=pl.String, eager=True)
    return read.values.replace({"": known.country})


def orders_in(cells: pl.DataFrame, declared: Mapping[str, Declaration]) -> Mapping[str, DayOrder]:
    """Conclude of each column of days which of day and month stands first in it."""
    days = [name for name, each in declared.items() if each.reads in ("day", "birth_day") and name in cells.columns]
    return {name: concluded_order(cells[name]) for name in days}
