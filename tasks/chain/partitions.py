"""Partitions that tasks scattered pieces of, each put together by a task, and stored as one file of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from infra.artifacts.partitions import save_partitions, store_partition
from infra.artifacts.pieces import Piece, put_piece, scan_piece
from infra.artifacts.run_files import scan_frame
from infra.parallel import on_workers
from schemas.file_names import FileName
from schemas.records import Artifact
from tasks.core.planning.buckets import divided


@dataclass(frozen=True, kw_only=True)
class ScatteredPartition:
    """The pieces of one partition, in the order of the rows. Those on the lines of *without* are left out.

    *beside* holds more columns, by line; null where it has no such line.
    """

    run_id: str
    name: FileName
    number: int
    partitions: int
    pieces: tuple[Piece, ...]
    without: Piece | None
    beside: Piece | None


def scatter(run_id: str, rows: pl.DataFrame, keys: pl.Series, partitions: int) -> list[Piece]:
    """Leave some rows for the partitions that they are in by their *keys*."""
    return [put_piece(run_id, part) for part in divided(rows, keys, partitions)]


def save_scattered(
    run_id: str,
    name: FileName,
    scattered: Sequence[Sequence[Piece]],
    *,
    by: str,
    without: pl.Series | None = None,
    beside: pl.DataFrame | None = None,
) -> tuple[Artifact, int]:
    """Store rows that were scattered; *scattered* are the pieces of each task, by partition.

    *by* is the column that the rows of all of them are ordered by. Rows on the lines of *without* are left out;
    *beside* holds more columns of the others, by line. Return also how many were stored.
    """
    partitions = list(zip(*scattered, strict=True))
    left_out = None if without is None else put_piece(run_id, without.alias("line").to_frame())
    more = None if beside is None else put_piece(run_id, beside)
    due = [
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
    gathered = list(on_workers(gather, due, len(due)))
    stored = save_partitions(run_id, name, [artifact for artifact, _ in gathered], by=by)
    return stored, sum(rows for _, rows in gathered)


def gather(due: ScatteredPartition) -> tuple[Artifact, int]:
    """Put one partition together, store it, and count its rows."""
    rows = pl.concat([scan_piece(piece) for piece in due.pieces])
    if due.without and due.without.rows:
        lines = scan_piece(due.without).collect()["line"]
        rows = rows.filter(~pl.col("line").is_in(lines.implode()))
    if due.beside:
        rows = rows.join(scan_piece(due.beside), on="line", how="left", maintain_order="left")
    stored = store_partition(due.run_id, due.name, due.number, due.partitions, rows)
    return stored, scan_frame(stored).select(pl.len()).collect().item()
