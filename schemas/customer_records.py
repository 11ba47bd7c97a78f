"""A customer by whom rows are known, and as a target holds it."""

import pandera.polars as pa
import polars as pl

from schemas.columns import coded
from schemas.customer_rows import CUSTOMER_COLUMNS

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""What a system issues that does not number its customers."""


class People(pa.DataFrameModel):
    """One row a customer of a file: by whom it is known. All rows of a file are judged at once.

    ``same_as`` is a text by which two rows are about one person.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    customer_id: str = pa.Field(
        description="the number of the customer's card, as Customers has judged it",
        metadata=coded(appears_once="TIXLY_CUSTOMER_ID_DUP"),
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
    """One row a customer, as a target holds it: the number, or an id in its place, and every one of CUSTOMER_COLUMNS.

    What the texts say is not judged: a target holds what anybody ever wrote into it, and a telephone number that we
    would reject must stop no backup.
    """

    customer_id: str = pa.Field(str_matches=rf"^([1-9][0-9]*|{_UUID})$")
    known: str = pa.Field(alias=rf"^(?:{'|'.join(CUSTOMER_COLUMNS)})$", regex=True)

    class Config:
        strict = True

    @pa.dataframe_check
    @classmethod
    def has_every_column(cls, data: pa.PolarsData) -> bool:
        """A column that is missing would look like one that is blank, and be filled in or cleared."""
        return set(CUSTOMER_COLUMNS) <= set(data.lazyframe.collect_schema().names())
