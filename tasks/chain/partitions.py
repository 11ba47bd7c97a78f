"""Rows scattered by tasks to the partitions of a file, each put together by a task, and stored as one file of a run.

One partition that this process makes alone is packed while its rows come, and never put away in between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

from infra.artifacts.partitions import save_partitions, store_partition
from infra.artifacts.pieces import Piece, load_piece, pass_piece, put_piece, scan_piece
from infra.artifacts.run_files import scan_frame
from infra.context import settings
from infra.parallel import on_workers
from schemas.file_names import FileName
from schemas.records import Artifact
from tasks.core.planning.buckets import divided
from tasks.core.writing.parquet import pack_coming, pack_rows


@dataclass(frozen=True, kw_only=True)
class Scattered:
    """The pieces of each partition, in the order of the rows; or, of one that was made here, its rows in Parquet."""

    partitions: Sequence[tuple[Piece, ...]]
    packed: bytes = b""


@dataclass(frozen=True, kw_only=True)
class ScatteredPartition:
    """The pieces of one partition. Those on the lines of *without* are left out.

    *beside* holds more columns, by line; null where it has no such line.
    """

    run_id: str
    name: FileName
    number: int
    partitions: int
    pieces: tuple[Piece, ...]
    without: Piece | None
    beside: Piece | None


def scatter(run_id: str, rows: pl.DataFrame, keys: pl.Series, partitions: int) -> tuple[Piece, ...]:
    """Leave some rows for the partitions that they are in by their *keys*."""
    leave = pass_piece if partitions == 1 else put_piece
    return tuple(leave(run_id, part) for part in divided(rows, keys, partitions))


class Checked(Protocol):
    """What came of some rows of a file, and the pieces of those that were accepted, by partition."""

    @property
    def accepted(self) -> tuple[Piece, ...]: ...


Part = TypeVar("Part", bound=Checked)


def collect_checked(parts: Iterable[Part]) -> tuple[list[Part], Scattered]:
    """Return the parts of a file, of which there is at least one, and what all of them scattered."""
    checked = list[Part]()

    def accepted() -> Iterator[tuple[Piece, ...]]:
        for part in parts:
            checked.append(part)
            yield part.accepted

    scattered = collect_scattered(accepted())
    return checked, scattered


def collect_scattered(scattered: Iterable[tuple[Piece, ...]]) -> Scattered:
    """Go through what tasks scatter, the pieces of each by partition; there is at least one."""
    coming = iter(scattered)
    first = next(coming)
    every = chain((first,), coming)
    if len(first) > 1 or settings().has_workers:
        return Scattered(partitions=list(zip(*every, strict=True)))
    return Scattered(partitions=[()], packed=pack_coming(load_piece(piece) for (piece,) in every))


def save_scattered(
    run_id: str,
    name: FileName,
    scattered: Scattered,
    *,
    by: str,
    without: pl.Series | None = None,
    beside: pl.DataFrame | None = None,
) -> tuple[Artifact, int]:
    """Store rows that were scattered, and count them.

    *by* is the column that the rows of all partitions are ordered by. Rows on the lines of *without* are left out;
    *beside* holds more columns of the others, by line, null where it has no such line.
    """
    if scattered.packed:
        content = _amended_content(scattered.packed, without, beside)
        stored, rows = [store_partition(run_id, name, 0, 1, content)], _count(pl.scan_parquet(content))
    else:
        due = _ungathered(run_id, name, scattered.partitions, without, beside)
        gathered = list(on_workers(gather, due, len(due)))
        stored, rows = [artifact for artifact, _ in gathered], sum(rows for _, rows in gathered)
    return save_partitions(run_id, name, stored, by=by), rows


def _ungathered(
    run_id: str,
    name: FileName,
    partitions: Sequence[tuple[Piece, ...]],
    without: pl.Series | None,
    beside: pl.DataFrame | None,
) -> list[ScatteredPartition]:
    left_out = None if without is None else put_piece(run_id, without.alias("line").to_frame())
    more = None if beside is None else put_piece(run_id, beside)
    return [
        ScatteredPartition(
            run_id=run_id,
            name=name,
            number=number,
            partitions=len(partitions),
            pieces=pieces,
            without=left_out,
            beside=more,
        )
        for number, pieces in enumerate(partitions)
    ]


def gather(due: ScatteredPartition) -> tuple[Artifact, int]:
    """Put one partition together, store it, and count its rows."""
    rows = pl.concat([scan_piece(piece) for piece in due.pieces])
    without = load_piece(due.without).to_series() if due.without else None
    beside = load_piece(due.beside) if due.beside else None
    content = pack_rows(_amended(rows, without, beside))
    stored = store_partition(due.run_id, due.name, due.number, due.partitions, content)
    return stored, _count(scan_frame(stored))


def _amended_content(packed: bytes, without: pl.Series | None, beside: pl.DataFrame | None) -> bytes:
    """Return the same content where nothing changes: rows are rarely left out."""
    if beside is None and (without is None or without.is_empty()):
        return packed
    return pack_rows(_amended(pl.scan_parquet(packed), without, beside))


def _amended(rows: pl.LazyFrame, without: pl.Series | None, beside: pl.DataFrame | None) -> pl.LazyFrame:
    if without is not None and without.len():
        rows = rows.filter(~pl.col("line").is_in(without.implode()))
    return rows if beside is None else rows.join(beside.lazy(), on="line", how="left", maintain_order="left")


def _count(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())
