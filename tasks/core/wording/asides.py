"""What stands in brackets behind a message, in the languages of files: phrases with places for what they name."""

import re
from collections.abc import Mapping
from functools import lru_cache, reduce

from schemas.asides import PHRASES
from schemas.tables import Language

_PLACES = {r"\{\}": "(.+?)", r"\{9\}": r"([0-9.,]+(?: \w+ [0-9]+)?)"}


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(reduce(lambda text, place: text.replace(*place), _PLACES.items(), re.escape(english)), re.DOTALL)


_PATTERNS = tuple((_pattern(english), {"fr": fr, "nl": nl, "sv": sv}) for english, fr, nl, sv in PHRASES)


@lru_cache(maxsize=2**12)
def _found(aside: str) -> tuple[tuple[str, ...], Mapping[str, str]] | None:
    matches = ((pattern.fullmatch(aside), words) for pattern, words in _PATTERNS)
    return next(((match.groups(), words) for match, words in matches if match), None)


def aside_in(aside: str, language: Language) -> str:
    """Say in *language* what stands in brackets; what is no phrase of ours stays."""
    found = _found(aside) if aside and language != "en" else None
    if found is None:
        return aside
    named, words = found
    return words[language].format(*(aside_in(part, language) for part in named))
