"""Which reader reads which column of a customer, and what two texts have in common that mean the same."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.customers import CUSTOMER_COLUMNS
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, no_rejects, pick
from tasks.core.checking.people.birth_dates import Order, concluded_order, read_birth_dates
from tasks.core.checking.people.choices import GENDERS, YES_NO, read_choices
from tasks.core.checking.people.countries import read_countries
from tasks.core.checking.people.emails import read_emails
from tasks.core.checking.people.languages import read_languages
from tasks.core.checking.people.phones import read_phones
from tasks.core.checking.people.postcodes import read_postcodes
from tasks.core.reading.trimming import trim

_HARM = ["CELL_CONTROL", "CELL_FORMULA"]
"""Of what may befall a cell, what is no text of a person either way; a house number may look like a date."""

_COUNTRY_OF: Mapping[str, str] = {"postcode": "country", "shipping_postcode": "shipping_country"}


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


def read_values(cells: pl.DataFrame, register: Register, order: Order) -> dict[str, ReadColumn]:
    """Read every column of CUSTOMER_COLUMNS that *cells* has, into the one way we write such a value.

    *order* is how all dates of birth of the file or register are read, of which *cells* may be a part.
    """
    readers = _readers(register, order)
    present = [name for name in CUSTOMER_COLUMNS if name in cells.columns and name not in _COUNTRY_OF]
    plain = [name for name in present if name != "extra"]
    with ThreadPoolExecutor() as columnwise:
        columns = columnwise.map(lambda name: readers.get(name, read_text)(cells[name]), plain)
        read = dict(zip(plain, columns, strict=True))
    for name, country in _COUNTRY_OF.items():
        if name in cells.columns:
            read[name] = read_postcodes(cells[name], _countries(cells, read.get(country), register))
    return read


def _countries(cells: pl.DataFrame, read: ReadColumn | None, register: Register) -> pl.Series:
    """Return the country of each row; one that is blank, or not there at all, is the register's own."""
    if read is None:
        return pl.repeat(register.default_country, cells.height, dtype=pl.String, eager=True)
    return read.values.fill_null("").replace({"": register.default_country})


def _readers(register: Register, order: Order) -> dict[str, Callable[[pl.Series], ReadColumn]]:
    def phones(cells: pl.Series) -> ReadColumn:
        return read_phones(cells, default_country=register.default_country)

    return {
        "email": read_emails,
        "phone": phones,
        "mobile": phones,
        "country": read_countries,
        "shipping_country": read_countries,
        "language": read_languages,
        "born_on": lambda cells: read_birth_dates(cells, order, today=register.today),
        "gender": lambda cells: read_choices(cells, GENDERS),
        "confirmed": lambda cells: read_choices(cells, YES_NO),
    }


def read_text(cells: pl.Series) -> ReadColumn:
    """Read text as it stands, unless it cannot be seen or would run in a spreadsheet."""
    if not cells.str.contains(r"[\p{Cc}\p{Cf}]|^[=@]").any():
        return ReadColumn(values=cells, rejects=no_rejects())
    coded = pick(cells, cells != "").with_columns(code=damage_code(pl.col("cell")))
    rejects = coded.filter(pl.col("code").is_in(_HARM)).select("index", "code", detail=pl.lit(""))
    values = cells.scatter(rejects["index"], None) if rejects.height else cells
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def read_by_country(column: str) -> tuple[str, ...]:
    """Return the column that says in which country a column is read, if there is one."""
    return (_COUNTRY_OF[column],) if column in _COUNTRY_OF else ()


def as_written(records: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Write the values of *records* the way files are read, blanks around them taken off first.

    What cannot be read stays as it is. Dates are read by one order of day and month for the column, so
    *records* should be all there are.
    """
    bare, _ = trim(records, [name for name in CUSTOMER_COLUMNS if name in records.columns and name != "extra"])
    order = concluded_order(bare["born_on"]) if "born_on" in bare.columns else "unsettled"
    read = read_values(bare, register, order)
    return records.with_columns(column.values.fill_null(records[name]).alias(name) for name, column in read.items())
