"""Currencies as texts name them, and how many digits their minor unit has."""

import re
from functools import cache

from babel import Locale
from babel.numbers import get_currency_precision

from schemas.currencies import MARKS

_SEPARATORS = r"[\s_(\[/,:–-]"


def minor_digits(currency: str) -> int:
    """Return the number of decimals in which amounts of *currency* are written: 2 for EUR, 0 for JPY (CLDR)."""
    return int(get_currency_precision(currency))


def marks_of(currency: str) -> tuple[str, ...]:
    """Return how *currency* is written: its code, signs and words, the longest first."""
    return tuple(sorted((currency, *MARKS.get(currency, ())), key=len, reverse=True))


def is_currency(text: str, currency: str) -> bool:
    """Tell whether *text* means *currency*: ``EUR``, ``€``, ``Euro``, ``EUR (€)``."""
    own = {mark.casefold() for mark in marks_of(currency)}
    folded = text.strip().casefold()
    parts = [part for part in re.split(r"[\s()\[\]/|,;]+", folded) if part]
    return folded in own or (bool(parts) and own.issuperset(parts))


@cache
def codes() -> frozenset[str]:
    """Return the codes of all currencies (ISO 4217), as they are written: three capital letters."""
    return frozenset(Locale("en").currencies)


@cache
def names_currency(text: str) -> bool:
    """Tell whether *text* names any currency, as a sign, a code or a word."""
    words = {mark.casefold() for marks in MARKS.values() for mark in marks}
    return text.strip().upper() in codes() or text.strip().casefold() in words


def split_heading(heading: str) -> tuple[str, str]:
    """Take the currency out of a heading: ``Balance (USD)`` is ``Balance`` and ``USD``; "" where there is none."""
    text = " ".join(heading.split())
    last = re.fullmatch(rf"(.+?){_SEPARATORS}+(?:(?:in|en|i) )?([^\s_()\[\]/,:–-]+)[\s)\]]*", text)
    if last and names_currency(last[2]):
        return last[1].rstrip(" _(-:/,["), last[2]
    first = re.fullmatch(rf"([^\s_()\[\]/,:–-]+){_SEPARATORS}+(.+)", text)
    if first and names_currency(first[1]):
        return first[2], first[1]
    return heading, ""
