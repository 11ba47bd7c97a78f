"""What about a whole column of card numbers a person should look at: no row is rejected for it."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.tables import Concern, Originals
from tasks.core.checking.lost_digits import digits_cut
from tasks.core.checking.lost_zeros import lost_zeros
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.masks import mask

LONGEST_PAN = 19

_PAN = r"^(?:[3-6][0-9]{12,18}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{9,15})$"
"""The lengths of ISO/IEC 7812 and the first digits of the great payment schemes."""


def number_concerns(lines: pl.Series, numbers: pl.Series, originals: Originals) -> tuple[Concern, ...]:
    """Return the concerns about the readable *numbers*, which stand on *lines* of the file."""
    digits = numbers.str.contains("^[0-9]+$")
    if not digits.any():
        return ()
    codes = pl.DataFrame({"line": lines.filter(digits), "number": numbers.filter(digits)})
    return (
        *lost_zeros(codes["number"], "numbers"),
        *digits_cut(codes, "number", originals),
        *_like_payment_cards(codes, originals),
    )


def passes_luhn(numbers: pl.Series) -> NDArray[np.bool_]:
    """Tell which numbers of up to 19 digits pass the Luhn check of payment cards."""
    rest = numbers.cast(pl.UInt64).to_numpy(writable=True)
    total = np.zeros(len(rest), dtype=np.uint64)
    for place in range(LONGEST_PAN):
        rest, digit = np.divmod(rest, np.uint64(10))
        doubled = digit * np.uint64(2)
        total += np.where(doubled > 9, doubled - np.uint64(9), doubled) if place % 2 else digit
    return np.asarray(total % np.uint64(10) == 0)


def _like_payment_cards(codes: pl.DataFrame, originals: Originals) -> tuple[Concern, ...]:
    shaped = codes.filter(pl.col("number").str.contains(_PAN))
    cards = shaped.filter(passes_luhn(shaped["number"]))
    if cards.is_empty():
        return ()
    lines = span_on(originals, cards["line"].to_list())
    number = cards["number"][0]
    says = f"{cards.height} numbers look like payment cards, such as {number[:4]}{mask(number)} (lines {lines})"
    return (Concern(code="GIFT_CARD_LIKE_PAN", says=says),)
