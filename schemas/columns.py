"""What a row model says of each of its columns: how cells are read, what files call it, whom it is about, which codes.

It stands in the metadata of the pandera field, beside type, description and checks, and nowhere else. From it follow
the columns of a dialect, how a file is read and judged, and what is private.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

import polars as pl
from pandera.polars import DataFrameModel

from schemas.domain import Column, Dialect

Reading = Literal[
    "text",  # as it stands, on one line
    "label",  # text for people, in which a word for nothing (NULL, N/A) is blank
    "link",  # where a name leads to on a page, as it stands
    "sku",  # a code that a shop made up
    "code",  # a code that an authority gave
    "id",  # a number or code that another system counts up
    "reference",  # one that may begin with zeros
    "item_code",  # a UPC or EAN: digits, twelve at least
    "card_number",
    "customer_number",
    "money",  # integer minor units; the column ends in _cents, its heading's name does not
    "signed_money",  # below zero: given back
    "decimal",  # an amount as a decimal number in text, with as many decimals as stand there
    "quantity",  # thousandths; the column ends in _milli
    "pieces",  # the same, of a cell by itself: nothing else says how it is written
    "signed_pieces",  # below zero: brought back
    "decimal_quantity",  # a decimal number in text
    "day",  # ISO 8601
    "birth_day",  # ISO 8601, in the years in which people were born
    "instant",  # as it is written: only its own system knows its zone
    "shop_time",  # a day, or a day and time of the shop's clock; a moment in UTC
    "export_time",  # a day and time as plugins export them; ISO 8601, by the shop's clock or in UTC
    "email",
    "mail_address",  # as mails go to it: ASCII
    "mail_name",  # on one line, for it stands in the head of a mail
    "mail_language",  # one that we have mails in, else the usual one
    "phone",  # E.164
    "postcode",
    "country",  # ISO 3166-1 alpha-2
    "language",  # ISO 639-1
    "gender",
    "truth",  # Yes or No
    "currency",  # the shop's own, which stands in no file
    "decision",  # what a person decided about a failure
    "failure_key",
]
"""How cells of a column are read; ``tasks.core.checking.readers`` has the reader of each."""

DAYS = frozenset({"day", "birth_day", "instant", "shop_time", "export_time"})
"""Readings of which a date of a spreadsheet is what was typed."""

MONEY: tuple[Reading, ...] = ("money", "signed_money", "decimal")
QUANTITIES: tuple[Reading, ...] = ("quantity", "pieces", "signed_pieces", "decimal_quantity")
CODES: tuple[Reading, ...] = ("sku", "code", "id", "reference", "item_code")
"""Readings of which a spreadsheet may have made numbers."""

_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("money", "signed_money"), "_cents"),
    **dict.fromkeys(("quantity", "pieces", "signed_pieces"), "_milli"),
}
_HOLDS: Mapping[str, Literal["money", "quantity", "truth"]] = {
    **dict.fromkeys(MONEY, "money"),
    **dict.fromkeys(QUANTITIES, "quantity"),
    "truth": "truth",
}
_KEY = "column"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What files of one dialect call a column. They have their columns in the order of their ``place``."""

    text: str
    says: str
    aliases: Mapping[str, str]
    required: bool
    like: str
    place: int


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a row model says of a column beside its type and checks.

    ``reads`` is empty for columns that stand in no file. ``headings`` are by the names of dialects. ``country_in``
    names the column that says in which country this one is read. ``codes``: check -> code.
    """

    reads: Reading | None = None
    headings: Mapping[str, Heading] = field(default_factory=dict)
    private: bool = False
    country_in: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


def heading(
    text: str,
    says: str = "",
    *,
    required: bool = True,
    like: str = "",
    place: int = 0,
    **aliases: str,
) -> Heading:
    """Return a heading; *aliases* are other known headings by language (en, fr, nl, sv), with bars between them.

    *says* tells people what belongs there, where the description of the column does not.
    """
    named = {alias: language for language, texts in aliases.items() for alias in texts.split("|")}
    return Heading(text=text, says=says, aliases=named, required=required, like=like, place=place)


def column(
    reads: Reading | None = None,
    *,
    private: bool = False,
    country_in: str = "",
    codes: Mapping[str, str] | None = None,
    **headings: Heading | None,
) -> dict[str, Declaration]:
    """Return the metadata of a column that files have; *headings* are by the names of dialects.

    Checks are called in *codes* as pandera calls them (``str_matches``, ``isin``, ``not_nullable``,
    ``field_uniqueness``), those of the model by their own names. Of several that fail on one cell, the first here is
    reported.
    """
    there = {dialect: each for dialect, each in headings.items() if each}
    return {_KEY: Declaration(reads=reads, headings=there, private=private, country_in=country_in, codes=codes or {})}


def coded(**codes: str) -> dict[str, Declaration]:
    """Return the metadata of a column of which no more is declared than the codes of its checks: check -> code."""
    return column(codes=codes)


@cache
def declarations(model: type[DataFrameModel]) -> Mapping[str, Declaration]:
    """Return what a row model says of each of its columns."""
    columns = model.to_schema().columns.items()
    return MappingProxyType({name: (each.metadata or {}).get(_KEY, Declaration()) for name, each in columns})


@cache
def shape_of(model: type[DataFrameModel]) -> pl.Schema:
    """Return the columns of a model with their types."""
    return pl.Schema({name: each.dtype.type for name, each in model.to_schema().columns.items()})


@cache
def codes_of(model: type[DataFrameModel]) -> Mapping[tuple[str, str], str]:
    """Return the codes that a row model declares, by column and check."""
    declared = declarations(model).items()
    return MappingProxyType({(name, check): code for name, each in declared for check, code in each.codes.items()})


@cache
def columns_in_files(model: type[DataFrameModel]) -> Mapping[str, Declaration]:
    """Return the columns of a row model that are read, by what they are called while their cells are text."""
    declared = declarations(model).items()
    return MappingProxyType({name_in_file(name, each.reads): each for name, each in declared if each.reads})


def names_in_files(model: type[DataFrameModel]) -> Mapping[str, str]:
    """Return what those columns are called while their cells are text, by their own names."""
    return {name: name_in_file(name, each.reads) for name, each in declarations(model).items() if each.reads}


def columns_that_read(model: type[DataFrameModel], *reads: Reading) -> tuple[str, ...]:
    """Return which of those columns are read in one of these ways."""
    return tuple(name for name, each in columns_in_files(model).items() if each.reads in reads)


def name_in_file(name: str, reads: Reading) -> str:
    """Return what a column is called while its cells are text: ``balance_cents`` is a *balance* in a file."""
    return name.removesuffix(_UNITS.get(reads, ""))


def is_private(model: type[DataFrameModel]) -> bool:
    """Say whether any column of a row model is about a person."""
    return any(each.private for each in declarations(model).values())


def with_columns_of(model: type[DataFrameModel], dialect: Dialect) -> Dialect:
    """Return a dialect with the columns that the row model declares for it, behind those that it has.

    Those of codes and of labels are named, for a spreadsheet may have changed them.
    """
    declared = {name: each for name, each in declarations(model).items() if dialect.name in each.headings}
    placed = sorted(declared, key=lambda name: declared[name].headings[dialect.name].place)
    says = {name: str(each.description) for name, each in model.to_schema().columns.items()}
    return replace(
        dialect,
        columns=dialect.columns + tuple(_column(name, declared[name], dialect.name, says[name]) for name in placed),
        codes=dialect.codes + _reading(declared, CODES),
        padded=dialect.padded + _reading(declared, ("reference",)),
        labels=dialect.labels + _reading(declared, ("label",)),
    )


def _reading(declared: Mapping[str, Declaration], reads: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(name for name, each in declared.items() if each.reads in reads)


def _column(name: str, declared: Declaration, dialect: str, description: str) -> Column:
    own = declared.headings[dialect]
    reads = declared.reads or "text"
    return Column(
        name=name_in_file(name, reads),
        heading=own.text,
        description=own.says or description,
        aliases=own.aliases,
        required=own.required,
        like=own.like,
        dates=reads in DAYS,
        holds=_HOLDS.get(reads, "text"),
    )
