"""What a column beside ours is, by the words of its heading."""

import re
import unicodedata

from schemas.qualifiers import HEADINGS, MANY, Qualifier


def bare(text: str) -> str:
    """Return the words of *text* in lower case, without accents and marks."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def says_many(heading: str) -> bool:
    """Tell whether a heading says that its numbers count thousands, or hundredths: ``Balance (thousands)``."""
    words = f" {bare(heading)} "
    return any(f" {many} " in words for many in MANY)


def qualifier_of(heading: str) -> Qualifier | None:
    """Return what a column is by its heading, None where it tells nothing of others."""
    words = bare(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    return next((kind for kind, pattern in HEADINGS.items() if re.search(pattern, words)), None)
