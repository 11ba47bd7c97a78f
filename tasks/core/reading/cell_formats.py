"""What a number format of a spreadsheet makes of a number: how the cell shows it, and what that leaves out.

Format codes are those of Office Open XML, which are English in every language. What a column makes of a number
that is shown is decided in ``workbook_cells``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from tasks.core.reading.format_codes import Section, sections_of

MOST_DECIMALS = 15
BLANKS = " \u00a0\u2009\u202f\u2007"
_SILENT = BLANKS + "'’+.,:"
SIGNS = "-−–()"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A number that is shown otherwise than it is: ``text``, as in its cell.

    ``zeros`` stand before it, ``decimals`` behind it that it has not. ``rounded``: the cell holds more decimals than
    the ``places`` it shows. ``unit`` is the mark of a currency, and ``worded``: something else stands there too.
    ``lost`` says why nobody can tell which of the two is meant, what is shown or what is held; then ``text`` is both.
    """

    number: float
    text: str
    unit: str = ""
    zeros: bool = False
    decimals: bool = False
    rounded: bool = False
    places: int = 0
    worded: bool = False
    lost: str = ""
    shortened: bool = False

    @property
    def says_more(self) -> bool:
        """Whether anything of this cannot be seen from the number."""
        marks = (self.unit, self.zeros, self.decimals, self.rounded, self.worded, self.lost)
        return any(marks) or not self.text


@dataclass(frozen=True, kw_only=True, eq=False)
class CellFormat:
    """A format code, taken apart."""

    code: str
    sections: Sequence[Section]

    @cached_property
    def dates(self) -> bool:
        """Whether numbers are shown as days, times or durations."""
        return self.sections[0].is_date

    @cached_property
    def plain(self) -> tuple[int, int] | None:
        """Return how many decimals a number may have that is shown as it is, from and to; None: look at each.

        It may be positive, or anything where there is but one section: others are for other numbers.
        """
        first = self.sections[0]
        if not _is_plain(first):
            return None
        return (0, MOST_DECIMALS) if first.general else (first.part.count("0"), len(first.part))

    def show(self, number: float) -> Shown:
        """Say how a cell with this format shows a number."""
        section, negative = _section_for(self.sections, number)
        if lost := _lost(section, number, own_minus=negative):
            return _lossy(self.code, number, lost, shortened=section.power)
        text, exact, decimals = _rendered(section, number)
        if not any(character.isdigit() for character in text):
            return self._without_digits(number, text, section.unit)
        worded = _is_worded(section, signed=number < 0 and negative)
        if not worded and number < 0:
            text = "-" + text.strip(SIGNS + BLANKS)
        elif number < 0 and not negative:
            text = "-" + text
        return Shown(
            number=number,
            text=text.strip(BLANKS) if worded or section.unit else without_blanks(text),
            unit=section.unit,
            zeros=not section.general and section.whole.count("0") > len(str(int(abs(number)))),
            decimals=decimals,
            rounded=not exact,
            places=len(section.part),
            worded=worded,
        )

    def _without_digits(self, number: float, text: str, unit: str) -> Shown:
        """Zero may be shown as nothing, or as the dash of accountants; a word, or another number, says no number."""
        bare = text.replace(unit, "", 1).strip(BLANKS + ".")
        if number == 0 and not bare.strip(SIGNS):
            return Shown(number=number, text="0" if bare else "", unit=unit)
        return _lossy(self.code, number, "the sheet does not show it", shortened=False)


def format_of(code: str) -> CellFormat:
    """Take a format code apart."""
    return CellFormat(code=code, sections=sections_of(code))


def without_blanks(text: str) -> str:
    """Take out the blanks that group digits."""
    return text.translate(dict.fromkeys(map(ord, BLANKS)))


def number_text(number: float) -> str:
    """Write a number with the 15 digits that a spreadsheet keeps, never in scientific notation."""
    if number == int(number):
        return str(int(number))
    text = f"{number:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


def _lossy(code: str, number: float, lost: str, *, shortened: bool) -> Shown:
    return Shown(number=number, text=f"{number_text(number)} ({code})", lost=lost, shortened=shortened)


def _is_plain(section: Section) -> bool:
    """Say whether a section shows a number as it is, but for its decimals."""
    simple = not (section.is_date or section.changes or section.unit or section.condition)
    one_digit = section.general or section.whole.count("0") == 1
    return simple and one_digit and not section.literal.strip(_SILENT)


def _is_worded(section: Section, *, signed: bool) -> bool:
    """Say whether more stands beside the digits than blanks and a currency; a sign does not count if it is *signed*."""
    words = section.literal.replace(section.unit, "", 1)
    return bool(words.strip(_SILENT + (SIGNS if signed else "")))


def _hides_minus(section: Section) -> bool:
    return not (section.coloured or any(sign in section.literal for sign in "-−–("))


def _section_for(sections: Sequence[Section], number: float) -> tuple[Section, bool]:
    """Return the section that shows a number, and whether it is one for negative numbers, which write their own sign.

    Text has a fourth section of its own.
    """
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        met = [section for section in numeric if section.condition is None or section.meets(number)]
        return (met[0] if met else numeric[-1]), False
    if number < 0 and len(numeric) > 1:
        return numeric[1], True
    return numeric[2] if number == 0 and len(numeric) > 2 else numeric[0], False


def _lost(section: Section, number: float, *, own_minus: bool) -> str:
    """Say in what way a section shows another number than the cell holds, or nothing."""
    losses = {
        "shown as a date": section.is_date,
        "shown as a percentage": section.percent,
        "shown in thousands": section.scale,
        "shown shortened": section.power,
        "shown as a fraction": section.fraction and number != int(number),
        "shown without its minus": own_minus and _hides_minus(section),
    }
    return next((words for words, happens in losses.items() if happens), "")


def _rendered(section: Section, number: float) -> tuple[str, bool, bool]:
    """Return a number as a section shows it, whether that is all of it, and whether zeros stand behind its decimals."""
    exact = Decimal(f"{abs(number):.15g}")
    if section.general:
        return section.fill(number_text(abs(number)), ""), True, False
    rounded = exact.quantize(Decimal(1).scaleb(-len(section.part)), ROUND_HALF_UP)
    whole, _, part = f"{rounded:f}".partition(".")
    needed = len(part.rstrip("0"))
    shown = part[: max(needed, section.part.count("0"))]
    padded = needed < len(shown) and exact != int(exact)
    return section.fill(whole, shown), rounded == exact, padded
