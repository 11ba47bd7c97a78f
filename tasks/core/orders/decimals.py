"""Decimal text of a shop as integers: exact, no float ever holds money or goods.

Shops calculate in floats and write what comes of it: 16.520661157024794 for a price without tax, 1.0E-5 for a rest of
nothing. Amounts are rounded to the cent here; whether the order still adds up is for ``totals`` to say.
"""

import re
from decimal import Decimal, InvalidOperation

import polars as pl

_PLACES = 8
_AMOUNT = r"^-?(?:[0-9]{1,12}(?:\.[0-9]*)?|\.[0-9]+)$"
_QUANTITY = rf"^-?[0-9]{{1,12}}(?:\.[0-9]{{1,{_PLACES}}})?$"
_POWER = r"^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,2}$"
_MILLI = 3


def as_cents(text: pl.Expr, exponent: int) -> pl.Expr:
    """Return minor units of a currency with *exponent* decimals, half a unit away from zero; null: not an amount.

    Digits beyond the eighth decimal are cut off first, which moves no amount across half a unit.
    """
    written = text.map_batches(_cut, return_dtype=pl.String, is_elementwise=True)
    exact = _exact(pl.when(written.str.contains(_AMOUNT)).then(written))
    step = 10 ** (_PLACES - exponent)
    rounded: pl.Expr = exact.sign() * ((exact.abs() + step // 2) // step)
    return rounded.cast(pl.Int64)


def as_milli(text: pl.Expr) -> pl.Expr:
    """Return thousandths, null where it is not a quantity or is finer than thousandths."""
    short = text.map_batches(_short, return_dtype=pl.String, is_elementwise=True)
    exact = _exact(pl.when(short.str.contains(_QUANTITY)).then(short))
    step = 10 ** (_PLACES - _MILLI)
    return pl.when(exact % step == 0).then((exact // step).cast(pl.Int64))


def spelled_out(text: str) -> str:
    """Write ``1.0E-5`` as 0.000010; what is no number, or one of very many digits, stays as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number:f}" if number.is_finite() and abs(number.adjusted()) < 100 else text


def _cut(cells: pl.Series) -> pl.Series:
    """Spell powers out, and cut off what lies beyond the last place that is read."""
    powers = cells.str.contains("[eE]").fill_null(False)
    if powers.any():
        spelled = [spelled_out(cell) if re.fullmatch(_POWER, cell) else cell for cell in cells.filter(powers)]
        cells = cells.scatter(powers.arg_true(), spelled)
    return cells.str.replace(rf"(\.[0-9]{{{_PLACES}}})[0-9]+$", "${1}") if _any_long(cells) else cells


def _short(cells: pl.Series) -> pl.Series:
    """Take off zeros at the end, where there are more of them than places are read."""
    return cells.str.replace(r"(\.[0-9]+?)0+$", "${1}") if _any_long(cells) else cells


def _any_long(cells: pl.Series) -> bool:
    return bool((cells.str.len_bytes() > _PLACES).any())


def _exact(written: pl.Expr) -> pl.Expr:
    """Return the number in units of the last place that is read, in 128 bits."""
    return written.cast(pl.Decimal(38, _PLACES)).to_physical()
