"""Decimal text of a shop as integers: exact, no float ever holds money or goods."""

import polars as pl

_PLACES = 8
_DECIMAL = rf"^-?[0-9]{{1,12}}(?:\.[0-9]{{1,{_PLACES}}})?$"
_MILLI = 3


def as_cents(text: pl.Expr, exponent: int) -> pl.Expr:
    """Return minor units of a currency with *exponent* decimals, half a unit away from zero; null: not an amount."""
    exact = _exact(text)
    step = 10 ** (_PLACES - exponent)
    rounded: pl.Expr = exact.sign() * ((exact.abs() + step // 2) // step)
    return rounded.cast(pl.Int64)


def as_milli(text: pl.Expr) -> pl.Expr:
    """Return thousandths, null where it is not a quantity or is finer than thousandths."""
    exact = _exact(text)
    step = 10 ** (_PLACES - _MILLI)
    return pl.when(exact % step == 0).then((exact // step).cast(pl.Int64))


def _exact(text: pl.Expr) -> pl.Expr:
    """Return the number in units of the last place that is read, in 128 bits."""
    written = pl.when(text.str.contains(_DECIMAL)).then(text)
    return written.cast(pl.Decimal(38, _PLACES)).to_physical()
