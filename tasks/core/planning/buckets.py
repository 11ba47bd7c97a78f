"""Buckets: 256 fixed shares of all keys, by a hash of the key as it is matched.

A partition is a group of whole buckets, so what is asked of records with one key is answered inside one partition, and
what is added up over buckets is the same however they were grouped.
"""

import zlib

import numpy as np
import polars as pl

BUCKETS = 256

_BUCKET = "_bucket"
_ROWS_AT_ONCE = 250_000
"""Keys leave polars for a moment, as objects that take much memory."""


def buckets_of(keys: pl.Series) -> pl.Series:
    """Return the bucket of each key, whatever its letter case: CRC-32 of its UTF-8, the same on every machine.

    polars' own hash is another one in each of its versions, and databases spell theirs differently.
    """
    parts = [_buckets(part) for part in keys.to_frame().iter_slices(_ROWS_AT_ONCE)]
    return pl.concat(parts).rename("bucket") if parts else pl.Series("bucket", dtype=pl.UInt16)


def _buckets(part: pl.DataFrame) -> pl.Series:
    folded = part.to_series().str.to_lowercase().cast(pl.Binary).to_list()
    hashes = np.fromiter(map(zlib.crc32, folded), np.uint32, len(folded))
    return pl.Series((hashes % BUCKETS).astype(np.uint16))


def partitions_for(rows: int, rows_at_once: int) -> int:
    """Return into how many partitions so many rows are cut, for each to have *rows_at_once* at most, about."""
    return min(-(-rows // rows_at_once) or 1, BUCKETS)


def divided(frame: pl.DataFrame, keys: pl.Series, partitions: int) -> list[pl.DataFrame]:
    """Divide *frame* into so many partitions by the *keys* of its rows; they stay in their order."""
    if partitions == 1:
        return [frame]
    places = (buckets_of(keys).cast(pl.UInt32) * partitions // BUCKETS).alias(_BUCKET)
    found = frame.with_columns(places).partition_by(_BUCKET, as_dict=True, include_key=False, maintain_order=True)
    return [found.get((number,), frame.clear()) for number in range(partitions)]


def by_bucket(frame: pl.DataFrame, key: str) -> dict[int, pl.DataFrame]:
    """Return the rows of each bucket that has any, in the order of their keys."""
    ordered = frame if frame[key].is_sorted() else frame.sort(key)
    placed = ordered.with_columns(buckets_of(ordered[key]).alias(_BUCKET))
    found = placed.partition_by(_BUCKET, as_dict=True, include_key=False, maintain_order=True)
    return {int(bucket): rows for (bucket,), rows in found.items()}
