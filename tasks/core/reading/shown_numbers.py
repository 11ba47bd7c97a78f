"""A number and the text that its cell shows, side by side: whether the two say the same.

For workbooks that keep both (ods). The text is in the language of whoever saved it, so both signs are tried.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from tasks.core.reading.cell_formats import BLANKS, SIGNS, Shown, number_text, without_blanks
from tasks.core.reading.currencies import names_currency

_CORE = re.compile(r"(?P<before>[^0-9]*?)(?P<core>[.,]?[0-9](?:.*[0-9])?)(?P<after>[^0-9]*)", re.DOTALL)
_AMOUNT = re.compile(rf"[0-9.,'’{BLANKS}]+")
_POWER = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")


@lru_cache(maxsize=2**16)
def as_shown(number: float, text: str | None, *, percentage: bool = False) -> float | Shown:
    """Return the number alone where the text says just that, or nothing at all."""
    if text is None:
        return number
    match = _CORE.fullmatch(text.strip())
    if match is None:
        return _without_digits(number, text.strip(BLANKS + "\n"))
    around = (match["before"] + match["after"]).strip()
    if percentage or "%" in around:
        return _lossy(number, text, "shown as a percentage")
    if _POWER.fullmatch(match["core"]):
        return _lossy(number, text, "shown shortened", shortened=True)
    if number < 0 and not any(sign in around for sign in SIGNS):
        return _lossy(number, text, "shown without its minus")
    words = around.strip(SIGNS + BLANKS if number < 0 else BLANKS)
    unit = words if names_currency(words) else ""
    shown = _compared(number, match["core"], text.strip(), unit=unit, worded=bool(words) and not unit)
    return shown if shown.says_more else number


def in_thousands(number: float, text: str) -> Shown:
    """Return a number whose format divides it: even where its digits fit, nobody means both."""
    return _lossy(number, text, "shown in thousands")


def _without_digits(number: float, text: str) -> float | Shown:
    """Zero may be shown as nothing, or as the dash of accountants; a word, or another number, says no number."""
    words = text.strip(SIGNS + BLANKS)
    if number == 0 and (not words or names_currency(words)):
        return number if text else Shown(number=number, text="")
    return _lossy(number, text, "the sheet does not show it")


def _compared(number: float, core: str, text: str, *, unit: str, worded: bool) -> Shown:
    """Compare a number with the digits that are shown."""
    exact = Decimal(f"{abs(number):.15g}")
    if not _AMOUNT.fullmatch(core):
        digits = "".join(character for character in core if character.isdigit())
        if number != int(number) or int(digits) != exact:
            return _lossy(number, text, "shown as another number")
        return Shown(number=number, text=text, worded=True)
    written = list(_readings(without_blanks(core)))
    same = next((each for each in written if each == exact), None)
    near = same if same is not None else next((each for each in written if _rounds_to(exact, each)), None)
    if near is None:
        return _lossy(number, text, "shown as another number")
    places = _places(near)
    return Shown(
        number=number,
        text=text if worded or unit else ("-" if number < 0 else "") + without_blanks(core),
        unit=unit,
        worded=worded,
        zeros=core.startswith("0") and core[1:2].isdigit(),
        decimals=number != int(number) and places > _places(exact),
        rounded=same is None,
        places=places,
    )


def _readings(core: str) -> Iterator[Decimal]:
    """Yield what digits and marks may say: the last mark is the decimal sign, or all marks group."""
    digits = re.sub(r"[^0-9]", "", core)
    marks = [character for character in core if not character.isdigit()]
    if marks and marks[-1] in ".," and marks.count(marks[-1]) == 1:
        behind = len(core) - core.rfind(marks[-1]) - 1
        yield Decimal(digits).scaleb(-behind)
    if not core.startswith((".", ",")):
        yield Decimal(digits)


def _rounds_to(exact: Decimal, shown: Decimal) -> bool:
    return exact.quantize(Decimal(1).scaleb(-_places(shown)), ROUND_HALF_UP) == shown


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _lossy(number: float, text: str, lost: str, *, shortened: bool = False) -> Shown:
    both = f"{number_text(number)} ({text.strip()})"
    return Shown(number=number, text=both, lost=lost, shortened=shortened)
