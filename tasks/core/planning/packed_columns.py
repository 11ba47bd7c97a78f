"""Rows put away in little memory while others are looked at."""

import io
from collections.abc import Sequence

import polars as pl


def pack(rows: pl.DataFrame) -> bytes:
    """Put rows away, compressed fast rather than much."""
    buffer = io.BytesIO()
    rows.write_ipc(buffer, compression="lz4")
    return buffer.getvalue()


def unpacked(parts: Sequence[bytes]) -> pl.LazyFrame:
    """Return all rows that were put away, in their order, to be gone through some at a time."""
    return pl.concat([pl.scan_ipc(part) for part in parts])
