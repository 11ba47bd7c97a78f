"""Which records a target is asked for."""

from collections.abc import Sequence

import polars as pl

from schemas.records import Total

_WHOLE_SHARE = 0.1
"""From this share of the records on, all of them are read sooner than those that are looked up one by one."""


def keys_to_ask(keys: pl.Series, held: Sequence[Total]) -> pl.Series | None:
    """Return the keys to look up in a target that holds so many; None asks for everything.

    A backup of more than was asked for is no loss, and leaves out a join of all keys with all records.
    """
    records = sum(total.count for total in held)
    return keys if keys.len() < _WHOLE_SHARE * records else None
