"""Failures by parts, so that however many there are, memory holds one part at a time.

What is found of a part has to be the same as if it were the whole. What goes beyond a part is counted there and
added up: ``believing``, ``causes``, ``sweep_report tables``.
"""

from collections.abc import Iterator, Sequence

import polars as pl


def cut(sizes: Sequence[int], most: int) -> Iterator[range]:
    """Cut slices of these *sizes* into parts of at most *most* failures, but for a slice that is larger by itself.

    There is always a part, also of nothing, and every slice is in one.
    """
    start, filled = 0, 0
    for number, size in enumerate(sizes):
        if filled and filled + size > most:
            yield range(start, number)
            start, filled = number, 0
        filled += size
    yield range(start, len(sizes))


def added(tallies: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    """Add up counts and sums of parts: whatever is not in *by*."""
    return pl.concat(tallies).group_by(*by, maintain_order=True).agg(pl.exclude(by).sum())
