"""A customer as a row: the one place where each column is declared, with its checks and the code of each.

How files call these columns is in ``schemas.customers``, how their cells are read in ``tasks.core.customers``.
"""

from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.characters import UNSEEN
from schemas.row_codes import coded

_NUMBER = r"^([1-9][0-9]{0,17})?$"
_VISIBLE = f"^[^{UNSEEN}]*$"


def _text(description: str) -> Any:
    """Declare a column of text that can be seen: no control characters, nothing invisible."""
    return _column(description, str_matches=_VISIBLE, metadata=coded(str_matches="CELL_CONTROL"))


def _column(description: str, **checks: Any) -> Any:
    """Declare a column that a file may lack; null means: leave as it is."""
    return pa.Field(nullable=True, description=description, **checks)


def _email(description: str) -> Any:
    lower_domain = r"^([^@\s]+@[^@\sA-Z]+)?$"
    return _column(description, str_matches=lower_domain, metadata=coded(str_matches="CUST_EMAIL_INVALID"))


def _phone(description: str) -> Any:
    e164 = r"^(\+[1-9][0-9]{3,17}(;ext=[0-9]+)?)?$"
    return _column(description, str_matches=e164, metadata=coded(str_matches="CUST_PHONE_INVALID"))


def _day(description: str) -> Any:
    iso = r"^([0-9]{4}-[01][0-9]-[0-3][0-9])?$"
    return _column(description, str_matches=iso, metadata=coded(str_matches="CUST_DATE"))


def _letters(description: str, pattern: str) -> Any:
    return _column(description, str_matches=pattern, metadata=coded(str_matches="CUST_ENUM"))


def _country(description: str) -> Any:
    return _letters(description, r"^([A-Z]{2})?$")


def _choice(description: str, *words: str) -> Any:
    return _column(description, isin=["", *words], metadata=coded(isin="CUST_ENUM"))


class Customers(pa.DataFrameModel):
    """One row a customer, as a file wants it to be, with those columns that the file has.

    ``customer_id`` is empty where the file asks for a new customer or names none. All else is text, and empty text
    clears what is there.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    customer_id: str = pa.Field(
        str_matches=_NUMBER,
        description="the number of the customer's card",
        metadata=coded(str_matches="TIXLY_CUSTOMER_ID_NOT_INT"),
    )
    first_name: str | None = _text("the first name")
    name_prefix: str | None = _text("van, de, von")
    last_name: str | None = _text("the last name")
    email: str | None = _email("the e-mail address, the part after the @ in lower case")
    phone: str | None = _phone("the telephone number, E.164")
    mobile: str | None = _phone("the mobile number, E.164")
    born_on: str | None = _day("ISO 8601, such as 1988-04-02")
    gender: str | None = _choice("a word, or a number as Tixly has it", "male", "female", "other", "0", "1", "2")
    language: str | None = _letters("ISO 639-1, such as sv", r"^([a-z]{2})?$")
    customer_type: str | None = _text("private or company")
    company: str | None = _text("the company")
    company_number: str | None = _text("its number in the register")
    vat_number: str | None = _text("its VAT number")
    attention: str | None = _text("who the invoice is for")
    street: str | None = _text("the street, and the number where there is no column for it")
    address_2: str | None = _text("more of the address")
    house_number: str | None = _text("the house number")
    house_extension: str | None = _text("what follows the number")
    postcode: str | None = _column("as its country writes it; as it stands where we know no rule")
    city: str | None = _text("the town")
    region: str | None = _text("the region")
    country: str | None = _country("ISO 3166-1 alpha-2, such as SE")
    shipping_attention: str | None = _text("who the parcel is for")
    shipping_company: str | None = _text("the company it goes to")
    shipping_street: str | None = _text("the street")
    shipping_address_2: str | None = _text("more of the address")
    shipping_house_number: str | None = _text("the house number")
    shipping_house_extension: str | None = _text("what follows the number")
    shipping_postcode: str | None = _column("as its country writes it; as it stands where we know no rule")
    shipping_city: str | None = _text("the town")
    shipping_region: str | None = _text("the region")
    shipping_country: str | None = _country("ISO 3166-1 alpha-2, such as SE")
    groups: str | None = _text("names of groups")
    confirmed: str | None = _choice("whether the address was confirmed", "Yes", "No")
    registered: str | None = _text("since when, as the register says")
    extra: str | None = _column("a JSON object of columns that only their own system knows, byte for byte")

    class Config:
        strict = True


CUSTOMER_COLUMNS = tuple(name for name in Customers.to_schema().columns if name not in ("line", "customer_id"))
"""What is known of a customer, all text."""


class People(pa.DataFrameModel):
    """One row a customer of a file: by whom it is known. All rows of a file are judged at once.

    ``same_as`` is a text by which two rows are about one person.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    customer_id: str = pa.Field(
        str_matches=_NUMBER,
        description="the number of the customer's card",
        metadata=coded(str_matches="TIXLY_CUSTOMER_ID_NOT_INT", appears_once="TIXLY_CUSTOMER_ID_DUP"),
    )
    same_as: str = pa.Field(
        description="the e-mail address by the shop's policy, else what is known of a new person",
        metadata=coded(is_one_person="CUST_EMAIL_DUP_FILE"),
    )

    class Config:
        strict = True

    @pa.check("customer_id")
    def appears_once(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """A number that stands twice says two things of one card."""
        return data.lazyframe.select(_once(data.key or "customer_id"))

    @pa.check("same_as")
    def is_one_person(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """Two rows about one person: nobody can tell which is right.

        Rows with numbers of their own are about people of their own, who may share an address.
        """
        same = pl.col(data.key or "same_as")
        without_number = same.filter(pl.col("customer_id") == "").implode()
        return data.lazyframe.select(_once(data.key or "same_as") | ~same.is_in(without_number))


def _once(column: str) -> pl.Expr:
    return (pl.col(column) == "") | ~pl.col(column).is_duplicated()


class CustomerRecords(pa.DataFrameModel):
    """One row a customer, as a target holds it: the number and every one of CUSTOMER_COLUMNS.

    What the texts say is not judged: a target holds what anybody ever wrote into it, and a telephone number that we
    would reject must stop no backup.
    """

    customer_id: str = pa.Field(str_matches=r"^[1-9][0-9]*$")
    known: str = pa.Field(alias=rf"^(?:{'|'.join(CUSTOMER_COLUMNS)})$", regex=True)

    class Config:
        strict = True

    @pa.dataframe_check
    @classmethod
    def has_every_column(cls, data: pa.PolarsData) -> bool:
        """A column that is missing would look like one that is blank, and be filled in or cleared."""
        return set(CUSTOMER_COLUMNS) <= set(data.lazyframe.collect_schema().names())
