"""Saying in another language what was composed in English: sentences with places for names, counts and amounts.

English is what runs say and what is kept, so that a run can be read in any language later. A sentence that is not in
``schemas.sentences`` stays as it is. What stands in a place is somebody's own word, such as the heading of a column:
of it only numbers are written anew, and what is a sentence itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.sentences import SENTENCES, Sentences
from tasks.core.wording.speech import Speech

_PLACE = re.compile(r"%\((\w+)\)s")
_NUMBER = re.compile(r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<unit> [A-Z]{3}| ?%)?")
_COUNT, _QUOTE, _ANYTHING = r"[0-9][0-9,]*", "(?:'[^']*'|\"[^\"]*\")", ".+?"
_COUNTS, _QUOTES = ("num", "more"), ("quoted", "meant")
_JOINTS = ("; ", ", ")
_NEXT_SENTENCE = re.compile(r"(?<=[.?!]) ")
_CODED = re.compile(r"(?P<says>.+) (?P<code>\([A-Z]+(?:_[A-Z]+)+\))", re.S)
"""A problem as it is kept: what it says, and its code."""


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """A sentence for one and for many, none where nothing is counted, and what its English looks like."""

    one: str
    many: str | None
    pattern: re.Pattern[str]
    surely: str
    """What of it stands in every text that it is, to look for before anything is matched."""


def localize(text: str, speech: Speech, among: Sentences = SENTENCES) -> str:
    """Say *text* in the language of *speech*: as it stands in the catalogue, or as a sentence *among* those known."""
    if speech.language == "en" or not text:
        return text
    known = speech.gettext(text)
    return known if known != text else _localized(text, speech, among)


def _localized(text: str, speech: Speech, among: Sentences) -> str:
    """Say the longest beginning that is known, then the rest."""
    ends = [len(text), *(found.start() for found in reversed(list(_NEXT_SENTENCE.finditer(text))))]
    clear = (end for end in ends if _says_one_thing(text[:end], among))
    known = next(clear, None) or next((end for end in ends if _found(text[:end], among)), None)
    if known is None:
        known, beginning = ends[-1], _in_parts(text[: ends[-1]], speech, among)
    else:
        beginning = _told(text[:known], speech, among)
    return f"{beginning} {_localized(text[known + 1 :], speech, among)}" if known < len(text) else beginning


def _says_one_thing(text: str, among: Sentences) -> bool:
    """Say whether a text is a sentence in whose places no other begins: a place takes whatever stands there."""
    found = _found(text, among)
    return found is not None and not any(_NEXT_SENTENCE.search(part) for part in found[1].values())


def _told(text: str, speech: Speech, among: Sentences) -> str:
    """Say one of the sentences that are known."""
    found = _found(text, among)
    if found is None:
        return text
    sentence, places = found
    return _words(sentence, places, speech) % {name: _localized(part, speech, among) for name, part in places.items()}


def _in_parts(text: str, speech: Speech, among: Sentences) -> str:
    """Say what is no sentence by its parts; a number or an amount with the marks of the language."""
    if coded := _CODED.fullmatch(text):
        return f"{_localized(coded['says'], speech, among)} {coded['code']}"
    for joint in _JOINTS:
        if joint in text:
            return joint.join(_localized(part, speech, among) for part in text.split(joint))
    return _with_marks(text, speech)


def _words(sentence: _Sentence, places: Mapping[str, str], speech: Speech) -> str:
    if sentence.many is None:
        return speech.gettext(sentence.one)
    return speech.catalogue.ngettext(sentence.one, sentence.many, int(places["num"].replace(",", "")))


@cache
def _sentences(among: Sentences) -> tuple[_Sentence, ...]:
    """Return all sentences, those first of which most is known."""
    pairs = [(each, None) if isinstance(each, str) else each for each in among]
    every = [
        _Sentence(one=one, many=many, pattern=_pattern(text), surely=max(_fixed(text), key=len))
        for one, many in pairs
        for text in dict.fromkeys((one, many or one))
    ]
    return tuple(sorted(every, key=lambda each: -len(_PLACE.sub("", each.one))))


def _fixed(text: str) -> list[str]:
    """Return what stands between the places of a sentence."""
    return _PLACE.split(text.replace("%%", "%"))[::2]


def _pattern(text: str) -> re.Pattern[str]:
    literals, names = _fixed(text), _PLACE.findall(text)
    shapes = {**dict.fromkeys(_COUNTS, _COUNT), **dict.fromkeys(_QUOTES, _QUOTE)}
    places = [f"(?P<{name}>{shapes.get(name, _ANYTHING)})" for name in names]
    return re.compile(
        "".join(re.escape(literal) + place for literal, place in zip(literals, [*places, ""], strict=True)), re.S
    )


@lru_cache(maxsize=2**12)
def _found(text: str, among: Sentences) -> tuple[_Sentence, dict[str, str]] | None:
    perhaps = (sentence for sentence in _sentences(among) if sentence.surely in text)
    matches = ((sentence, sentence.pattern.fullmatch(text)) for sentence in perhaps)
    return next(((sentence, match.groupdict()) for sentence, match in matches if match), None)


def _with_marks(text: str, speech: Speech) -> str:
    """Write a number or an amount with the marks of a language; whatever else it is stays."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    marks = {",": speech.marks["group"], ".": speech.marks["decimal"]}
    return "".join(marks.get(each, each) for each in found["number"]) + (found["unit"] or "")
