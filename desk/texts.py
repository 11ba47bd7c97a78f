"""The texts of the desk in the language of whoever reads. Catalogues are in ``locales``; what they lack is English.

Templates call ``_()`` and ``ngettext()``, code calls ``_()`` when it speaks and ``later()`` where it only names a text.
What was composed or named elsewhere goes through the filter ``translated``, for ``_()`` takes a text for markup.
The catalogues are renewed by ``python -m tests.conventions.texts --write``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from infra.catalogues import LANGUAGES, catalogue, speech_in
from schemas.tables import Language
from tasks.core.wording.speech import Speech


@dataclass
class _Spoken:
    """The language of one request: threads that answer it share this, so whoever learns better says so to all."""

    language: Language


_SPOKEN: ContextVar[_Spoken | None] = ContextVar("spoken", default=None)


def gettext(text: str) -> str:
    """Return *text* in the language that is spoken here."""
    return catalogue(language_here()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the text for so many, in the language that is spoken here."""
    return catalogue(language_here()).ngettext(one, many, count)


_ = gettext


def later(text: str) -> str:
    """Mark *text* to be translated when it is shown."""
    return text


def language_here() -> Language:
    """Return the language that is spoken here."""
    spoken = _SPOKEN.get()
    return spoken.language if spoken else "en"


def speech_here() -> Speech:
    """Return what says things in the language that is spoken here."""
    return speech_in(language_here())


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let whatever is said inside be in *language*, until somebody knows better."""
    token = _SPOKEN.set(_Spoken(language))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def speak(language: Language) -> None:
    """From here on, answer this request in *language*."""
    spoken = _SPOKEN.get()
    if spoken:
        spoken.language = language


def preferred(accepted: str) -> Language:
    """Return the first of our languages that a browser's ``Accept-Language`` names, else English."""
    named = (each.partition(";")[0].strip().lower().partition("-")[0] for each in accepted.split(","))
    return next((ours for each in named for ours in LANGUAGES if ours == each), "en")
