"""Which reader reads which column of a customer, and what two texts have in common that mean the same."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.customers import CUSTOMER_COLUMNS
from tasks.core.checking.birth_dates import concluded_order, read_birth_dates
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.choices import GENDERS, YES_NO, read_choices
from tasks.core.checking.countries import read_countries
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.emails import read_emails
from tasks.core.checking.languages import read_languages
from tasks.core.checking.phones import read_phones_of
from tasks.core.checking.postcodes import read_postcodes
from tasks.core.checking.texts import read_code, read_text
from tasks.core.customers.repairs import without_line_breaks
from tasks.core.reading.trimmed_cells import trim

_COUNTRY_OF: Mapping[str, str] = {
    "phone": "country",
    "mobile": "country",
    "postcode": "country",
    "shipping_postcode": "shipping_country",
}
_BY_COUNTRY: Mapping[str, Callable[[pl.Series, pl.Series], ReadColumn]] = {
    "phone": read_phones_of,
    "mobile": read_phones_of,
    "postcode": read_postcodes,
    "shipping_postcode": read_postcodes,
}


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
    readers = _readers(register, order)
    present = [name for name in CUSTOMER_COLUMNS if name in cells.columns and name not in _COUNTRY_OF]
    plain = [name for name in present if name != "extra"]
    with ThreadPoolExecutor() as columnwise:
        columns = columnwise.map(lambda name: readers.get(name, read_text)(cells[name]), plain)
        read = dict(zip(plain, columns, strict=True))
        late = [name for name in _COUNTRY_OF if name in cells.columns]
        countries = [_countries(cells, read.get(_COUNTRY_OF[name]), register) for name in late]
        by_country = columnwise.map(lambda name, country: _BY_COUNTRY[name](cells[name], country), late, countries)
        return read | dict(zip(late, by_country, strict=True))


def _countries(cells: pl.DataFrame, read: ReadColumn | None, register: Register) -> pl.Series:
    """Return the country of each row: the register's own where none is said, null where it cannot be read."""
    if read is None:
        return pl.repeat(register.default_country, cells.height, dtype=pl.String, eager=True)
    return read.values.replace({"": register.default_country})


def _readers(register: Register, order: DayOrder) -> dict[str, Callable[[pl.Series], ReadColumn]]:
    return {
        "email": read_emails,
        "country": read_countries,
        "shipping_country": read_countries,
        "language": read_languages,
        "born_on": lambda cells: read_birth_dates(cells, order, today=register.today),
        "gender": lambda cells: read_choices(cells, GENDERS),
        "confirmed": lambda cells: read_choices(cells, YES_NO),
        "company_number": read_code,
        "vat_number": read_code,
    }


def read_by_country(column: str) -> tuple[str, ...]:
    """Return the column that says in which country a column is read, if there is one."""
    return (_COUNTRY_OF[column],) if column in _COUNTRY_OF else ()


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
