"""The catalogues of texts, a language each: read when first asked for, and compiled in memory."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from schemas.tables import Language
from tasks.core.wording.speech import Speech

LANGUAGES: dict[Language, str] = {"en": "English", "sv": "Svenska", "fr": "Français", "nl": "Nederlands"}
"""What we speak, each in its own name."""

LOCALES = Path(__file__).parents[1] / "desk" / "locales"


def catalogue_file(language: Language) -> Path:
    """Return where the texts of a language lie."""
    return LOCALES / language / "LC_MESSAGES" / "desk.po"


@cache
def catalogue(language: Language) -> NullTranslations:
    """Return the texts of a language; of English, whose texts are the keys, there is no file."""
    file = catalogue_file(language)
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def speech_in(language: Language) -> Speech:
    """Return what says things in a language."""
    return Speech(language=language, catalogue=catalogue(language))
