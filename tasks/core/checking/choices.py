"""Reading columns where people choose one of a few words: yes or no, a gender.

Countries and languages have long lists and modules of their own.
"""

from collections.abc import Mapping

import polars as pl

from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.word_lists import fold, read_words


def _meanings(written: Mapping[str, str]) -> Mapping[str, str]:
    return {fold(word): meaning for meaning, words in written.items() for word in (meaning, *words.split(", "))}


YES_NO: Mapping[str, str] = _meanings(
    {
        "Yes": "y, oui, o, ja, j, true, vrai, waar, sant, 1",
        "No": "n, non, nee, nej, false, faux, onwaar, falskt, 0",
    }
)
"""Folded word -> ``Yes`` or ``No``, as C-Series exports write Confirmed."""

GENDERS: Mapping[str, str] = _meanings(
    {
        "male": "m, h, man, masculine, homme, masculin, mannelijk, manlig",
        "female": "f, v, k, woman, feminine, femme, féminin, vrouw, vrouwelijk, kvinna, kvinnlig",
        "other": "o, x, autre, ander, anders, overig, annan, annat, non-binary, non binaire, non-binair, icke-binär",
        "0": "0",
        "1": "1",
        "2": "2",
    }
)
"""Folded word -> gender. A number is Tixly's own and stays: its meaning is not public (contracts/tixly.md 3.2)."""


def read_choices(cells: pl.Series, choices: Mapping[str, str]) -> ReadColumn:
    """Read each word as what *choices* (folded word -> canonical) says of it.

    *cells* is trimmed text without nulls. Other words are CUST_ENUM, with the canonical ones in the detail.
    """
    allowed = ", ".join(dict.fromkeys(choices.values()))
    return read_words(cells, choices, lambda _: f"one of: {allowed}")
