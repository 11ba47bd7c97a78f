"""Reading countries into ISO 3166-1 alpha-2, from codes and from names in the languages of our shops."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

import polars as pl
from babel import Locale
from babel.core import get_global

from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.word_lists import fold, read_words

NAMED_IN = ("en", "fr", "nl", "sv")

_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"),
)
"""Two letters that CLDR names and ISO 3166-1 does not give to a country. Kosovo's XK is in everyday use."""

_EVERYDAY: Mapping[str, str] = {
    "AT": "Österreich",
    "BE": "Belgien, Vlaanderen, Wallonie",
    "CH": "Schweiz",
    "CI": "Ivory Coast",
    "CZ": "Czech Republic, République tchèque, Tsjechische Republiek, Tjeckiska republiken, Cesko",
    "DE": "Deutschland",
    "ES": "España",
    "FI": "Suomi",
    "GB": "UK, Great Britain, Grande-Bretagne, Groot-Brittannië, England, Scotland, Wales, Angleterre, Engeland",
    "IT": "Italia",
    "KR": "Korea",
    "MK": "Macedonia",
    "NL": "Holland, The Netherlands, Hollande",
    "PL": "Polska",
    "RU": "Russian Federation",
    "SZ": "Swaziland",
    "TR": "Turkey",
    "US": "United States of America, États-Unis d'Amérique, Verenigde Staten van Amerika, Amerikas förenta stater",
}


def read_countries(cells: pl.Series) -> ReadColumn:
    """Read countries as ``SE``: from two or three letters, or a name in English, French, Dutch or Swedish.

    *cells* is trimmed text without nulls. Others are CUST_ENUM, with the nearest name in the detail.
    """
    return read_words(cells, _meanings(), _nearest)


@cache
def _meanings() -> Mapping[str, str]:
    return _named() | _three_letters() | {code.lower(): code for code in _english()}


@cache
def _english() -> Mapping[str, str]:
    names = Locale("en").territories
    return {code: name for code, name in names.items() if code.isalpha() and code not in _NO_COUNTRIES}


def _named() -> dict[str, str]:
    tables = [Locale(language).territories for language in NAMED_IN]
    official = {fold(table[code]): code for table in tables for code in _english() if code in table}
    everyday = {fold(name): code for code, names in _EVERYDAY.items() for name in names.split(", ")}
    return everyday | official


def _three_letters() -> dict[str, str]:
    aliases = get_global("territory_aliases").items()
    return {
        alias.lower(): codes[0]
        for alias, codes in aliases
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1 and codes[0] in _english()
    }


def _nearest(word: str) -> str:
    near = get_close_matches(word, _named(), n=1, cutoff=0.75)
    if not near:
        return "write two letters, like SE"
    code = _meanings()[near[0]]
    return f"did you mean {_english()[code]}, {code}?"
