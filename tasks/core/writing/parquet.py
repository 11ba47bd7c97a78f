"""Rows as the bytes of a Parquet file: from memory, from a plan that goes through them, or part by part."""

import io
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from queue import SimpleQueue
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

_PACKING: Any = {"compression": "zstd", "compression_level": 1}
_PARTS = "counterfoil_parts"
"""In a file that was made part by part: how many rows each has."""
_ROWS_A_GROUP = 131_072


def pack_frame(frame: pl.DataFrame) -> bytes:
    """Pack rows that are in memory."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, **_PACKING)
    return buffer.getvalue()


def pack_rows(rows: pl.LazyFrame) -> bytes:
    """Pack rows that are more than should be in memory at once: some at a time."""
    return _sunk(rows, row_group_size=_ROWS_A_GROUP)


def pack_coming(parts: Iterable[pl.DataFrame]) -> bytes:
    """Pack rows that are made part by part, each while the next is made. There is at least one, all of one schema."""
    return _packed_meanwhile(parts, row_group_size=_ROWS_A_GROUP)


def pack_parts(parts: Iterable[pl.DataFrame]) -> bytes:
    """Pack rows as ``pack_coming`` does, to be read again by the same parts: a group is as large as the first."""
    coming, sizes = iter(parts), list[int]()
    first = list(_until_rows(coming))

    def counted() -> Iterator[pl.DataFrame]:
        for part in chain(first, coming):
            sizes.append(part.height)
            yield part

    group = max(first[-1].height, 1)
    return _packed_meanwhile(counted(), row_group_size=group, metadata=lambda _: {_PARTS: json.dumps(sizes)})


def sizes_of(content: bytes) -> list[int]:
    """Return how many rows each part had of a file that was packed to be read by its parts."""
    sizes: list[int] = json.loads(pl.read_parquet_metadata(io.BytesIO(content))[_PARTS])
    return sizes


def _until_rows(parts: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for part in parts:
        yield part
        if part.height:
            return


def _packed_meanwhile(parts: Iterable[pl.DataFrame], **options: Any) -> bytes:
    """Pack in a thread what this one makes: what goes wrong in making a part is raised here, as it is."""
    coming = iter(parts)
    first = next(coming)
    waiting: SimpleQueue[pl.DataFrame | None] = SimpleQueue()
    rows = register_io_source(lambda *_: _taken(waiting), schema=first.schema)
    with ThreadPoolExecutor(1) as packer:
        packed = packer.submit(_sunk, rows, **options)
        try:
            for part in chain((first,), coming):
                waiting.put(part)
        finally:
            waiting.put(None)
        return packed.result()


def _taken(waiting: SimpleQueue[pl.DataFrame | None]) -> Iterator[pl.DataFrame]:
    while (part := waiting.get()) is not None:
        yield part


def _sunk(rows: pl.LazyFrame, **options: Any) -> bytes:
    buffer = io.BytesIO()
    rows.sink_parquet(buffer, **_PACKING, **options)
    return buffer.getvalue()
