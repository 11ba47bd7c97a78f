"""Quantities as text: thousandths as the number they are, grouped for people, nothing rounded."""

import polars as pl

from tasks.core.wording.money import with_thousands


def quantity_text(milli: pl.Expr) -> pl.Expr:
    """Write thousandths as the quantity they are: 2500 is ``2.5``."""
    sign = pl.when(milli < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (milli.abs() % 1000 + 1000).cast(pl.String).str.slice(1).str.strip_chars_end("0")
    point = pl.when(fraction == "").then(pl.lit("")).otherwise(pl.lit("."))
    return pl.concat_str(sign, with_thousands((milli.abs() // 1000).cast(pl.String)), point, fraction)
