"""Card numbers as logs and concerns may show them."""

import polars as pl

MOST_SHOWN = 4


def mask(number: str) -> str:
    """Keep the last characters: four at most, and never more than a third of the number."""
    shown = min(MOST_SHOWN, len(number) // 3)
    return "…" + number[len(number) - shown :]


def masked(number: pl.Expr) -> pl.Expr:
    """Mask a column as ``mask`` masks one number."""
    shown = pl.min_horizontal(pl.lit(MOST_SHOWN), number.str.len_chars().cast(pl.Int64) // 3)
    return pl.concat_str(pl.lit("…"), number.str.tail(shown))
