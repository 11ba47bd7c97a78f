"""What the lines of an order count, whoever tells it: a shop by its interface, or an export that tells less.

Both tell goods line by line; ids of lines, words, and what each of several charges was for, an export may not tell.
So goods count in any sequence, and charges as what they add up to.
"""

from collections.abc import Sequence

import polars as pl

_CELL, _LINE = "\x1f", "\x1e"
_CHARGES = {"shipping": "shipping", "fee": "fees", "discount": "fees"}
_AMOUNTS = ("net_cents", "tax_cents")


def what_counts(lines: pl.DataFrame, by: str, columns: Sequence[str]) -> pl.DataFrame:
    """Return *by* which order, and ``counts``: one text, the same for orders whose *lines* count the same.

    *columns* are the columns that count of goods and of what was given back; of charges, their sums do.
    """
    charged = pl.col("kind").is_in(list(_CHARGES))
    goods = lines.filter(~charged).select(by, text=_text(columns))
    sums = (
        lines.filter(charged)
        .group_by(by, pl.col("kind").replace(_CHARGES))
        .agg(pl.col(_AMOUNTS).sum())
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in _AMOUNTS))
        .select(by, text=_text(("kind", *_AMOUNTS)))
    )
    return pl.concat([goods, sums]).group_by(by).agg(counts=pl.col("text").sort().str.join(_LINE))


def _text(columns: Sequence[str]) -> pl.Expr:
    return pl.concat_str([pl.col(column).cast(pl.String).fill_null("") for column in columns], separator=_CELL)
