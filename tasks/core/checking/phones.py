"""Reading telephone numbers into E.164, by the library and the numbering plans it carries."""

import re
from collections.abc import Iterable
from functools import cache

import phonenumbers
import polars as pl
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberDesc, PhoneNumberFormat
from phonenumbers.phonenumberutil import region_code_for_country_code

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, no_rejects, pick
from tasks.core.checking.distinct_values import Reading, Unreadable, known_where, read_unread

_CODE = "CUST_PHONE_INVALID"
_ANYWHERE = "FR"
"""A country where 00 leads abroad: numbers that begin with + or 00 mean the same in all of these."""
_NEIGHBOURS = ("SE", "NO", "DK", "FI", "FR", "BE", "NL", "DE", "CH", "GB", "ES", "IT", "PT")
"""Whose canonical numbers are known without asking the library, beside those of the default country."""

_MARKS = r"[ ./()-]"
_DIGITS_AND_MARKS = r"^[+(]?[0-9][0-9 ./()-]*[0-9]$"
_DECIMALS = re.compile(r"[0-9]+[.,]0+")
_LETTER = re.compile(r"[^\W\d_]")

_WORDS = {
    NumberParseException.INVALID_COUNTRY_CODE: "no country has this code",
    NumberParseException.TOO_SHORT_AFTER_IDD: "digits are missing behind the country code",
    NumberParseException.TOO_SHORT_NSN: "it has too few digits",
    NumberParseException.TOO_LONG: "it has too many digits",
}
_LENGTHS = {
    phonenumbers.ValidationResult.TOO_SHORT: "it has too few digits",
    phonenumbers.ValidationResult.TOO_LONG: "it has too many digits",
    phonenumbers.ValidationResult.INVALID_LENGTH: "it has too many or too few digits",
}


def read_phones_of(cells: pl.Series, countries: pl.Series) -> ReadColumn:
    """Read telephone numbers, each as one of the country of its row (ISO alpha-2, null where it cannot be read).

    Where no country or no numbering plan is known, only a number with its country code is read; of the others
    nothing is guessed, and those of a row whose country cannot be read are told with the country alone.
    """
    every = countries.unique()
    if every.len() == 1 and every[0] in phonenumbers.SUPPORTED_REGIONS:
        return read_phones(cells, default_country=every[0])
    values, rejects = cells.clone(), [no_rejects()]
    for country in every:
        rows = pick(cells, countries.eq_missing(pl.Series([country], dtype=pl.String)))
        column = _read_of(rows["cell"], country)
        values = values.scatter(rows["index"], column.values)
        rejects.append(column.rejects.with_columns(index=rows["index"].gather(column.rejects["index"])))
    return ReadColumn(values=values, rejects=pl.concat(rejects).sort("index").cast(CELL_REJECTS_SCHEMA))


def _read_of(cells: pl.Series, country: str | None) -> ReadColumn:
    if country in phonenumbers.SUPPORTED_REGIONS:
        return read_phones(cells, default_country=country)
    whole = cells.str.contains(r"^(?:\+|00[1-9]|$)")
    column = read_phones(cells.zip_with(whole, pl.select(pl.lit("")).to_series()), default_country=_ANYWHERE)
    values = column.values.set(~whole, None)
    if country is None:
        return ReadColumn(values=values, rejects=column.rejects)
    guessed = pick(cells, ~whole).select("index", code=pl.lit(_CODE), detail=pl.lit(f"no numbering plan for {country}"))
    return ReadColumn(values=values, rejects=pl.concat([column.rejects, guessed.cast(CELL_REJECTS_SCHEMA)]))


def read_phones(cells: pl.Series, *, default_country: str) -> ReadColumn:
    """Read telephone numbers as ``+46701234567``, or ``+4687123456;ext=5`` with an extension.

    *cells* is trimmed text without nulls; a number without a country code is one of
    *default_country* (ISO alpha-2, upper case; ValueError if it has no numbering plan). What is in
    no numbering plan is CUST_PHONE_INVALID, what a spreadsheet shortened CELL_SCI_NOTATION.
    """
    if default_country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"No numbering plan is known for the country {default_country!r}")
    numbers = _tidied(cells, default_country)
    general, kinds = canonical_patterns(default_country)
    plain = numbers.str.contains(general) & numbers.str.contains(kinds) & cells.str.contains(_DIGITS_AND_MARKS)
    known = known_where(numbers, plain | (cells == ""))
    return read_unread(cells, known, lambda cell: _read(cell, default_country))


@cache
def canonical_patterns(default_country: str) -> tuple[str, str]:
    """Return two patterns for polars; a number that matches both is valid and canonical to the library.

    They say less than it: fixed and mobile numbers alone, of *default_country* and its
    neighbours, and of the main country where several share a code. The first is the general
    form of a country's numbers, which the second, of the kinds, does not always keep to.
    """
    regions = (default_country, *_NEIGHBOURS)
    codes = sorted({phonenumbers.country_code_for_region(region) for region in regions})
    plans = {code: _plan(region_code_for_country_code(code)) for code in codes}
    general = [f"{code}(?:{_national(plan.general_desc)})" for code, plan in plans.items()]
    kinds = [f"{code}(?:{_national(plan.fixed_line, plan.mobile)})" for code, plan in plans.items()]
    return _whole(general), _whole(kinds)


def _national(*kinds: PhoneNumberDesc | None) -> str:
    return "|".join(kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern)


def _whole(plans: Iterable[str]) -> str:
    return rf"^\+(?-u:{'|'.join(plans)})$"


def _plan(region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        raise ValueError(f"No numbering plan is known for the country {region!r}")
    return metadata


def _tidied(cells: pl.Series, default_country: str) -> pl.Series:
    """Take the marks out of numbers, and put the country code for the 0 before a national number."""
    odd = ~cells.str.contains(r"^(?:\+[0-9]*)?$")
    if not odd.any():
        return cells
    digits = cells.filter(odd).str.replace_all(_MARKS, "")
    plan = _plan(default_country)
    if plan.national_prefix == "0":
        digits = digits.str.replace("^0([1-9])", f"+{plan.country_code}${{1}}")
    return cells.clone().scatter(odd.arg_true(), digits)


def _read(cell: str, default_country: str) -> Reading:
    if _DECIMALS.fullmatch(cell):
        return Unreadable(code=_CODE, detail="a spreadsheet put decimals behind it")
    try:
        number = phonenumbers.parse(cell, default_country)
    except NumberParseException as error:
        return Unreadable(code=_CODE, detail=_WORDS.get(error.error_type, "it is not written in digits"))
    if number.extension is None and _LETTER.search(cell):
        return Unreadable(code=_CODE, detail="it holds letters")
    if not phonenumbers.is_valid_number(number):
        return Unreadable(code=_CODE, detail=_LENGTHS.get(_length(number), "no such number is given out"))
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


def _length(number: phonenumbers.PhoneNumber) -> int:
    return phonenumbers.is_possible_number_with_reason(number)
