"""What the codes of rejects say, in the languages of the files that shops send; English stands in the catalogue."""

from collections.abc import Mapping
from typing import get_args

from schemas.tables import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)

WORDINGS: Mapping[Language, Mapping[str, tuple[str, str]]] = {}
