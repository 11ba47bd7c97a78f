"""Large frames in parts, so that a join holds little more than one part at a time."""

from collections.abc import Iterator

import polars as pl

ROWS_AT_ONCE = 1_000_000


def parts_for(rows: int) -> int:
    """Return into how many parts so many rows are cut."""
    return -(-rows // ROWS_AT_ONCE) or 1


def parted(frame: pl.DataFrame, key: str, parts: int) -> Iterator[pl.DataFrame]:
    """Yield *frame* in so many parts, by a hash of its *key*: one key is in one part, whatever its letter case."""
    if parts == 1:
        yield frame
        return
    part = frame.select((pl.col(key).str.to_lowercase().hash() % parts).cast(pl.UInt16)).to_series()
    for number in range(parts):
        yield frame.filter(part == number)
