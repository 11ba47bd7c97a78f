"""Reading languages into two letters (ISO 639-1), from codes and from names in the languages of our shops."""

from collections.abc import Collection, Mapping
from functools import cache

import polars as pl
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from tasks.core.checking.cells import ReadColumn, no_rejects
from tasks.core.checking.countries import NAMED_IN
from tasks.core.checking.word_lists import fold, read_words

_WITH_REGION = r"^([A-Za-z]{2,3})[-_](?:[A-Za-z]{4}[-_])?(?:[A-Za-z]{2}|[0-9]{3})$"


def read_languages(cells: pl.Series) -> ReadColumn:
    """Read languages as ``sv``: from ``sv``, ``sv-SE``, ``sv_SE``, ``swe``, or a name.

    A name may be in English, French, Dutch, Swedish or the language itself. *cells* is trimmed
    text without nulls. Others are CUST_ENUM.
    """
    codes = cells.str.replace(_WITH_REGION, "${1}")
    if codes.is_in(["", *_names("en")]).all():  # to know their names as well takes the library a second
        return ReadColumn(values=codes, rejects=no_rejects())
    return read_words(codes, _meanings(), lambda _: "write two letters, like sv")


@cache
def _meanings() -> Mapping[str, str]:
    codes = _names("en").keys()
    own = {fold(name): code for code in codes if (name := _own_name(code))}
    named = {fold(name): code for language in NAMED_IN for code, name in _names(language).items()}
    return own | named | _three_letters(codes) | {code: code for code in codes}


def _names(language: str) -> dict[str, str]:
    names = Locale(language).languages.items()
    return {code: name for code, name in names if isinstance(code, str) and len(code) == 2}


def _own_name(code: str) -> str | None:
    try:
        return _names(code).get(code)
    except UnknownLocaleError:
        return None


def _three_letters(codes: Collection[str]) -> dict[str, str]:
    return {alias: code for alias, code in get_global("language_aliases").items() if len(alias) == 3 and code in codes}
