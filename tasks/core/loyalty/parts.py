"""Failures by parts, so that however many there are, memory holds one part at a time."""

from collections.abc import Iterator

import polars as pl

_DIGITS = "0123456789abcdef"


def parts_of_keys() -> Iterator[pl.Expr]:
    """Return sixteen filters that have every failure key in one of them: what ``sweeping`` can take by itself."""
    for digit in _DIGITS:
        yield pl.col("failure_key").is_between(pl.lit(digit), pl.lit(f"{digit}g"), closed="left")


def parts_of_customers(count: int) -> Iterator[pl.Expr]:
    """Return filters that have all failures of a customer in one of them: what ``deciding`` can take by itself."""
    for number in range(count):
        yield pl.col("customer_id").hash(seed=0) % count == number
