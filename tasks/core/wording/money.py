"""Amounts as text: minor units as a decimal number, grouped for people or plain for programs, nothing rounded."""

from decimal import Decimal

import polars as pl

from tasks.core.reading.currencies import minor_digits


def amount(cents: int, currency: str) -> str:
    """``1,234.50 EUR``: the same style in every language, decimals as the currency has them."""
    return f"{grouped_decimal(cents, minor_digits(currency))} {currency}"


def grouped_decimal(cents: int, exponent: int) -> str:
    """``1,234.50``, with as many decimals as *exponent* says."""
    return f"{Decimal(cents).scaleb(-exponent):,.{exponent}f}"


def plain_decimal(cents: int, exponent: int) -> str:
    """``1234.50``, with as many decimals as *exponent* says."""
    return f"{Decimal(cents).scaleb(-exponent):.{exponent}f}"


def plain_decimals(cents: pl.Expr, exponent: int) -> pl.Expr:
    """Write a column as :func:`plain_decimal` does."""
    return pl.concat_str(_sign(cents), *_parts(cents, pl.lit(10**exponent)))


def amount_text(cents: pl.Expr, currency: pl.Expr, currencies: list[str]) -> pl.Expr:
    """Write a column as :func:`amount` does. *currencies* are all that occur in it."""
    whole, decimals = _parts(cents, _scale(currency, currencies))
    return pl.concat_str(_sign(cents), with_thousands(whole), decimals, pl.lit(" "), currency)


def plain_amount(cents: pl.Expr, currency: pl.Expr, currencies: list[str]) -> pl.Expr:
    """Write a column of amounts as programs read them: ``1234.50``, exactly."""
    return pl.concat_str(_sign(cents), *_parts(cents, _scale(currency, currencies)))


def _scale(currency: pl.Expr, currencies: list[str]) -> pl.Expr:
    scales = {currency: 10 ** minor_digits(currency) for currency in currencies}
    return currency.replace_strict(scales, default=None, return_dtype=pl.Int64)


def _parts(cents: pl.Expr, scale: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Split amounts into whole units and decimals (with their point), both as text without a sign."""
    fraction = (cents.abs() % scale + scale).cast(pl.String).str.slice(1)
    decimals = pl.when(scale > 1).then(pl.lit(".") + fraction).otherwise(pl.lit(""))
    return (cents.abs() // scale).cast(pl.String), decimals


def _sign(cents: pl.Expr) -> pl.Expr:
    return pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))


def with_thousands(digits: pl.Expr) -> pl.Expr:
    """Group digits: ``1234567`` is ``1,234,567``."""
    return digits.str.reverse().str.replace_all(r"(\d{3})", "${1},").str.strip_chars_end(",").str.reverse()


def with_marks(amounts: pl.Expr, *, group: str, decimal: str) -> pl.Expr:
    """Write amounts, grouped as everywhere, with other marks: ``1,234.50`` as ``1.234,50``."""
    aside = amounts.str.replace_all(",", "\0", literal=True).str.replace_all(".", decimal, literal=True)
    return aside.str.replace_all("\0", group, literal=True)
