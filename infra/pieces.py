"""Where pieces lie: rows on their way from one task of a run to another (``infra.artifacts.pieces``).

This process keeps them to itself where it does all the work; where workers do, they lie in the bucket.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import polars as pl

from infra.storage import Storage
from tasks.core.planning.packed_columns import pack


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Rows that another task can fetch. It names them, and holds none."""

    key: str
    rows: int
    sha256: str = ""


class Pieces(Protocol):
    """Rows that are left at a place, under names that no other rows ever get."""

    def put(self, place: str, rows: pl.DataFrame, *, passing: bool) -> Piece:
        """Keep *rows*; those that are only *passing* are fetched by one task, and then not needed any more."""
        ...

    def scan(self, piece: Piece) -> pl.LazyFrame:
        """Return what was kept, to be read a column or a few rows at a time."""
        ...

    def drop(self, place: str) -> None:
        """Keep nothing any more of what was left at this place."""
        ...


@dataclass(frozen=True)
class PiecesHere:
    """In the memory of this process: compressed, but for what is only passing."""

    _kept: dict[str, bytes | pl.DataFrame] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def put(self, place: str, rows: pl.DataFrame, *, passing: bool) -> Piece:
        piece = Piece(key=f"{place}{next(self._numbers)}", rows=rows.height)
        self._kept[piece.key] = rows if passing else pack(rows)
        return piece

    def scan(self, piece: Piece) -> pl.LazyFrame:
        found = self._kept[piece.key]
        if isinstance(found, bytes):
            return pl.scan_ipc(found)
        del self._kept[piece.key]
        return found.lazy()

    def drop(self, place: str) -> None:
        for key in [each for each in list(self._kept) if each.startswith(place)]:  # a part may be under way
            del self._kept[key]


@dataclass(frozen=True)
class PiecesInBucket:
    """Named by their content: a task that is done twice, the second time beside the first, writes the same."""

    _store: Storage

    def put(self, place: str, rows: pl.DataFrame, *, passing: bool) -> Piece:  # noqa: ARG002 - a task may be done again
        content = pack(rows)
        sha256 = hashlib.sha256(content).hexdigest()
        piece = Piece(key=f"{place}{sha256}.arrow", rows=rows.height, sha256=sha256)
        self._store.put(piece.key, content)
        return piece

    def scan(self, piece: Piece) -> pl.LazyFrame:
        return pl.scan_ipc(self._store.get(piece.key, piece.sha256))

    def drop(self, place: str) -> None:
        for found in self._store.list(place):
            self._store.remove(found.key)
