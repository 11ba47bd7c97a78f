"""The grammar of number formats: a code such as ``#,##0.00;[Red]-0`` -> its sections.

What a section makes of a number is in ``cell_formats``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tasks.core.reading.currencies import names_currency

Token = tuple[str, str]

_TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"?|[\\!](?P<escaped>.)|(?P<space>[_*].)|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>general|standard)|(?P<clock>am/pm|a/p)|(?P<power>e[+-])|(?P<letters>[^\W\d_]+)"
    r"|(?P<digit>[0#?])|(?P<sign>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_DATE_LETTERS = frozenset("ymdhsegb")
_AROUND = " \u00a0\u2009\u202f\u2007-−–()"
_PLACE = "place"
_POINT = "point"
_TEXT = "text"


@dataclass(kw_only=True)
class Section:
    """One of the up to four parts of a format code.

    ``pattern`` has the places of digits and what stands between them, ``whole`` and ``part`` the places before and
    behind the decimal point. ``dates`` are the parts of a date in their order, such as ``yyyy`` and ``mm``.
    """

    pattern: list[Token] = field(default_factory=list)
    scale: int = 0
    percent: bool = False
    power: bool = False
    fraction: bool = False
    general: bool = False
    coloured: bool = False
    elapsed: bool = False
    dates: list[str] = field(default_factory=list)
    condition: tuple[str, float] | None = None

    @cached_property
    def whole(self) -> str:
        return "".join(text for kind, text in self._before_point if kind == _PLACE)

    @cached_property
    def part(self) -> str:
        return "".join(text for kind, text in self.pattern[len(self._before_point) :] if kind == _PLACE)

    @cached_property
    def literal(self) -> str:
        return "".join(text for kind, text in self.pattern if kind == _TEXT)

    @cached_property
    def unit(self) -> str:
        """The mark of a currency that stands there, or nothing."""
        texts = (text.strip(_AROUND) for kind, text in self.pattern if kind == _TEXT)
        return next((text for text in texts if names_currency(text)), "")

    @property
    def is_date(self) -> bool:
        return self.elapsed or bool(self.dates)

    @cached_property
    def names_a_day(self) -> bool:
        """Whether day, month and year are all shown. An ``m`` behind hours or before seconds is no month."""
        around = zip(("", *self.dates), self.dates, (*self.dates[1:], ""), strict=False)
        month = any(part[0] == "m" and before[:1] != "h" and after[:1] != "s" for before, part, after in around)
        return month and not {"d", "dd"}.isdisjoint(self.dates) and any(part[0] in "ye" for part in self.dates)

    @property
    def changes(self) -> bool:
        """Whether another number is shown than is held, or none."""
        return self.percent or self.power or self.fraction or bool(self.scale)

    @cached_property
    def _before_point(self) -> list[Token]:
        at = next((at for at, (kind, _) in enumerate(self.pattern) if kind == _POINT), len(self.pattern))
        return self.pattern[:at]

    def meets(self, number: float) -> bool:
        """Say whether a number fulfils the condition, of which there must be one."""
        sign, bound = self.condition or ("=", 0.0)
        lower, equal = number < bound, number == bound
        return {"<": lower, "<=": lower or equal, ">": not lower and not equal, ">=": not lower, "=": equal}.get(
            sign, not equal
        )

    def fill(self, whole: str, part: str) -> str:
        """Put digits in their places; those for which there is none stand before the first."""
        if self.general:
            return "".join(whole if kind == _PLACE else text for kind, text in self.pattern)
        digits = whole.lstrip("0").rjust(len(self.whole), " ")
        surplus = digits[: len(digits) - len(self.whole)]
        places, decimals = iter(digits[len(surplus) :]), iter(part)
        written: list[str] = []
        for kind, text in self._before_point:
            if kind == _PLACE:
                written.append(surplus + _digit(text, next(places)))
                surplus = ""
            else:
                written.append(text)
        behind = self.pattern[len(self._before_point) :]
        point = [surplus + ("." if part else "")] if behind else []
        return "".join(written + point + [next(decimals, "") if kind == _PLACE else text for kind, text in behind[1:]])


def _digit(place: str, digit: str) -> str:
    return digit if digit != " " else {"0": "0", "#": "", "?": " "}[place]


def sections_of(code: str) -> Sequence[Section]:
    """Take a format code apart."""
    groups: list[list[Token]] = [[]]
    for kind, text in _tokens(code):
        if (kind, text) == ("sign", ";"):
            groups.append([])
        else:
            groups[-1].append((kind, text))
    return [_section(tokens) for tokens in groups]


def _tokens(code: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "sign"
        yield kind, match[kind]


def _section(tokens: Sequence[Token]) -> Section:
    section = Section()
    is_date = not any(kind == "digit" and text in "#?" for kind, text in tokens)
    for at, (kind, text) in enumerate(tokens):
        if kind == "letters" and is_date and set(text.lower()) <= _DATE_LETTERS:
            section.dates.append(text.lower())
        elif kind == "bracket":
            _read_bracket(section, text)
        elif kind in ("literal", "escaped", "letters"):
            _add_text(section, text)
        else:
            _read_mark(section, kind, text, tokens, at)
    return section


def _read_bracket(section: Section, text: str) -> None:
    if text.startswith("$"):
        _add_text(section, text[1:].partition("-")[0])
    elif condition := _CONDITION.fullmatch(text.strip()):
        section.condition = (condition[1], float(condition[2]))
    elif _ELAPSED.fullmatch(text):
        section.elapsed = True
    else:
        section.coloured = True


def _read_mark(section: Section, kind: str, text: str, tokens: Sequence[Token], at: int) -> None:
    """Read what is neither text nor a date: digits, and the signs that mean something among them."""
    before = tokens[at - 1] if at else ("", "")
    if kind == "digit":
        section.pattern.append((_PLACE, text))
    elif kind == "general" or (kind, text) == ("sign", "@"):
        section.general = True
        section.pattern.append((_PLACE, "0"))
    elif kind == "power":
        section.power = True
    elif kind == "clock":
        section.dates.append("a/p")
    elif kind == "space":
        _add_text(section, " ")
    elif text == "%":
        section.percent = True
    elif text == "." and not section.dates and (_POINT, ".") not in section.pattern:
        section.pattern.append((_POINT, "."))
    elif text == "," and (before[0] == "digit" or before == ("sign", ",")):
        section.scale += not any(later == "digit" for later, _ in tokens[at + 1 :])
    elif text == "/" and before[0] == "digit":
        section.fraction = True
    else:
        _add_text(section, text)


def _add_text(section: Section, text: str) -> None:
    """Add what is shown as it stands; neighbours are one text, so that a currency is known by all its letters."""
    if section.pattern and section.pattern[-1][0] == _TEXT:
        section.pattern[-1] = (_TEXT, section.pattern[-1][1] + text)
    elif text:
        section.pattern.append((_TEXT, text))
