"""Which failures are looked at together, as a number: everything about one customer lies in one slice.

Twins, and the rows of one sale or one reward, name one customer. Who is known by no number has nothing in common
with anybody, so these failures are spread by their own keys.
"""

from hashlib import sha256

import polars as pl

SLICES = 256
EVERY_SLICE = range(SLICES)


def with_slices(failures: pl.DataFrame) -> pl.DataFrame:
    """Add ``slice`` to rows with ``customer_id`` and ``failure_key``."""
    customers = failures.select("customer_id").unique().filter(pl.col("customer_id") != "")
    numbers = pl.Series([_slice(each) for each in customers["customer_id"]], dtype=pl.Int64)
    of_customers = customers.with_columns(slice=numbers)
    found = failures.select("customer_id").join(of_customers, on="customer_id", how="left", maintain_order="left")
    of_its_own = pl.col("failure_key").str.head(2).str.to_integer(base=16, dtype=pl.Int64)
    return failures.with_columns(slice=pl.coalesce(found["slice"], of_its_own))


def _slice(customer_id: str) -> int:
    return sha256(customer_id.encode()).digest()[0]
