"""Pieces of a run: rows on their way from one of its tasks to another.

They are no evidence, lie under ``pieces/<run>/`` where they lie in the bucket, and are gone when the step that made
them ends. Tasks at workers may outlive their step, so what they left is dropped again when the run ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from infra.context import systems
from infra.pieces import Piece, PiecesInBucket

__all__ = [
    "Piece",
    "drop_pieces",
    "drop_stored_pieces",
    "load_piece",
    "load_pieces",
    "pass_piece",
    "passing_pieces",
    "put_piece",
    "scan_piece",
]


@contextmanager
def passing_pieces(run_id: str) -> Iterator[None]:
    """Let the tasks of a step pass pieces to each other; afterwards there are none."""
    try:
        yield
    finally:
        drop_pieces(run_id)


def drop_pieces(run_id: str) -> None:
    """Drop what the tasks of a run left, also those that outlived their step."""
    systems().pieces().drop(_place_of(run_id))


def drop_stored_pieces(run_id: str) -> None:
    """Drop what a run left in the bucket that was killed, whoever asks and whether that has workers or not."""
    PiecesInBucket(systems().storage()).drop(_place_of(run_id))


def put_piece(run_id: str, rows: pl.DataFrame) -> Piece:
    """Leave *rows* for other tasks."""
    return systems().pieces().put(_place_of(run_id), rows, passing=False)


def pass_piece(run_id: str, rows: pl.DataFrame) -> Piece:
    """Leave *rows* for one other task, which fetches them once."""
    return systems().pieces().put(_place_of(run_id), rows, passing=True)


def scan_piece(piece: Piece) -> pl.LazyFrame:
    """Return the rows of a piece, to be read a column or a few rows at a time."""
    return systems().pieces().scan(piece)


def load_piece(piece: Piece) -> pl.DataFrame:
    """Return the rows of a piece."""
    return scan_piece(piece).collect()


def load_pieces(pieces: Sequence[Piece]) -> pl.DataFrame:
    """Return the rows of several pieces, one after the other."""
    return pl.concat([load_piece(piece) for piece in pieces])


def _place_of(run_id: str) -> str:
    return f"pieces/{run_id}/"
