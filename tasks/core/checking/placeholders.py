"""Words and dates that stand for nothing: NULL, N/A, -, 0000-00-00. One list for all columns and domains.

Some of them may be meant: people called Null exist. Which column they cannot be meant in, its reader knows.
"""

from collections.abc import Iterable

_DATES = (
    *("0000-00-00", "0000/00/00", "00/00/0000", "00-00-0000", "00.00.0000", "00000000", "0001-01-01", "01/01/0001"),
    *("1900-01-00", "1900/01/00", "00/01/1900", "01/00/1900", "1/0/1900", "0/1/1900", "1899-12-30", "1899-12-31"),
    *("30/12/1899", "31/12/1899", "12/30/1899", "12/31/1899"),
)
_FIRST_DAYS = ("1900-01-01", "1900/01/01", "01/01/1900", "1/1/1900", "01-01-1900", "1-1-1900", "01.01.1900", "19000101")
"""Where spreadsheets and databases begin to count: nobody who is a customer today was born then."""
_MIDNIGHTS = (
    "",
    " 00:00:00",
    "T00:00:00",
    " 00:00",
    " 00:00:00.000",
    "T00:00:00Z",
    " 0:00",
    " 0:00:00",
    " 12:00:00 AM",
)

_SIGNS = ("-", "--", "---", "–", "—", "\\N", "#N/A", "?", "??", "???", ".", "..", "...", "_", "*", "/", "n.v.t.")
_WRITTEN = (
    *("n/a", "n.a.", "n/a.", "s/o", "(null)", "<null>", "[null]", "(none)", "<none>", "[none]", "(empty)", "<empty>"),
    *("(blank)", "(vide)", "(tom)", "(leeg)", "undefined", "#null!", "not available", "not applicable", "nvt"),
    *("non renseigné", "non renseigne", "ej angivet", "niet ingevuld", "non applicable", "not set", "not specified"),
)
_WORDS = ("null", "none", "nan", "nil")


def _spellings(words: Iterable[str]) -> list[str]:
    return [spelt for word in words for spelt in (word, word.upper(), word.capitalize(), word.title())]


DATES = [f"{day}{midnight}" for day in _DATES for midnight in _MIDNIGHTS]
NO_BIRTHDAY = [*DATES, *(f"{day}{midnight}" for day in _FIRST_DAYS for midnight in _MIDNIGHTS), "0"]
SURE = [*_SIGNS, *dict.fromkeys(_spellings(_WRITTEN)), *DATES]
"""What no value looks like."""
BY_SYSTEMS = ["NULL", "null", "None", "NONE", "none", "nan", "NaN", "NAN", "nil", "NIL"]
"""As databases and programs write nothing. Null with a capital is how a person writes a name."""
POSSIBLE = [*dict.fromkeys([*BY_SYSTEMS, *_spellings(_WORDS)]), "NA", "na"]
"""What may be a value too: the name Null, the town of None, Naples as NA."""
ANY = [*SURE, *(word for word in POSSIBLE if word.lower() != "na")]
"""Of a column in which no name can stand."""
