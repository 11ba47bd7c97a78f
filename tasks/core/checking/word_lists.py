"""Reading a word out of a known list, whatever its letter case, accents and marks.

The lists are with the modules of their kind.
"""

import unicodedata
from collections.abc import Callable, Mapping

import polars as pl

from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.distinct_values import Reading, Unreadable, blank_or_unread, read_unread

MOST_HINTED = 50
"""With more unknown words than this it is the wrong column, and looking for near words takes long."""


def fold(text: str) -> str:
    """Return the letters and digits of *text* in lower case, without accents.

    A slash stays, lest ``n/a`` is Namibia.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter == "/")


def read_words(cells: pl.Series, meanings: Mapping[str, str], hint: Callable[[str], str]) -> ReadColumn:
    """Read each word as what *meanings* says of its folded form; others are CUST_ENUM.

    *hint* takes a folded word and says what would be right; it is asked a few times at most.
    """
    unknown: list[str] = []

    def read(cell: str) -> Reading:
        word = fold(cell)
        if word in meanings:
            return meanings[word]
        unknown.append(word)
        return Unreadable(code="CUST_ENUM", detail=hint(word) if len(unknown) <= MOST_HINTED else "")

    return read_unread(cells, blank_or_unread(cells), read)
