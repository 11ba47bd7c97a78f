"""What makes two descriptions of a person one person: texts that are equal if, and only if, they are."""

from collections.abc import Sequence

import polars as pl

from tasks.core.checking.emails import email_identity
from tasks.core.customers.values import Register

_NAME = ("first_name", "name_prefix", "last_name")
_NATURAL = (*_NAME, "company", "born_on", "phone", "mobile", "street", "house_number", "postcode", "city")
NOTIFICATION = ("email", *_NATURAL)
"""The columns that tell one person from another."""


def partition_keys(rows: pl.DataFrame) -> pl.Series:
    """Return by what rows of a file are put into partitions: the number of the record; of who has none, the line.

    No record is found by a number that is not there, so these may lie anywhere.
    """
    number = pl.col("customer_id")
    return rows.select(pl.when(number != "").then(number).otherwise(pl.col("line").cast(pl.String))).to_series()


def same_as(rows: pl.DataFrame, register: Register) -> pl.Series:
    """Return the text by which two rows of one file are about one person; empty where none can be told.

    That is the e-mail address; a customer without one who is to be new is known by everything else.
    """
    address = emails(rows, register)
    unknown = ((address == "") & (rows["customer_id"] == "")).fill_null(False)
    return _with_others(address, rows, unknown, rows.columns).alias("same_as")


def natural_keys(rows: pl.DataFrame, register: Register, columns: Sequence[str]) -> pl.Series:
    """Return the text by which a person without a number is found.

    That is the address, else name and date of birth, else all else that *columns* say.
    """
    address = emails(rows, register)
    return _with_others(address, rows, address == "", columns)


def _with_others(address: pl.Series, rows: pl.DataFrame, unknown: pl.Series, columns: Sequence[str]) -> pl.Series:
    """Put what else is known of a person where no address is; few rows need it, and it is long."""
    some = rows.filter(unknown)
    birth = births(some, columns)
    all_else = some.select(_joined(some, [name for name in _NATURAL if name in columns])).to_series()
    others = pl.select(pl.when(birth != "").then(birth).otherwise(all_else)).to_series()
    return address.clone().scatter(unknown.arg_true(), others) if some.height else address


def emails(rows: pl.DataFrame, register: Register) -> pl.Series:
    """Return the addresses as they count; empty where there is none."""
    if "email" not in rows.columns:
        return pl.repeat("", rows.height, dtype=pl.String, eager=True)
    known = rows["email"].fill_null("")
    return email_identity(known, ignore_dots=register.ignore_dots, ignore_plus=register.ignore_plus)


def names(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return whole names as far as *columns* have them, folded; empty where there is none."""
    return rows.select(_joined(rows, [name for name in _NAME if name in columns])).to_series()


def births(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return name and date of birth, folded; empty where either is missing."""
    if "born_on" not in columns:
        return pl.repeat("", rows.height, dtype=pl.String, eager=True)
    born, name = pl.col("born_on").fill_null(""), _joined(rows, [name for name in _NAME if name in columns])
    both = (born != "") & (name != "")
    return rows.select(pl.when(both).then(pl.concat_str(name, pl.lit("|"), born)).otherwise(pl.lit(""))).to_series()


def _joined(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Expr:
    parts = [pl.col(name).fill_null("").str.to_lowercase() for name in columns if name in rows.columns]
    if not parts:
        return pl.repeat("", pl.len())
    return pl.concat_str(parts, separator="|").str.replace_all(r"\|+", "|").str.strip_chars("|")
